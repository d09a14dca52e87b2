//! Encrypted connections, against the server that is there where it encrypts; and what is told without them.

use super::*;

/// An address of that server with that `sslmode`, under a name that it is to prove.
fn url(place: &Place, name: &str, mode: &str) -> String {
    let (head, at) = place.url.rsplit_once('@').unwrap();
    let (host, database) = at.split_once('/').unwrap();
    let (host, port) = host.split_once(':').unwrap_or((host, "5432"));
    let database = database.split_once('?').map_or(database, |(name, _)| name);
    let addresses = std::net::ToSocketAddrs::to_socket_addrs(&format!("{host}:{port}"));
    let address = addresses.unwrap().next().unwrap().ip();
    format!("{head}@{name}:{port}/{database}?sslmode={mode}&hostaddr={address}")
}

#[cfg(not(feature = "postgres-tls"))]
#[test]
fn an_address_that_insists_on_encryption_is_refused_with_the_feature_to_enable() {
    let Some(place) = Place::new("no_tls") else {
        return;
    };
    for mode in ["disable", "prefer"] {
        Postgres::open(&url(&place, "localhost", mode), &place.options).unwrap();
    }
    let insists = url(&place, "localhost", "require");
    let errors = [
        Postgres::open(&insists, &place.options).unwrap_err(),
        Beside::open(&insists, &place.options).unwrap_err(),
    ];
    for error in errors {
        assert!(cause(&error).contains("enable the feature `postgres-tls`"));
    }
}

#[cfg(feature = "postgres-tls")]
mod with_it {
    use std::path::PathBuf;

    use rustls::pki_types::CertificateDer;
    use rustls::pki_types::pem::PemObject as _;

    use super::*;

    /// An authority that has nothing to do with it; one that is trusted does not run out.
    const SOMEBODY: &str = "\
-----BEGIN CERTIFICATE-----\n\
MIIBhDCCASugAwIBAgIUX3IAUerHUqzhYCGZBSIuJQfjWA8wCgYIKoZIzj0EAwIw\n\
GDEWMBQGA1UEAwwNc29tZWJvZHkudGVzdDAeFw0yNjExMjEwNjM0MTNaFw0yNjEx\n\
MjIwNjM0MTNaMBgxFjAUBgNVBAMMDXNvbWVib2R5LnRlc3QwWTATBgcqhkjOPQIB\n\
BggqhkjOPQMBBwNCAARLvA+wbtg/DkavkmKu4NXgL6VpGDhy73ZFruItLj2s8WQO\n\
QdT54EHjBv6EQXjWUxejj+LYp9QjvJT+vDaGWzTDo1MwUTAdBgNVHQ4EFgQUX0+Y\n\
8e+CuGe7/qwXJAYLaLHh9q0wHwYDVR0jBBgwFoAUX0+Y8e+CuGe7/qwXJAYLaLHh\n\
9q0wDwYDVR0TAQH/BAUwAwEB/zAKBggqhkjOPQQDAgNHADBEAiA1lQ9u9MiOaRQo\n\
QUEXeqDzLA5H1ZY0AEf/P8JAKR1+dwIgYQr/YsmBbx/NYhN3ouhXen2ySiZs5WPy\n\
Z1QKFrulTlQ=\n\
-----END CERTIFICATE-----\n";

    /// The server's certificate, where it encrypts: it is its own authority, as on a machine of one's own.
    fn certificate(place: &Place) -> Option<PathBuf> {
        let on = place.sql("SHOW ssl").unwrap();
        if on.as_deref() != Some("on") {
            println!("skipped: the server at {} has `ssl` off", place.url);
            return None;
        }
        let read = place.sql("SELECT pg_read_file(current_setting('ssl_cert_file'))");
        let Some(pem) = read.ok().flatten().filter(|pem| names_localhost(pem)) else {
            println!(
                "skipped: the server's certificate is not there to read, or not for `localhost`"
            );
            return None;
        };
        let name = format!("{}.pem", place.options.schema);
        let file = std::env::temp_dir().join(name);
        std::fs::write(&file, pem).unwrap();
        Some(file)
    }

    fn names_localhost(pem: &str) -> bool {
        let certificate = CertificateDer::from_pem_slice(pem.as_bytes()).unwrap();
        certificate.windows(9).any(|part| part == b"localhost")
    }

    fn is_encrypted(store: &mut Postgres) -> bool {
        let read = store.persist(&async |to| {
            let sql = "SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()";
            Ok(to.query(sql, &[]).await?[0].try_get(0)?)
        });
        read.unwrap()
    }

    /// All that an error has to say.
    fn chain(error: &StoreError) -> String {
        let mut next = error.source();
        let mut text = String::new();
        while let Some(error) = next {
            text = format!("{text}: {error}");
            next = error.source();
        }
        text
    }

    #[test]
    fn a_connection_is_encrypted_as_the_address_says() {
        let Some(place) = Place::new("tls") else {
            return;
        };
        let Some(file) = certificate(&place) else {
            return;
        };
        let trusting = place.options.clone().trust(&file);
        let open = |mode: &str| Postgres::open(&url(&place, "localhost", mode), &trusting);
        for (mode, encrypted) in [("disable", false), ("prefer", true), ("require", true)] {
            match open(mode) {
                Ok(mut store) => assert_eq!(is_encrypted(&mut store), encrypted, "{mode}"),
                Err(error) => panic!("{mode}{}", chain(&error)),
            }
        }
        // Whom it is not trusted for: whoever does not insist takes it all the same.
        let stranger = |name: &str, mode: &str, options: &Options| {
            Postgres::open(&url(&place, name, mode), options)
        };
        let mut store = stranger("elsewhere.test", "prefer", &place.options).unwrap();
        assert!(is_encrypted(&mut store));
        let error = stranger("elsewhere.test", "require", &trusting).unwrap_err();
        assert!(
            chain(&error).contains("not valid for name"),
            "{}",
            chain(&error)
        );
        std::fs::write(&file, SOMEBODY).unwrap();
        let error = stranger("localhost", "require", &trusting).unwrap_err();
        assert!(chain(&error).contains("UnknownIssuer"), "{}", chain(&error));
        std::fs::write(&file, "no certificate").unwrap();
        let error = stranger("localhost", "require", &trusting).unwrap_err();
        assert!(cause(&error).contains("no certificates to trust"));
        std::fs::remove_file(&file).unwrap();
    }

    #[test]
    fn an_address_without_a_name_is_reached_plainly_unless_it_insists() {
        let Some(place) = Place::new("nameless") else {
            return;
        };
        let named = url(&place, "localhost", "prefer");
        let nameless = named.replace("@localhost:", "@:");
        let mut store = Postgres::open(&nameless, &place.options).unwrap();
        assert!(!is_encrypted(&mut store));
    }
}
