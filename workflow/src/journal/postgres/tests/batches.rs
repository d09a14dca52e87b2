//! What is written, and in which order.

use std::sync::Arc;

use super::*;
use crate::journal::conforms;
use crate::journal::record::{Ending, Status};

#[test]
fn a_database_conforms() {
    let Some(place) = Place::new("conforms") else {
        return;
    };
    conforms(|| Box::new(place.open())).unwrap();
}

#[test]
fn mail_that_comes_while_a_run_is_parked_wakes_it() {
    let Some(place) = Place::new("wakes") else {
        return;
    };
    let (mut store, mut beside) = (place.open(), place.beside());
    store.commit(&[Entry::Begin(new(1, "a"), None)]).unwrap();
    for _ in 0..100 {
        std::thread::scope(|threads| {
            threads.spawn(|| assert!(beside.leave(&post(1)).unwrap()));
            store
                .commit(&[Entry::Park {
                    run: 1,
                    wake: NEVER,
                }])
                .unwrap();
        });
        let ask = Claim {
            now: NOW,
            most: 1,
            graphs: vec![1],
        };
        let woken = store.claim(&ask).unwrap();
        let mail = woken.iter().flat_map(|claimed| &claimed.mail);
        let read = mail.map(|mail| {
            let Entry::Record { run, record, .. } = record(1, "") else {
                unreachable!("it is a record")
            };
            let mail = Some(mail.seq);
            Entry::Record { run, record, mail }
        });
        let read: Vec<_> = read.collect();
        assert_eq!(read.len(), 1, "its mail is there, and it is due");
        store.commit(&read).unwrap();
    }
}

#[test]
fn a_batch_keeps_the_order_of_what_is_written_about_a_run() {
    let Some(place) = Place::new("order") else {
        return;
    };
    let mut store = place.open();
    let end = |status| {
        let body = Body::Text("1".to_owned());
        let ending = Ending {
            status,
            body,
            at: 1,
            sum: 0,
        };
        Entry::End { run: 1, ending }
    };
    let Entry::Record { record: again, .. } = record(1, "again") else {
        return;
    };
    let failed = Status::Failed;
    let batch = [
        Entry::Begin(new(1, "a"), None),
        record(1, "x"),
        post(1),
        end(failed),
        post(1),
        Entry::Reopen {
            run: 1,
            record: again,
        },
        record(1, "y"),
        end(failed),
        Entry::Begin(new(2, "nul \0"), None),
    ];
    assert_eq!(store.commit(&batch).unwrap(), [4, 8]);
    assert_eq!(paths(&place, 1), ["x", "again", "y"]);
    assert!(place.beside().find("nul \0").unwrap().is_none());
    assert_eq!(place.beside().counts(0).unwrap(), Counts::new(0, 0, 0));
}

#[test]
fn a_number_that_is_damaged_holds_its_run_alone() {
    let Some(place) = Place::new("damaged") else {
        return;
    };
    let mut store = place.open();
    let begun = (1..=5).map(|run| {
        let new = NewRun::summed((*new(run, &run.to_string())).clone());
        Entry::Begin(Arc::new(new), None)
    });
    let parked = (1..=4).map(|run| Entry::Park { run, wake: NOW });
    let records = (1..=5).map(|run| record(run, "x"));
    let batch: Vec<_> = begun.chain(records).chain(parked).collect();
    store.commit(&batch).unwrap();
    for spoil in [
        "UPDATE @.runs SET sum = -1 WHERE run = 1",
        "UPDATE @.runs SET version = 1::int8 << 40 WHERE run = 2",
        "UPDATE @.journal SET sum = 1::int8 << 40 WHERE run = 3",
        "UPDATE @.runs SET status = 7 WHERE run = 5",
    ] {
        place.sql(spoil).unwrap();
    }
    let ask = Claim {
        now: NOW,
        most: 100,
        graphs: vec![1],
    };
    let mut claimed = store.claim(&ask).unwrap();
    claimed.sort_by_key(|claimed| claimed.row.new.run);
    let sound = claimed.iter().map(|claimed| {
        let records = claimed.records.as_ref().unwrap();
        let new = claimed.row.new.check().is_ok();
        (claimed.row.new.run, new, records[0].sum > 0)
    });
    let sound: Vec<_> = sound.collect();
    let wanted = [
        (1, false, true),
        (2, false, true),
        (3, true, false),
        (4, true, true),
    ];
    assert_eq!(sound, wanted);
    let list = List {
        most: 9,
        ..List::default()
    };
    let listed = place.beside().list(&list).unwrap();
    let ended = listed[0].ending.as_ref().map(|ending| ending.status);
    assert_eq!((listed.len(), ended), (5, Some(Status::Failed)));
}

