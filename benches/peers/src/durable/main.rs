//! Durable runs of five trivial writes: of Enact, of what other crates and servers make of them, and
//! as bare commits, side by side in one run.
//!
//! Run it with `cargo run --release --manifest-path benches/peers/Cargo.toml --bin durable`; the
//! README beside its manifest says what it needs, what can be set, and how to read the table.

mod floor;
mod options;
mod ours;
mod program;
mod rows;
mod table;

use enact_peers_cell::{Cell, Outcome, tell};

use crate::options::Options;
use crate::program::Others;
use crate::rows::{Program, Row};
use crate::table::Table;

fn main() -> Outcome<()> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    if let Some(cell) = Cell::parse(&args)? {
        return match cell.peer.as_str() {
            "enact-sqlite" => tell(&cell, ours::sqlite(&cell)),
            "enact-postgres" => tell(&cell, ours::postgres(&cell)),
            "floor-commits" => tell(&cell, floor::commits(&cell)),
            "floor-groups" => tell(&cell, floor::groups(&cell)),
            other => Err(format!("there is no peer {other}").into()),
        };
    }
    fill(&Options::parse(&args)?)
}

/// Measures every row at every number in flight, round by round, and prints the table.
fn fill(options: &Options) -> Outcome<()> {
    let others = Others::build(options)?;
    let rows: Vec<&Row> = rows::ROWS
        .iter()
        .filter(|row| options.asks_for(row.peer))
        .collect();
    let mut table = Table::default();
    for round in 0..options.rounds {
        for flight in &options.flights {
            // Each round begins with another peer, so that none always comes after the same one.
            for at in 0..rows.len() {
                let row = rows[(at + round) % rows.len()];
                let measured = match (&row.program, &others) {
                    (Program::Others, None) => Err("the other peers did not build".into()),
                    _ => program::measure(row, *flight, options, others.as_ref()),
                };
                match &measured {
                    Ok(told) => eprintln!(
                        "round {round}, {flight} in flight, {}: {:.0} runs/s",
                        row.name, told.rate
                    ),
                    Err(error) => {
                        eprintln!("round {round}, {flight} in flight, {}: {error}", row.name)
                    }
                }
                table.add(row, *flight, round, measured);
            }
        }
        // After each round, so that one that is stopped has not been for nothing.
        println!(
            "\nAfter {} rounds\n{}",
            round + 1,
            table.text(&rows, &options.flights)
        );
    }
    Ok(())
}
