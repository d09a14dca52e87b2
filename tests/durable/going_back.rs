//! Sagas that a crash interrupts at a known instant, and that are stopped when they go on: all that had begun is
//! undone, once.

use std::sync::atomic::Ordering;

use enact::prelude::*;
use enact::workflow::engine::Engine;

use crate::holding::{World, idle};
use crate::ledger::{Ledger, Make};
use crate::resuming::{Gate, Pass};
use crate::runs::Approved;

workflow! {
    /// A part of another: makes something, and waits at the gate.
    #[workflow(saga)]
    Part {} -> String {
        step made = Make { what: "part".to_owned() };
        step passed = Pass { so_far: made.clone() };
        passed
    }
}

workflow! {
    /// Has others inside.
    #[workflow(saga)]
    Whole {} -> String {
        step before = Make { what: "before".to_owned() };
        step part = Part {};
        format!("{before} {part}")
    }
}

/// Begins a run, and crashes once it is recorded that it is to be cancelled, before it has seen that.
fn cancelled<W: Workflow<Output = String> + 'static>(
    name: &str,
    workflow: W,
    lines: usize,
) -> World {
    let world = World::new(name);
    world.live(async |engine: &Engine| {
        drop(engine.start("a", workflow).await.unwrap());
        world.until(lines).await;
        engine.client().cancel("a").await.unwrap();
    });
    assert_eq!(world.undone(), Vec::<String>::new());
    world.open_gate();
    let failure = world.answer().unwrap_err();
    assert_eq!(failure.kind(), Kind::Cancelled);
    world
}

#[test]
fn a_workflow_inside_a_run_that_is_cancelled_by_now_is_undone() {
    let world = cancelled("cancelled-nested", Whole::new(), 3);
    assert_eq!(world.undone(), ["a/before", "a/part/made"]);
    assert_eq!(world.lines().len(), 5, "{:?}", world.lines());
}

/// Has its effect at once, and answers once the gate is open.
#[derive(Debug, Action)]
#[action(undo)]
struct Slow;

impl Run for Slow {
    type Output = String;

    async fn run(&self, cx: &Context) -> Result<String, Failure> {
        cx.resource::<Ledger>()?.write("begun")?;
        at_the_gate(cx).await?;
        Ok("slow".to_owned())
    }
}

impl Undo for Slow {
    async fn undo(&self, output: Option<&String>, cx: &Context) -> Result<(), Failure> {
        let line = format!("undone with {output:?}");
        cx.resource::<Ledger>()?.write(&line)
    }
}

async fn at_the_gate(cx: &Context) -> Result<(), Failure> {
    if cx.resource::<Gate>()?.0.load(Ordering::Acquire) {
        return Ok(());
    }
    std::future::pending().await
}

workflow! {
    /// Is slow.
    #[workflow(saga)]
    Waits {} -> String {
        step slow = Slow {};
        slow
    }
}

#[test]
fn a_step_that_a_crash_interrupted_in_a_run_that_is_cancelled_by_now_is_undone_with_no_output() {
    let world = cancelled("cancelled-step", Waits::new(), 1);
    assert_eq!(world.lines(), ["begun", "undone with None"]);
}

/// Makes an item, and undoes it once the gate is open.
#[derive(Debug, Action)]
#[action(undo)]
struct Thing {
    /// Which.
    n: u32,
}

impl Run for Thing {
    type Output = u32;

    async fn run(&self, cx: &Context) -> Result<u32, Failure> {
        cx.resource::<Ledger>()?.write(&format!("{}", self.n))?;
        Ok(self.n)
    }
}

impl Undo for Thing {
    async fn undo(&self, _output: Option<&u32>, cx: &Context) -> Result<(), Failure> {
        let ledger = cx.resource::<Ledger>()?;
        ledger.write("goes back")?;
        at_the_gate(cx).await?;
        ledger.write(&format!("{}/undo", self.n))
    }
}

/// Answers for the first item; fails for the second once all are made; never answers for others.
#[derive(Debug, Action)]
#[action(effect = read)]
struct Sight {
    /// Which.
    n: u32,
    /// Where it is told what is made.
    ledger: String,
}

impl Run for Sight {
    type Output = String;

    async fn run(&self, _cx: &Context) -> Result<String, Failure> {
        match self.n {
            0 => return Ok(String::new()),
            1 => {
                while Ledger::lines(self.ledger.as_ref()).len() < 3 {
                    idle().await;
                }
            }
            _ => std::future::pending().await,
        }
        Err(Failure::terminal(
            "sight.none",
            "there is nothing to be seen",
        ))
    }
}

workflow! {
    /// Makes items, two at a time.
    #[workflow(saga)]
    Behind { ledger: String } -> String {
        parallel items = for n in 0..3_u32, max = 2 {
            step made = Thing { n };
            step seen = Sight { n: made, ledger };
            seen
        };
        items.concat()
    }
}

#[test]
fn an_item_that_comes_behind_one_whose_failure_is_recorded_is_undone() {
    let world = World::new("behind-a-failure");
    let ledger = world.ledger().to_str().unwrap().to_owned();
    // All three are made, and all three are about to be undone.
    world.crash_after(Behind::new(ledger), 6);
    assert_eq!(world.undone(), Vec::<String>::new());
    world.open_gate();
    assert_eq!(world.answer().unwrap_err().code(), "sight.none");
    assert_eq!(world.undone(), ["0", "1", "2"]);
}

/// Fails once something is made.
#[derive(Debug, Action)]
#[action(effect = read)]
struct Fails {
    /// Where it is told what is made.
    ledger: String,
}

impl Run for Fails {
    type Output = ();

    async fn run(&self, _cx: &Context) -> Result<(), Failure> {
        while Ledger::lines(self.ledger.as_ref()).is_empty() {
            idle().await;
        }
        Err(Failure::terminal("fails.now", "it fails"))
    }
}

workflow! {
    /// Makes something once it is told to, behind an arm that fails then.
    #[workflow(saga)]
    Told { ledger: String } -> () {
        parallel {
            step _fails = Fails { ledger };
            _made = {
                wait approval = Approved;
                branch _by = if approval.by == "ada" {
                    step made = Thing { n: 7 };
                    made
                } else {
                    0
                };
                ()
            };
        }
        ()
    }
}

#[test]
fn what_was_made_after_a_wait_behind_an_arm_whose_failure_is_recorded_is_undone() {
    let world = World::new("behind-a-wait");
    let ledger = world.ledger().to_str().unwrap().to_owned();
    world.live(async |engine: &Engine| {
        drop(engine.start("a", Told::new(ledger)).await.unwrap());
        let by = "ada".to_owned();
        engine.signal("a", &Approved { by }, None).await.unwrap();
        // It is made, and about to be undone.
        world.until(2).await;
    });
    assert_eq!(world.undone(), Vec::<String>::new());
    world.open_gate();
    let failure = world
        .live(async |engine: &Engine| engine.run("a").await.unwrap().answer().await.unwrap_err());
    assert_eq!(failure.code(), "fails.now");
    assert_eq!(world.undone(), ["7"]);
}
