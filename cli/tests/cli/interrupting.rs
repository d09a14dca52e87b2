//! Ctrl-C: the first cancels and waits for the undo, the second leaves.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use enact::Context;
use enact_cli::{App, Exit};
use expect_test::expect;

use crate::actions::World;
use crate::run;

fn app(world: &World) -> App {
    let world = world.clone();
    App::new("shop").context(|| Context::builder().resource(world))
}

#[test]
fn the_first_interrupt_cancels_and_waits_for_the_undo() {
    let world = World::default();
    let began = Arc::clone(&world.began);
    let (exit, out, err) = run(app(&world), &["run", "book"], |io| {
        io.interrupt_when(async move { began.notified().await })
    });
    assert_eq!((exit, out.as_str()), (Exit::Cancelled, ""));
    assert!(world.undone.load(Ordering::SeqCst));
    expect![[r#"
        cancelling; press Ctrl-C again to leave at once
        error: the caller cancelled before the action answered [cancelled]
          what it had done is undone
    "#]]
    .assert_eq(&err);
}

#[test]
fn the_second_interrupt_leaves_at_once() {
    let world = World::default();
    let (first, second) = (Arc::clone(&world.began), Arc::clone(&world.began));
    let (exit, out, err) = run(app(&world), &["run", "book", "--hang"], |io| {
        io.interrupt_when(async move { first.notified().await })
            .interrupt_when(async move { second.notified().await })
    });
    assert_eq!((exit, out.as_str()), (Exit::Cancelled, ""));
    assert!(!world.undone.load(Ordering::SeqCst));
    expect![[r#"
        cancelling; press Ctrl-C again to leave at once
    "#]]
    .assert_eq(&err);
}

#[test]
fn the_second_interrupt_leaves_a_verb_that_blocks() {
    let app = App::new("shop").otherwise(|_ui| async {
        let (_kept, never) = std::sync::mpsc::channel::<()>();
        Ok(never.recv()?)
    });
    let (exit, ..) = run(app, &[], |io| {
        io.interrupt_when(async {}).interrupt_when(async {})
    });
    assert_eq!(exit, Exit::Cancelled);
}
