//! Databases of `PostgreSQL`, one for each cell.

use enact_peers_cell::{Outcome, Server};
use sqlx::{Connection, Executor, PgConnection};

/// Makes a database anew; one that an earlier cell has left is dropped.
pub(crate) async fn make(url: &str, name: &str) -> Outcome<()> {
    drop(url, name).await?;
    let mut server = PgConnection::connect(url).await?;
    server
        .execute(format!("CREATE DATABASE {name}").as_str())
        .await?;
    Ok(server.close().await?)
}

/// Drops a database, whoever is connected to it.
pub(crate) async fn drop(url: &str, name: &str) -> Outcome<()> {
    let mut server = PgConnection::connect(url).await?;
    let sql = format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)");
    server.execute(sql.as_str()).await?;
    Ok(server.close().await?)
}

/// The server behind an address, whose time counts.
///
/// # Errors
/// Where it does not flush each commit, so that nothing on it could be durable.
pub(crate) async fn server(url: &str) -> Outcome<Server> {
    let mut connection = PgConnection::connect(url).await?;
    for setting in ["fsync", "synchronous_commit"] {
        let sql = format!("SHOW {setting}");
        let is: String = sqlx::query_scalar(&sql).fetch_one(&mut connection).await?;
        if is != "on" {
            return Err(format!("the server has {setting} = {is}").into());
        }
    }
    let sql = "SELECT current_database()::text";
    let name = sqlx::query_scalar(sql).fetch_one(&mut connection).await?;
    connection.close().await?;
    Ok(Server::Postgres(name))
}