/// Nine runs, of which each has ended.
fn have_ended(store: &mut Postgres) {
    let end = |run| {
        let body = Body::Text("1".to_owned());
        let (status, at) = (Status::Answered, run);
        let ending = Ending {
            status,
            body,
            at,
            sum: 0,
        };
        Entry::End { run, ending }
    };
    let begun = (1..=9).map(|run| Entry::Begin(new(run, &run.to_string()), None));
    let records = (1..=9).map(|run| record(run, "x"));
    let batch: Vec<_> = begun.chain(records).chain((1..=9).map(end)).collect();
    store.commit(&batch).unwrap();
}

fn ago(time: Duration) -> Instant {
    Instant::now().checked_sub(time).unwrap()
}

#[test]
fn more_are_deleted_at_once_again_after_some_leases() {
    let Some(mut place) = Place::new("prunes_more") else {
        return;
    };
    place.options = place.options.clone().lease(Duration::from_secs(1));
    let mut store = place.open();
    have_ended(&mut store);
    store.pruning.most = 1;
    let mut turn = |leases| {
        store.pruning.late = Some(ago(place.options.lease * leases));
        let most = store.prunes(3);
        let pruned = store.prune(100, 3).unwrap();
        (most, pruned)
    };
    assert_eq!([turn(2), turn(2)], [(1, 1), (1, 1)]);
    let turns: Vec<_> = (0..5).map(|_| turn(11)).collect();
    assert_eq!(turns, [(1, 1), (2, 2), (3, 3), (3, 1), (3, 0)]);
}

#[test]
fn what_takes_too_long_to_delete_is_deleted_in_smaller_parts() {
    let Some(mut place) = Place::new("prunes") else {
        return;
    };
    place.options = place.options.clone().lease(Duration::from_millis(1500));
    let mut store = place.open();
    // More than two at once take for ever, and run 9 does alone.
    let slow = "CREATE FUNCTION @.slow() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN \
                IF (SELECT count(*) > 2 OR bool_or(run = 9) FROM old) THEN PERFORM pg_sleep(30); END IF; \
                RETURN NULL; END $$; \
                CREATE TRIGGER slow AFTER DELETE ON @.runs REFERENCING OLD TABLE AS old \
                FOR EACH STATEMENT EXECUTE FUNCTION @.slow()";
    place.sql(slow).unwrap();
    have_ended(&mut store);
    let mut turn = || {
        store.renew().unwrap();
        let pruned = store.prune(100, 8).unwrap();
        assert!(
            pruned > 0 || store.prune(100, 1).unwrap() == 0,
            "it is left alone for a while"
        );
        store.pruning.late = Some(ago(place.options.lease * 2));
        pruned
    };
    let turns: Vec<_> = (0..9).map(|_| turn()).collect();
    assert_eq!(turns, [0, 0, 2, 2, 2, 2, 0, 0, 0]);
    store.commit(&[Entry::Begin(new(10, "10"), None)]).unwrap();
    assert_eq!(paths(&place, 2).len(), 0);
    assert!(place.beside().find("9").unwrap().is_some());
}
