//! Five trivial steps in memory: by hand, as a workflow of Enact, and as what other crates make of
//! them, side by side in one run.
//!
//! Every peer adds one five times to a number that it is given, and hands each sum on to the next
//! step in the way that its crate has for it. Run it with
//! `cargo run --release --manifest-path benches/peers/Cargo.toml`.

mod by_hand;
mod dagrs_graph;
mod graph_flow_session;
mod measure;
mod ours;
mod sayiir_runner;

use tokio::runtime::Builder;

use crate::measure::{Peer, compare};

fn main() -> std::io::Result<()> {
    let runtime = Builder::new_current_thread().enable_time().build()?;
    let ours = ours::Five::default();
    let chain = by_hand::chain();
    let flow = graph_flow_session::Flow::new();
    let runner = sayiir_runner::Runner::new();
    compare(
        &runtime,
        vec![
            Peer::new("Enact, a workflow", async || ours.run(1).await),
            Peer::new("async fns", async || by_hand::five(1).await),
            Peer::new("a Vec of boxed traits", async || {
                by_hand::follow(&chain, 1).await
            }),
            Peer::new("sayiir 1.0, InProcessRunner", async || runner.run(1).await),
            Peer::new("graph-flow 0.8, a session in memory", async || {
                flow.run(1).await
            }),
            Peer::new("dagrs 0.9, built and run", async || {
                dagrs_graph::run(1).await
            }),
            Peer::new("dagrs 0.9, only built", async || {
                dagrs_graph::build(1).map(|_| 6)
            }),
        ],
    );
    Ok(())
}
