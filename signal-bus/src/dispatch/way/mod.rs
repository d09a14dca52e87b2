//! The way to a broker: where it is, whether what goes there is encrypted, and who may prove to be there.

#[cfg(feature = "tls")]
mod encrypted;

use std::error::Error;

use url::Url;

#[cfg(feature = "tls")]
use self::encrypted::Distrust;
#[cfg(all(feature = "tls", any(feature = "amqp", feature = "redis")))]
pub(super) use self::encrypted::Encrypting;
#[cfg(all(feature = "tls", feature = "amqp"))]
pub(super) use self::encrypted::Stream;
#[cfg(feature = "tls")]
pub(super) use self::encrypted::client;
use super::here::is_here;
use super::{DispatchError, Kind};

/// What is said of a way beside its address.
#[derive(Clone, Default)]
pub(super) struct Way {
    /// Whether a password may go far in plain text.
    pub(super) plain_password: bool,
    #[cfg(feature = "tls")]
    pub(super) trust: Option<std::path::PathBuf>,
    #[cfg(feature = "tls")]
    pub(super) tls: Option<std::sync::Arc<rustls::ClientConfig>>,
}

/// The schemes of a protocol's addresses.
pub(super) struct Protocol {
    pub(super) name: &'static str,
    pub(super) plain: &'static [&'static str],
    pub(super) encrypted: &'static [&'static str],
}

impl Protocol {
    /// Reads an address, and whether it asks for encryption; refuses one on which something can't be kept.
    pub(super) fn read(
        &self,
        target: &str,
        address: &str,
        way: &Way,
        has_password: impl FnOnce(&Url) -> bool,
    ) -> Result<(Url, bool), DispatchError> {
        let can_encrypt = cfg!(feature = "tls");
        let refused = |what| DispatchError::new(Kind::Misconfigured, target, what);
        let read = self.judge(address, way, can_encrypt, has_password);
        read.map_err(refused)
    }

    /// The address, or what is wrong with it.
    fn judge(
        &self,
        address: &str,
        way: &Way,
        can_encrypt: bool,
        has_password: impl FnOnce(&Url) -> bool,
    ) -> Result<(Url, bool), String> {
        let wrong = |why: &str| format!("its address is no URL of {} ({why})", self.name);
        let url = Url::parse(address).map_err(|error| wrong(&error.to_string()))?;
        let scheme = url.scheme();
        let encrypted = self.encrypted.contains(&scheme);
        if !encrypted && !self.plain.contains(&scheme) {
            return Err(wrong("its scheme is another one"));
        }
        let Some(host) = url.host_str().filter(|host| !host.is_empty()) else {
            return Err(wrong("it names no host"));
        };
        if encrypted && !can_encrypt {
            let what =
                "asks for an encrypted connection; enable the feature `dispatch-tls` of `enact`";
            return Err(format!("`{scheme}` {what}"));
        }
        let host = host.trim_start_matches('[').trim_end_matches(']');
        if !encrypted && !way.plain_password && !is_here(host) && has_password(&url) {
            let what = format!(
                "its password would go to {host:?} in plain text; write `{}`, or allow that with `plain_password`",
                self.encrypted.first().unwrap_or(&"")
            );
            return Err(what);
        }
        Ok((url, encrypted))
    }
}

/// What to say of a broker to which there is no way.
pub(super) fn blocked(error: &(dyn Error + 'static)) -> &'static str {
    #[cfg(feature = "tls")]
    match encrypted::distrust(error) {
        Some(Distrust::Ours) => {
            return "the broker's certificate proves nothing to us; name its authority with `trust`";
        }
        Some(Distrust::Theirs) => {
            return "the broker asks for a certificate of whoever comes; give one that it trusts with `tls`";
        }
        None => {}
    }
    let _ = error;
    "there is no way to the broker; retry"
}

/// What every adapter lets be said of the way.
macro_rules! way {
    ($adapter:ident) => {
        impl $adapter {
            /// Lets a password go to a broker elsewhere in plain text, where the network in between is trusted. Without
            /// this such an address is refused.
            #[must_use]
            pub fn plain_password(mut self) -> Self {
                self.way.plain_password = true;
                self
            }

            /// A file of certificates in PEM whose owners alone may prove who the broker is, instead of those whom the
            /// platform trusts: an authority of your own, or of whoever hosts the broker. It is read at each connection.
            #[cfg(feature = "tls")]
            #[must_use]
            pub fn trust(mut self, file: impl Into<std::path::PathBuf>) -> Self {
                self.way.trust = Some(file.into());
                self
            }

            /// What encrypts, instead of what [`trust`](Self::trust) and the platform say: with a certificate of one's
            /// own, for brokers that ask for it.
            #[cfg(feature = "tls")]
            #[must_use]
            pub fn tls(mut self, tls: rustls::ClientConfig) -> Self {
                self.way.tls = Some(std::sync::Arc::new(tls));
                self
            }
        }
    };
}

pub(super) use way;

#[cfg(test)]
mod tests {
    use super::{Protocol, Way};

    const PROTOCOL: Protocol = Protocol {
        name: "TALK",
        plain: &["talk"],
        encrypted: &["talks"],
    };

    fn read(address: &str, plain_password: bool) -> Result<bool, String> {
        let way = Way {
            plain_password,
            ..Way::default()
        };
        let has_password = |url: &url::Url| url.password().is_some();
        let read = PROTOCOL.judge(address, &way, true, has_password);
        read.map(|(_, encrypted)| encrypted)
    }

    #[test]
    fn a_password_goes_in_plain_text_no_further_than_this_machine() {
        let here = [
            "talk://a:b@127.0.0.1",
            "talk://a:b@LOCALHOST",
            "talk://a:b@[::1]:7",
            "talk://there",
        ];
        for address in here {
            assert!(read(address, false).is_ok(), "{address}");
        }
        for address in [
            "talk://a:secret@there",
            "talk://:secret@10.0.0.1",
            "talk://a:secret@localhost.example",
        ] {
            let error = read(address, false).unwrap_err();
            assert!(
                error.contains("plain text") && error.contains("`talks`"),
                "{error}"
            );
            assert!(!error.contains("secret"), "{error}");
            assert!(read(address, true).is_ok(), "{address}");
        }
    }

    #[test]
    fn what_is_no_address_is_refused() {
        for address in ["", "there", "http://there", "talk:", "talk://", "talk:///x"] {
            let error = read(address, false).unwrap_err();
            assert!(error.contains("no URL of TALK"), "{address}: {error}");
        }
    }

    #[test]
    fn the_scheme_says_whether_it_is_encrypted() {
        assert_eq!(read("talks://a:b@there", false), Ok(true));
        assert_eq!(read("talk://there", false), Ok(false));
    }

    #[test]
    fn an_encrypted_address_without_the_feature_names_it() {
        let read = PROTOCOL.judge("talks://there", &Way::default(), false, |_| false);
        let error = read.unwrap_err();
        let named = error.contains("`talks`") && error.contains("`dispatch-tls`");
        assert!(named, "{error}");
    }
}
