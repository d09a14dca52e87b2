//! Runs whose engine is dropped and opened again, in one process.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use enact::prelude::*;
use enact::workflow::Signals;
use enact::workflow::engine::Engine;
use enact::workflow::plan::{PlanActions, RunPlan};
use serde_json::{Value, json};

use crate::ledger::{Ledger, folder};
use crate::runs::{Approved, Wait, reopened};

#[tokio::test]
async fn a_run_that_waits_goes_on_in_the_next_engine_and_repeats_nothing() {
    let folder = folder("resume");
    let ledger = folder.join("ledger");
    let builder = Context::builder().resource(Ledger::open(&ledger));
    let cx = builder.resource(Signals::new()).build();
    // A runtime of its own, which ends with all its tasks as a process does.
    let first = {
        let (folder, cx, ledger) = (folder.clone(), cx.clone(), ledger.clone());
        std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build();
            runtime.unwrap().block_on(async {
                let engine = reopened(&folder, &cx).await;
                let run = engine.start("a", Wait::new("1042")).await.unwrap();
                while Ledger::lines(&ledger).is_empty() {
                    tokio::task::yield_now().await;
                }
                let signal = Approved {
                    by: "ada".to_owned(),
                };
                engine
                    .signal("a", &signal, Some("1".to_owned()))
                    .await
                    .unwrap();
                drop(run);
            });
        })
    };
    first.join().unwrap();
    let engine = reopened(&folder, &cx).await;
    let signal = Approved {
        by: "bob".to_owned(),
    };
    engine
        .signal("a", &signal, Some("1042".to_owned()))
        .await
        .unwrap();
    let answer = engine.run("a").await.unwrap().answer().await.unwrap();
    assert_eq!(answer, "made early for bob");
    let lines = Ledger::lines(&ledger);
    assert!(
        lines.len() <= 2 && lines.iter().all(|line| line == "a/made"),
        "{lines:?}"
    );
}

/// Whether whoever comes by may pass.
#[derive(Debug, Clone, Default)]
pub(crate) struct Gate(pub(crate) Arc<AtomicBool>);

/// Waits at the gate.
#[derive(Debug, Action)]
#[action(effect = read)]
pub(crate) struct Pass {
    /// What has been by then.
    pub(crate) so_far: String,
}

impl Run for Pass {
    type Output = String;

    async fn run(&self, cx: &Context) -> Result<String, Failure> {
        cx.resource::<Ledger>()?.write("at the gate")?;
        if cx.resource::<Gate>()?.0.load(Ordering::Acquire) {
            return Ok(self.so_far.clone());
        }
        std::future::pending().await
    }
}

/// A world with a gate, and the names of what runs of plans may do.
pub(crate) fn gated(folder: &Path, gate: &Gate) -> Context {
    let allowed = Registry::global().allow(["make"]).unwrap();
    Context::builder()
        .resource(Ledger::open(&folder.join("ledger")))
        .resource(Signals::new())
        .resource(gate.clone())
        .resource(PlanActions(allowed))
        .build()
}

/// Starts a run in a process-like runtime that ends when the run is at the gate and `then` is done.
fn until_the_gate<W, T>(folder: &Path, workflow: W, then: T)
where
    W: Workflow<Output = String> + 'static,
    T: AsyncFnOnce(&Engine) + Send,
{
    let ledger = folder.join("ledger");
    std::thread::scope(|threads| {
        threads.spawn(|| {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build();
            runtime.unwrap().block_on(async {
                let engine = reopened(folder, &gated(folder, &Gate::default())).await;
                drop(engine.start("a", workflow).await.unwrap());
                while !Ledger::lines(&ledger).contains(&"at the gate".to_owned()) {
                    tokio::task::yield_now().await;
                }
                then(&engine).await;
            });
        });
    });
}

/// What the run answers in the next engine, where the gate is open.
async fn answer_of_the_next(folder: &Path) -> String {
    let gate = Gate::default();
    gate.0.store(true, Ordering::Release);
    let engine = reopened(folder, &gated(folder, &gate)).await;
    let answer = engine.run("a").await.unwrap().answer().await.unwrap();
    answer.as_str().unwrap().to_owned()
}

workflow! {
    /// Waits in vain, and goes on.
    InVain {} -> String {
        parallel collect {
            early = { wait approval = Approved where by == "late", timeout "1ms"; approval.by };
            step beside = crate::ledger::Look { at: 1 };
        }
        let told = match early { Ok(by) => by.clone(), Err(failure) => failure.code().to_owned() };
        step passed = Pass { so_far: format!("{told} {}", beside.is_ok()) };
        passed
    }
}

#[tokio::test]
async fn a_wait_that_ran_out_of_time_is_not_waited_for_again() {
    let folder = folder("in-vain");
    until_the_gate(&folder, InVain::new(), async |engine: &Engine| {
        let late = Approved {
            by: "late".to_owned(),
        };
        engine.signal("a", &late, None).await.unwrap();
    });
    assert_eq!(answer_of_the_next(&folder).await, "timeout.wait true");
}

enact::workflow::run_plan!();

workflow! {
    /// Runs a plan, and goes on.
    Planned {} -> String {
        step ran = RunPlan { plan: plan(), inputs: BTreeMap::new() };
        step passed = Pass { so_far: ran.to_string() };
        passed
    }
}

fn plan() -> Value {
    json!({
        "enact": 1,
        "name": "makes",
        "steps": [{ "step": "one", "action": "make", "params": { "what": "one" } }],
        "answer": { "ref": "/steps/one" },
    })
}

#[tokio::test]
async fn what_a_plan_inside_has_done_is_not_done_again() {
    let folder = folder("planned");
    until_the_gate(&folder, Planned::new(), async |_: &Engine| {});
    assert_eq!(answer_of_the_next(&folder).await, "\"made one\"");
    let lines = Ledger::lines(&folder.join("ledger"));
    assert_eq!(lines, ["a/ran/one", "at the gate", "at the gate"]);
}
