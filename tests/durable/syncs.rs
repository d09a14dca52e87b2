//! How many syncs a run costs.

use std::time::Duration;

use enact::prelude::*;
use enact::workflow::engine::{Engine, Figures};

use crate::ledger::Make;
use crate::runs::cx;

/// Looks something up that takes as long as a sync or two.
#[derive(Debug, Action)]
#[action(effect = read)]
struct Fetch {
    /// What for.
    at: u32,
}

impl Run for Fetch {
    type Output = u32;

    async fn run(&self, _cx: &Context) -> Result<u32, Failure> {
        tokio::time::sleep(Duration::from_millis(5)).await;
        Ok(self.at)
    }
}

workflow! {
    /// Looks five times.
    Reads {} -> u32 {
        step a = Fetch { at: 1 };
        step b = Fetch { at: a };
        step c = Fetch { at: b };
        step d = Fetch { at: c };
        step e = Fetch { at: d };
        e
    }
}

workflow! {
    /// Makes five things.
    Writes {} -> String {
        step a = Make { what: "a".to_owned() };
        step b = Make { what: a };
        step c = Make { what: b };
        step d = Make { what: c };
        step e = Make { what: d };
        e
    }
}

/// How many commits, each with its sync, and how many entries runs of a workflow cost one by one, each from
/// before its start to its answer; the cheapest of five.
async fn cost<W>(engine: &Engine, name: &str, workflow: impl Fn() -> W) -> (u64, u64)
where
    W: Workflow<Output: serde::de::DeserializeOwned>,
{
    let mut costs = Vec::new();
    for n in 0..5 {
        let before = engine.figures();
        let run = engine.start(&format!("{name}-{n}"), workflow()).await;
        run.unwrap().answer().await.unwrap();
        costs.push(between(&before, &engine.figures()));
    }
    // A machine that is busy may break a batch in two, and never makes one of two.
    costs.into_iter().min().unwrap()
}

fn between(before: &Figures, after: &Figures) -> (u64, u64) {
    let commits = after.commits - before.commits;
    (commits, after.entries - before.entries)
}

/// The start, five steps, the end.
const ENTRIES: u64 = 7;

#[tokio::test]
async fn five_reads_cost_one_sync_behind_the_start() {
    let (cx, folder) = cx("syncs-reads");
    let engine = Engine::open(folder.join("runs.db"), &cx).unwrap();
    let cost = cost(&engine, "reads", Reads::new).await;
    assert_eq!(cost, (1 + 1, ENTRIES));
}

#[tokio::test]
async fn five_writes_cost_a_sync_each_behind_the_start() {
    let (cx, folder) = cx("syncs-writes");
    let engine = Engine::open(folder.join("runs.db"), &cx).unwrap();
    // What a step came to is on disk before the next has its effect, and the last with the answer.
    let cost = cost(&engine, "writes", Writes::new).await;
    assert_eq!(cost, (1 + 5, ENTRIES));
}
