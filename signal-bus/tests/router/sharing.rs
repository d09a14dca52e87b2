//! A router that changes while others route.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use enact_signal_bus::{Buffer, Router, SharedRouter, priority};
use enact_signal_core::SignalType;

use super::{pattern, ty};

type Shared = SharedRouter<u32, SignalType>;

fn found(shared: &Shared, name: &str) -> Vec<u32> {
    let mut handlers = Vec::new();
    let count = shared.each(&ty(name), &mut Buffer::new(), |one| {
        handlers.push(*one.handler());
    });
    assert_eq!(count, handlers.len());
    handlers
}

/// Readers see both routes of an edit or neither, and never fewer than before.
#[test]
fn an_edit_is_seen_as_a_whole() {
    let shared = Arc::new(Shared::new(Router::new()));
    let done = Arc::new(AtomicBool::new(false));
    let reader = {
        let (shared, done) = (Arc::clone(&shared), Arc::clone(&done));
        thread::spawn(move || {
            let (mut buffer, name, mut seen) = (Buffer::new(), ty("order.created"), 0);
            loop {
                let last = done.load(Ordering::Acquire);
                let mut handlers = Vec::new();
                shared.each(&name, &mut buffer, |one| handlers.push(*one.handler()));
                let count = u32::try_from(handlers.len()).expect("they are few");
                assert!(count >= seen && count % 2 == 0, "{count} after {seen}");
                // In the order of registration, as all else is the same.
                assert!(handlers.iter().copied().eq(0..count), "{handlers:?}");
                seen = count;
                if last {
                    return seen;
                }
            }
        })
    };
    for number in 0..500 {
        shared.edit(|router| {
            router
                .on(pattern("order.created"), priority(0), number * 2)
                .on(pattern("order.created"), priority(0), number * 2 + 1);
        });
    }
    done.store(true, Ordering::Release);
    assert_eq!(reader.join().expect("the reader saw nothing wrong"), 1000);
}

#[test]
fn whoever_has_a_router_keeps_it_as_it_was() {
    let shared = Shared::new(Router::new());
    let id = shared.edit(|router| router.on(pattern("a"), priority(0), 1).id());
    let before = shared.now();
    assert!(shared.edit(|router| router.remove(id)).is_some());
    assert_eq!((before.len(), shared.now().len()), (1, 0));
}

#[test]
fn an_edit_can_be_made_while_others_route() {
    let shared = Shared::new(Router::new());
    shared.edit(|router| router.on(pattern("a"), priority(0), 1).id());
    let mut inner = Vec::new();
    shared.each(&ty("a"), &mut Buffer::new(), |one| {
        shared.edit(|router| router.remove(one.id()));
        inner = found(&shared, "a");
    });
    assert!(inner.is_empty());
}

#[test]
fn an_edit_that_panics_changes_nothing_and_blocks_nobody() {
    let shared = Shared::new(Router::new());
    let panicked = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        shared.edit(|router| {
            router.on(pattern("a"), priority(0), 1);
            panic!("midway");
        });
    }));
    assert!(panicked.is_err());
    assert!(found(&shared, "a").is_empty());
    shared.edit(|router| router.on(pattern("a"), priority(0), 2).id());
    assert_eq!(found(&shared, "a"), [2]);
}

#[test]
fn an_edit_that_fails_changes_nothing() {
    let shared = Shared::new(Router::new());
    let refused: Result<(), &str> = shared.try_edit(|router| {
        router.on(pattern("a"), priority(0), 1);
        Err("no")
    });
    assert_eq!(refused, Err("no"));
    assert!(shared.now().is_empty());
}

/// A route of an edit that failed or panicked is never another's, however its id was kept.
#[test]
fn ids_of_edits_that_failed_are_not_given_again() {
    let shared = Shared::new(Router::new());
    let mut kept = Vec::new();
    let refused: Result<(), &str> = shared.try_edit(|router| {
        kept.push(router.on(pattern("a"), priority(0), 1).id());
        Err("no")
    });
    assert!(refused.is_err());
    let panicked = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        shared.edit(|router| {
            kept.push(router.on(pattern("a"), priority(0), 2).id());
            panic!("midway");
        });
    }));
    assert!(panicked.is_err());
    let id = shared.edit(|router| router.on(pattern("a"), priority(0), 3).id());
    for stale in kept {
        assert_ne!(stale, id);
        assert!(shared.edit(|router| router.remove(stale)).is_none());
    }
    assert_eq!(found(&shared, "a"), [3]);
}
