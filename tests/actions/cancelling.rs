//! Cancellation: it stops the run, waits for its clean-up, and a dropped handle means it.

use std::time::Duration;

use enact::prelude::*;
use tokio::sync::oneshot;

use crate::world::{Do, Scripted, World};

#[tokio::test(start_paused = true)]
async fn cancel_stops_the_run_and_waits_for_the_end() {
    let world = World::doing([Do::Hang]);
    let handle = Scripted::new().exec(&world.cx()).spawn();
    tokio::task::yield_now().await;
    assert_eq!(world.log(), ["run 1"]);
    let failure = handle.cancel().await.unwrap_err();
    assert_eq!((failure.kind(), failure.attempts()), (Kind::Cancelled, 1));
    assert_eq!(world.dropped(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_dropped_handle_cancels() {
    let world = World::doing([Do::Hang]);
    let handle = Scripted::new().exec(&world.cx()).spawn();
    tokio::task::yield_now().await;
    drop(handle);
    while world.dropped() == 0 {
        tokio::task::yield_now().await;
    }
}

#[tokio::test(start_paused = true)]
async fn dropping_the_await_of_a_handle_cancels() {
    let world = World::doing([Do::Hang]);
    let handle = Scripted::new().exec(&world.cx()).spawn();
    let waited = tokio::time::timeout(Duration::from_secs(1), handle).await;
    assert!(waited.is_err());
    while world.dropped() == 0 {
        tokio::task::yield_now().await;
    }
}

#[tokio::test(start_paused = true)]
async fn a_detached_run_goes_on() {
    let world = World::doing([Do::Wait(Duration::from_secs(5))]);
    Scripted::new().exec(&world.cx()).spawn().detach();
    tokio::time::sleep(Duration::from_secs(6)).await;
    assert_eq!((world.log().len(), world.dropped()), (1, 0));
}

#[tokio::test(start_paused = true)]
async fn a_handle_gives_the_answer_and_cancelling_the_finished_keeps_it() {
    let world = World::default();
    assert_eq!(
        Scripted::new().exec(&world.cx()).spawn().await.unwrap(),
        "done"
    );
    let handle = Scripted::new().exec(&world.cx()).spawn();
    while !handle.is_finished() {
        tokio::task::yield_now().await;
    }
    assert_eq!(handle.cancel().await.unwrap(), "done");
}

#[tokio::test(start_paused = true)]
async fn a_cancelled_context_means_no_attempt() {
    let world = World::default();
    let (cx, token) = world.cx().child();
    token.cancel();
    let failure = Scripted::new().exec(&cx).await.unwrap_err();
    assert_eq!((failure.kind(), failure.attempts()), (Kind::Cancelled, 0));
    assert!(world.log().is_empty());
}

#[tokio::test(start_paused = true)]
async fn cancelling_ends_the_wait_before_a_retry() {
    let world = World::doing([Do::AskFor(Duration::from_hours(1))]);
    let handle = Scripted::new()
        .exec(&world.cx())
        .retry(Retry::times(1))
        .spawn();
    while world.log().is_empty() {
        tokio::task::yield_now().await;
    }
    assert_eq!(handle.cancel().await.unwrap_err().kind(), Kind::Cancelled);
}

#[tokio::test(start_paused = true)]
async fn a_child_is_cancelled_with_its_parent() {
    let (parent, token) = Context::new().child();
    let (child, _) = parent.child();
    token.cancel();
    assert!(child.is_cancelled());
    child.cancelled().await;
}

/// Watches for cancellation and cleans up before it ends.
#[derive(Debug, Action)]
#[action(effect = idempotent, grace = "2s")]
struct Careful {
    /// How long cleaning takes, in seconds.
    cleaning: u64,
}

/// Tells that cleaning has ended.
struct Cleaned(std::sync::Mutex<Option<oneshot::Sender<()>>>);

impl Run for Careful {
    type Output = ();

    async fn run(&self, cx: &Context) -> Result<(), Failure> {
        cx.cancelled().await;
        tokio::time::sleep(Duration::from_secs(self.cleaning)).await;
        let told = cx
            .resource::<Cleaned>()?
            .0
            .lock()
            .expect("no test panics here")
            .take();
        told.map(|told| told.send(()));
        Err(Failure::terminal("stopped.clean", "stopped on request"))
    }
}

async fn cancel_careful(cleaning: u64) -> (Failure, bool) {
    let (tell, mut told) = oneshot::channel();
    let cleaned = Cleaned(std::sync::Mutex::new(Some(tell)));
    let cx = Context::builder().resource(cleaned).build();
    let handle = Careful::new(cleaning).exec(&cx).spawn();
    tokio::task::yield_now().await;
    let failure = handle.cancel().await.expect_err("it was cancelled");
    (failure, told.try_recv().is_ok())
}

#[tokio::test(start_paused = true)]
async fn within_its_grace_a_run_ends_by_itself() {
    let (failure, cleaned) = cancel_careful(1).await;
    assert_eq!((failure.code(), cleaned), ("stopped.clean", true));
}

#[tokio::test(start_paused = true)]
async fn after_its_grace_a_run_is_stopped() {
    let (failure, cleaned) = cancel_careful(3).await;
    assert_eq!((failure.kind(), cleaned), (Kind::Cancelled, false));
}
