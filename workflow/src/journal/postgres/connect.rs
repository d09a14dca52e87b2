//! Setting a connection up, and making sure of what it leads to.

use tokio::runtime::Handle;
use tokio_postgres::{Client, Config, NoTls};

use super::link::Session;
use super::{LAYOUT, Options, Problem};

/// `owner` is the worker that has the run, `taken` the number of the transaction in which it took it up;
/// bodies are in the first of their two columns where they are text.
const TABLES: &str = "
    CREATE TABLE about (version INT NOT NULL, numbers BIGINT NOT NULL);
    CREATE TABLE workers (
        worker BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        until TIMESTAMPTZ NOT NULL, batch BIGINT NOT NULL, refused BIGINT[] NOT NULL
    ) WITH (fillfactor = 20);
    CREATE TABLE runs (
        run BIGINT PRIMARY KEY, id TEXT COLLATE \"C\" NOT NULL UNIQUE, workflow TEXT NOT NULL,
        version BIGINT NOT NULL, graph BIGINT NOT NULL, input TEXT, input_packed BYTEA,
        started BIGINT NOT NULL, sum BIGINT NOT NULL, status SMALLINT NOT NULL,
        owner BIGINT, taken BIGINT, wake BIGINT NOT NULL,
        body TEXT, body_packed BYTEA, ended BIGINT, end_sum BIGINT
    );
    CREATE INDEX open_runs ON runs (owner, graph, wake) WHERE status = 0;
    CREATE INDEX ended_runs ON runs (ended) WHERE status > 0;
    CREATE TABLE journal (
        run BIGINT NOT NULL, seq BIGINT GENERATED ALWAYS AS IDENTITY, path TEXT NOT NULL,
        at BIGINT NOT NULL, body TEXT, body_packed BYTEA, sum BIGINT NOT NULL,
        PRIMARY KEY (run, seq)
    );
    CREATE TABLE mail (
        seq BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY, run BIGINT NOT NULL,
        body TEXT, body_packed BYTEA
    );
    CREATE INDEX runs_mail ON mail (run);
    CREATE TABLE graphs (graph BIGINT PRIMARY KEY, body TEXT, body_packed BYTEA);
    CREATE TABLE notes (name TEXT COLLATE \"C\" PRIMARY KEY, body TEXT, body_packed BYTEA);";

/// Held by whoever makes tables: `enct`.
const MAKING: i64 = 0x656e_6374;

pub(super) async fn connect(
    config: &Config,
    options: &Options,
    make_it: bool,
) -> Result<Session, Problem> {
    let schema = &*options.schema;
    if !is_name(schema) {
        return Err(Problem::Schema(schema.to_owned()));
    }
    let client = reach(config, options).await?;
    let idle = options.most_idle().as_millis();
    let set = format!(
        "SET search_path TO \"{schema}\"; SET synchronous_commit TO on; \
         SET default_transaction_isolation TO 'read committed'; \
         SET idle_in_transaction_session_timeout TO {idle};"
    );
    client.batch_execute(&set).await?;
    for (setting, wanted) in [
        ("fsync", "on"),
        ("synchronous_commit", "on"),
        ("server_encoding", "UTF8"),
    ] {
        let sql = "SELECT current_setting($1)";
        let found: String = client.query_one(sql, &[&setting]).await?.get(0);
        is_safe(setting, found, wanted)?;
    }
    if make_it && version(&client, schema).await?.is_none() {
        make(&client, schema).await?;
    }
    match version(&client, schema).await? {
        Some(found) if i64::from(found) == i64::from(LAYOUT) => Ok(Session::new(client)),
        Some(found) => Err(Problem::Version(found)),
        None => Err(Problem::Absent(schema.to_owned())),
    }
}

/// Connects, encrypted where the address asks for that; how the connection ends is told to whoever asks next.
#[cfg_attr(
    not(feature = "postgres-tls"),
    expect(unused_variables, reason = "whom to trust is an option")
)]
async fn reach(config: &Config, options: &Options) -> Result<Client, Problem> {
    #[cfg(feature = "postgres-tls")]
    if let Some(encrypted) = super::encrypted::encrypted(config, options)? {
        let (client, connection) = config.connect(encrypted).await?;
        drop(Handle::current().spawn(connection));
        return Ok(client);
    }
    let (client, connection) = config.connect(NoTls).await?;
    drop(Handle::current().spawn(connection));
    Ok(client)
}

/// Whether it is a name that needs nothing but quotes around it.
fn is_name(schema: &str) -> bool {
    let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    (1..=63).contains(&schema.len()) && schema.chars().all(fits)
}

/// Whether what is committed under that setting stays.
pub(super) fn is_safe(
    setting: &'static str,
    found: String,
    wanted: &'static str,
) -> Result<(), Problem> {
    if found == wanted {
        return Ok(());
    }
    Err(Problem::Setting(setting, found, wanted))
}

/// The version of the journal, where there is one.
async fn version(client: &Client, schema: &str) -> Result<Option<i32>, Problem> {
    let sql = "SELECT count(*), count(*) FILTER (WHERE relname = 'about') FROM pg_class \
               JOIN pg_namespace ON pg_namespace.oid = relnamespace WHERE nspname = $1";
    let row = client.query_one(sql, &[&schema]).await?;
    match row
        .try_get(0)
        .and_then(|all: i64| Ok((all, row.try_get(1)?)))?
    {
        (0, _) => Ok(None),
        (_, 0_i64) => Err(Problem::Foreign(schema.to_owned())),
        _ => {
            let row = client.query_one("SELECT version FROM about", &[]).await?;
            Ok(Some(row.try_get(0)?))
        }
    }
}

/// Makes the tables, unless somebody has by now.
async fn make(client: &Client, schema: &str) -> Result<(), Problem> {
    client
        .batch_execute(&format!("BEGIN; SELECT pg_advisory_xact_lock({MAKING});"))
        .await?;
    let sql = "SELECT count(*) FROM pg_namespace WHERE nspname = $1";
    let there: i64 = client.query_one(sql, &[&schema]).await?.try_get(0)?;
    if there == 0 {
        client
            .batch_execute(&format!("CREATE SCHEMA \"{schema}\""))
            .await?;
    }
    if version(client, schema).await?.is_none() {
        let known = format!("INSERT INTO about VALUES ({LAYOUT}, 0);");
        client.batch_execute(&format!("{TABLES} {known}")).await?;
    }
    client.batch_execute("COMMIT").await?;
    Ok(())
}

/// Makes tables of the program's own, which are where its role looks for them.
pub(super) async fn tables(to: &mut Session, sql: &str) -> Result<(), Problem> {
    let begin =
        format!("BEGIN; SELECT pg_advisory_xact_lock({MAKING}); SET LOCAL search_path TO DEFAULT;");
    to.execute(&begin).await?;
    to.execute(sql).await?;
    to.execute("COMMIT").await
}
