//! The kit that lets a crash fall everywhere: what it finds, and what it does not mistake.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};

use enact::prelude::*;
use enact::testing::{CrashTest, Failed, crash_everywhere};
use enact::workflow::Signals;

use crate::workflows::{Approved, Collects, Nests, Waits, Ways};
use crate::world::{Done, World};

fn lucky() -> Context {
    let world = World::new(1, 0);
    let builder = Context::builder().resource(world);
    builder.resource(Signals::new()).build()
}

fn made(cx: &Context) -> BTreeSet<String> {
    let ledger = cx.resource::<World>().unwrap().ledger();
    let made = ledger.into_iter().filter(|line| line.what == Done::Made);
    made.map(|line| line.key).collect()
}

#[test]
fn a_workflow_with_every_construct_survives_a_crash_anywhere() {
    let crashes = crash_everywhere(Ways::new(2_u32), lucky);
    let windows = crashes.windows();
    for window in [
        "before step `first`",
        "while step `first` is under way",
        "after step `first`, before that is recorded",
        "once there is on disk: the outcome of `first`",
        "before the signal of `emit`",
        "once there is on disk: the arm of `second`",
        "once there is on disk: that it only waits",
        "once there is on disk: the end",
    ] {
        assert!(
            windows.iter().any(|passed| passed == window),
            "{window}: {windows:#?}"
        );
    }
    crash_everywhere(Nests::new(false), lucky);
    crash_everywhere(Collects::new(3_u32), lucky);
}

#[test]
fn signals_are_sent_once_the_run_waits_and_the_world_is_compared() {
    let ada = Approved {
        by: "ada".to_owned(),
    };
    let bob = Approved {
        by: "bob".to_owned(),
    };
    let test = CrashTest::new(Waits::new("7"), lucky)
        .signal(ada, Some("7".to_owned()))
        .signal(bob, None)
        .world(made);
    let crashes = test.run().unwrap();
    let sent = "once there is on disk: the signal `sim.approved`".to_owned();
    assert!(crashes.windows().contains(&sent));
}

#[test]
fn a_saga_that_fails_goes_back_after_a_crash_anywhere() {
    let mut undone = 0;
    for seed in 0..6 {
        let unlucky = move || {
            let builder = Context::builder().resource(World::new(seed, 15));
            builder.resource(Signals::new()).build()
        };
        let crashes = crash_everywhere(Nests::new(false), unlucky);
        let windows = crashes.windows().iter();
        undone += windows
            .filter(|window| window.contains("the undo of"))
            .count();
    }
    assert!(undone > 20, "{undone} windows around undos are few");
}

/// Counts, and knows nothing of keys.
#[derive(Debug, Action)]
#[action(effect = write)]
struct Count {
    /// By how many.
    by: u32,
}

#[derive(Clone, Default)]
struct Counter(Arc<AtomicU32>);

impl Run for Count {
    type Output = u32;

    async fn run(&self, cx: &Context) -> Result<u32, Failure> {
        Ok(cx
            .resource::<Counter>()?
            .0
            .fetch_add(self.by, Ordering::Relaxed))
    }
}

workflow! {
    /// Counts, so that it matters whether it did before.
    Counts {} -> u32 {
        step one = Count { by: 1 };
        step two = Count { by: 1 };
        one + two
    }
}

#[test]
fn what_a_crash_changes_is_told_with_its_window() {
    let world = || Context::builder().resource(Counter::default()).build();
    let error = CrashTest::new(Counts::new(), world).run().unwrap_err();
    let failed = &error.failed()[0];
    assert_eq!(failed.window(), "after step `one`, before that is recorded");
    assert_eq!(failed.why(), "it answers 3, and undisturbed it answers 1");
    let windows: BTreeSet<&str> = error.failed().iter().map(Failed::window).collect();
    let known = [
        "after step `one`, before that is recorded",
        "after step `two`, before that is recorded",
        "before there is on disk: the outcome of `one`",
        "before there is on disk: the outcome of `two`",
        "before there is on disk: the outcome of `two`, the end",
    ];
    assert!(
        windows.iter().all(|window| known.contains(window)),
        "{error}"
    );
}

#[test]
fn a_world_that_a_crash_changes_is_told_of() {
    let world = || Context::builder().resource(Seen::default()).build();
    let test = CrashTest::new(Looks::new(), world);
    assert!(test.run().is_ok(), "its answer is the same");
    let test = CrashTest::new(Looks::new(), world);
    let test = test.world(|cx| cx.resource::<Seen>().unwrap().0.lock().unwrap().clone());
    let error = test.run().unwrap_err();
    let why = error.failed()[0].why();
    assert_eq!(
        why,
        "it leaves the world as [\"seen\",\"seen\"], and undisturbed as [\"seen\"]"
    );
}

#[derive(Clone, Default)]
struct Seen(Arc<Mutex<Vec<String>>>);

/// Leaves a trace for each time.
#[derive(Debug, Action)]
#[action(effect = write)]
struct Trace {
    /// What is left.
    what: String,
}

impl Run for Trace {
    type Output = ();

    async fn run(&self, cx: &Context) -> Result<(), Failure> {
        cx.resource::<Seen>()?
            .0
            .lock()
            .unwrap()
            .push(self.what.clone());
        Ok(())
    }
}

workflow! {
    /// Leaves a trace.
    Looks {} -> u32 {
        step Trace { what: "seen".to_owned() };
        1
    }
}

#[test]
fn a_run_that_waits_for_a_signal_nobody_sends_is_told_of() {
    let error = CrashTest::new(Waits::new("7"), lucky).run().unwrap_err();
    let text = error.to_string();
    assert!(
        text.contains("where it waits for a signal, send it one"),
        "{text}"
    );
}
