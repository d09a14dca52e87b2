//! Durable runs of five trivial steps, as other crates and servers have them, one cell at a time.
//!
//! The program `durable` of the folder above builds this one, starts it for each cell, and has it make
//! and drop the databases.

mod apalis_sqlite;
mod dbos_postgres;
mod duroxide_sqlite;
mod postgres;
mod restate_server;
mod underway_postgres;

use enact_peers_cell::{Cell, Outcome, tell};

fn main() -> Outcome<()> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    if let [verb, url, name] = args.as_slice() {
        let runtime = tokio::runtime::Runtime::new()?;
        return runtime.block_on(async {
            match verb.as_str() {
                "make" => postgres::make(url, name).await,
                "drop" => postgres::drop(url, name).await,
                _ => Err(format!("make or drop a database, not {verb}").into()),
            }
        });
    }
    let cell = Cell::parse(&args)?.ok_or("give a cell, or a database to make or to drop")?;
    match cell.peer.as_str() {
        "apalis" => tell(&cell, apalis_sqlite::measure(&cell)),
        "dbos" => tell(&cell, dbos_postgres::measure(&cell)),
        "duroxide" => tell(&cell, duroxide_sqlite::as_it_comes(&cell)),
        "duroxide-quick" => tell(&cell, duroxide_sqlite::quick(&cell)),
        "restate" => tell(&cell, restate_server::as_it_comes(&cell)),
        "restate-two" => tell(&cell, restate_server::two_partitions(&cell)),
        "underway" => tell(&cell, underway_postgres::measure(&cell)),
        other => Err(format!("there is no peer {other}").into()),
    }
}
