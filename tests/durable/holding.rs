//! Runs that the journal stops, or a crash at a known instant, and what the next engine makes of them.

use std::cell::Cell;
use std::path::PathBuf;
use std::sync::atomic::Ordering;
use std::time::Duration;

use enact::prelude::*;
use enact::workflow::Signals;
use enact::workflow::engine::{Engine, Settings};
use enact::workflow::journal::Memory;
use enact::workflow::testing::Windows;

use crate::ledger::{Ledger, Make, folder};
use crate::resuming::{Gate, Pass};
use crate::runs::Approved;

/// A world with a gate, and a journal that outlives its engines.
pub(crate) struct World {
    folder: PathBuf,
    memory: Memory,
    gate: Gate,
}

impl World {
    pub(crate) fn new(name: &str) -> Self {
        Self {
            folder: folder(name),
            memory: Memory::default(),
            gate: Gate::default(),
        }
    }

    pub(crate) fn open_gate(&self) {
        self.gate.0.store(true, Ordering::Release);
    }

    /// One life of a process, from opening the journal to a crash as soon as `act` is done. All of it is on
    /// this thread.
    pub(crate) fn live<T>(&self, act: impl AsyncFnOnce(&Engine) -> T) -> T {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .start_paused(true)
            .build();
        runtime.unwrap().block_on(async {
            let builder = Context::builder()
                .resource(Ledger::open(&self.ledger()))
                .resource(Signals::new());
            let cx = builder.resource(self.gate.clone()).build();
            let settings = Settings::default().windows(&Windows::new());
            let engine = Engine::with(Box::new(self.memory.reopened()), settings, &cx).unwrap();
            // Nobody waits by that clock, which stands still while anything can go on.
            let limit = Duration::from_hours(1);
            let lived = tokio::time::timeout(limit, act(&engine)).await;
            lived.expect("the run hangs")
        })
    }

    /// Starts a run, and crashes once it has left so many lines.
    pub(crate) fn crash_after<W>(&self, workflow: W, lines: usize)
    where
        W: Workflow<Output = String> + 'static,
    {
        self.live(async |engine: &Engine| {
            drop(engine.start("a", workflow).await.unwrap());
            self.until(lines).await;
        });
    }

    pub(crate) async fn until(&self, lines: usize) {
        while self.lines().len() < lines {
            idle().await;
        }
    }

    /// What the next engine answers.
    pub(crate) fn answer(&self) -> Result<String, Failure> {
        self.live(async |engine: &Engine| {
            let answer = engine.run("a").await.unwrap().answer().await?;
            Ok(answer.as_str().unwrap().to_owned())
        })
    }

    pub(crate) fn ledger(&self) -> PathBuf {
        self.folder.join("ledger")
    }

    pub(crate) fn lines(&self) -> Vec<String> {
        Ledger::lines(&self.ledger())
    }

    /// What was undone, by the steps' paths, in order of those.
    pub(crate) fn undone(&self) -> Vec<String> {
        let lines = self.lines().into_iter();
        let undone = lines.filter_map(|line| Some(line.strip_suffix("/undo")?.to_owned()));
        let mut undone: Vec<_> = undone.collect();
        undone.sort_unstable();
        undone
    }
}

/// Until nothing else can go on: only then does that clock.
pub(crate) async fn idle() {
    tokio::time::sleep(Duration::from_secs(1)).await;
}

thread_local! {
    /// Which program this is: the one that began the run, or one whose expressions go another way.
    static OTHER: Cell<bool> = const { Cell::new(false) };
}

fn other() -> bool {
    OTHER.get()
}

workflow! {
    /// Makes something, and waits at the gate.
    #[workflow(saga)]
    Inner {} -> String {
        step made = Make { what: "inner".to_owned() };
        step passed = Pass { so_far: made.clone() };
        passed
    }
}

workflow! {
    /// Has one arm that depends on the program, beside others that are in the midst of something.
    #[workflow(saga)]
    Arms {} -> String {
        parallel {
            step passed = Pass { so_far: "passed".to_owned() };
            waited = { wait approval = Approved; approval.by };
            step inner = Inner {};
            way = {
                step made = Make { what: "way".to_owned() };
                branch way = if other() { "other" } else { "first" };
                step _later = Pass { so_far: made };
                way
            };
        }
        format!("{passed} {waited} {inner} {way}")
    }
}

workflow! {
    /// The same, each on a task of its own.
    #[workflow(saga)]
    Tasks {} -> String {
        parallel spawn {
            step passed = Pass { so_far: "passed".to_owned() };
            waited = { wait approval = Approved; approval.by };
            step inner = Inner {};
            way = {
                step made = Make { what: "way".to_owned() };
                branch way = if other() { "other" } else { "first" };
                step _later = Pass { so_far: made };
                way
            };
        }
        format!("{passed} {waited} {inner} {way}")
    }
}

workflow! {
    /// The same, where the workflow goes on without the arms that fail.
    #[workflow(saga)]
    Collects {} -> String {
        parallel collect {
            step passed = Pass { so_far: "passed".to_owned() };
            waited = { wait approval = Approved; approval.by };
            step inner = Inner {};
            way = {
                step made = Make { what: "way".to_owned() };
                branch way = if other() { "other" } else { "first" };
                step _later = Pass { so_far: made };
                way
            };
        }
        let whole = [passed.ok(), waited.ok(), inner.ok()].map(|arm| arm.map_or("failed", |it| it));
        format!("{} {}", whole.join(" "), way.map_or("failed", |it| it))
    }
}

workflow! {
    /// The same, item by item.
    #[workflow(saga)]
    Items {} -> String {
        parallel items = for n in 0..4_u32, max = 4 {
            branch item = match n {
                0 => { step passed = Pass { so_far: "passed".to_owned() }; passed },
                1 => { wait approval = Approved; approval.by },
                2 => { step inner = Inner {}; inner },
                _ => {
                    step made = Make { what: "way".to_owned() };
                    branch way = if other() { "other" } else { "first" };
                    step _later = Pass { so_far: made };
                    way.to_owned()
                }
            };
            item
        };
        items.join(" ")
    }
}

/// Begins a run, goes on with another program, and then with the right one.
fn check<W: Workflow<Output = String> + 'static>(name: &str, workflow: W) {
    let world = World::new(name);
    // Two are made, and three are at the gate.
    world.crash_after(workflow, 5);
    OTHER.set(true);
    let failure = world.answer().unwrap_err();
    assert_eq!(failure.code(), "journal.diverged");
    OTHER.set(false);
    world.open_gate();
    let answer = world.live(async |engine: &Engine| {
        let by = "ada".to_owned();
        engine.signal("a", &Approved { by }, None).await.unwrap();
        let answer = engine.run("a").await.unwrap().answer().await;
        answer.unwrap()
    });
    assert_eq!(answer, "passed ada made inner first");
    assert_eq!(world.undone(), Vec::<String>::new());
}

#[test]
fn arms_beside_one_that_the_journal_stops_go_on_later() {
    check("held-arms", Arms::new());
}

#[test]
fn tasks_beside_one_that_the_journal_stops_go_on_later() {
    check("held-tasks", Tasks::new());
}

#[test]
fn collected_arms_beside_one_that_the_journal_stops_go_on_later_and_nothing_is_undone() {
    check("held-collects", Collects::new());
}

#[test]
fn items_beside_one_that_the_journal_stops_go_on_later() {
    check("held-items", Items::new());
}
