//! Workers, and whose the runs are.

use std::collections::BTreeSet;
use std::sync::Mutex;

use super::*;

#[test]
fn a_worker_that_was_fenced_writes_nothing_and_says_so() {
    let Some(place) = Place::new("fenced") else {
        return;
    };
    let (mut first, mut second) = (place.open(), place.open());
    first
        .commit(&[Entry::Begin(new(1, "a"), None), record(1, "x")])
        .unwrap();
    second.renew().unwrap();
    assert!(claim(&mut second).is_empty(), "its lease runs");
    let over = "UPDATE @.workers SET until = now() - interval '1 s' WHERE worker = ";
    place.sql(&format!("{over} {}", first.worker)).unwrap();
    second.renewed = None;
    second.renew().unwrap();
    assert_eq!(claim(&mut second), [1]);
    let error = first
        .commit(&[record(1, "y"), Entry::Enqueue(new(2, "b"), None)])
        .unwrap_err();
    assert!(cause(&error).contains("fenced"), "{}", cause(&error));
    first.renewed = None;
    assert!(cause(&first.renew().unwrap_err()).contains("fenced"));
    second.commit(&[record(1, "z")]).unwrap();
    assert_eq!(paths(&place, 1), ["x", "z"]);
    assert!(place.beside().find("b").unwrap().is_none());
    // It had nothing any more, so it takes nothing away when it goes.
    drop(first);
    assert!(claim(&mut place.open()).is_empty());
}

#[test]
fn a_worker_that_is_just_committing_is_not_fenced() {
    let Some(place) = Place::new("alive") else {
        return;
    };
    let (mut first, second) = (place.open(), Mutex::new(place.open()));
    first.commit(&[Entry::Begin(new(1, "a"), None)]).unwrap();
    let over = "UPDATE @.workers SET until = now() - interval '1 s' WHERE worker = ";
    place.sql(&format!("{over} {}", first.worker)).unwrap();
    let renewed = first.once(
        &|steps, proof| {
            let orders = [link::Order::new("BEGIN", Vec::new()), proof.order()];
            steps.wait(async |to| to.trip(&orders).await)?;
            // What another worker does in the meantime.
            second.lock().unwrap().renew_lease()?;
            steps.wait(async |to| write::commit(to, Vec::new()).await)
        },
        &async |_, _| Ok(()),
    );
    renewed.unwrap();
    first.commit(&[record(1, "x")]).unwrap();
    assert!(claim(&mut second.into_inner().unwrap()).is_empty());
}

#[test]
fn what_a_closed_worker_had_is_due_at_once() {
    let Some(place) = Place::new("closed") else {
        return;
    };
    let (mut first, mut second) = (place.open(), place.open());
    first.commit(&[Entry::Begin(new(1, "a"), None)]).unwrap();
    drop(first);
    assert_eq!(claim(&mut second), [1]);
}

#[test]
fn numbers_are_given_once_over_all_workers() {
    let Some(place) = Place::new("numbers") else {
        return;
    };
    let mut stores: Vec<Postgres> = (0..3).map(|_| place.open()).collect();
    let given = std::thread::scope(|threads| {
        let asked = stores.iter_mut().map(|store| {
            threads.spawn(move || -> Vec<u64> {
                (0..20).flat_map(|_| store.numbers(5).unwrap()).collect()
            })
        });
        let asked: Vec<_> = asked.collect();
        let given = asked.into_iter().flat_map(|asked| asked.join().unwrap());
        given.collect::<Vec<_>>()
    });
    assert_eq!(given.len(), 300);
    assert_eq!(given.iter().collect::<BTreeSet<_>>().len(), 300);
}
