//! What every store must keep to.

use std::collections::BTreeSet;
use std::sync::Arc;

use serde_json::json;

use super::{
    Body, Claim, Claimed, Counts, Ending, Entry, GraphRow, List, NEVER, NOW, NewRun, Record,
    Status, Store, StoreError,
};

/// The graph that the suite's worker knows.
const KNOWN: u64 = u64::MAX;
/// One that it does not.
const STRANGE: u64 = 7;

/// Checks that a store keeps what [`Store`] promises; panics with what it does not.
///
/// `open` opens one journal, which is empty the first time, and each time again as after a crash: what
/// it returned before is dropped by then.
///
/// ```
/// use enact_workflow::journal::Memory;
/// use enact_workflow::testing::conforms;
///
/// let mut kept = Memory::default();
/// conforms(|| {
///     kept = kept.reopened();
///     Box::new(kept.reopened())
/// })?;
/// # Ok::<(), enact_workflow::engine::StoreError>(())
/// ```
///
/// # Errors
/// What the store fails with, which it should not.
pub fn conforms(mut open: impl FnMut() -> Box<dyn Store>) -> Result<(), StoreError> {
    let mut store = open();
    begins_once(&mut *store)?;
    tells_in_order(&mut *store)?;
    drop(store);
    let mut store = open();
    takes_up_what_is_left(&mut *store)?;
    parks_and_wakes(&mut *store)?;
    brings_mail(&mut *store)?;
    opens_again_what_failed(&mut *store)?;
    drop(store);
    let mut store = open();
    keeps_graphs_and_notes(&mut *store)?;
    prunes(&mut *store)
}

fn new(run: u64, id: &str, graph: u64) -> Arc<NewRun> {
    Arc::new(NewRun {
        run,
        id: id.to_owned(),
        workflow: "order".to_owned(),
        version: 1,
        graph,
        input: body(&json!({ "n": run })),
        started: 5,
        sum: u32::MAX,
    })
}

fn body(value: &serde_json::Value) -> Body {
    Body::Text(value.to_string())
}

fn first(path: &str) -> Record {
    Record {
        path: path.to_owned(),
        at: 6,
        body: Body::Packed(vec![0, 255, 1]),
        sum: u32::MAX - 1,
    }
}

fn record(run: u64, path: &str) -> Entry {
    Entry::Record {
        run,
        record: first(path),
        mail: None,
    }
}

fn end(run: u64, status: Status, at: u64) -> Entry {
    let ending = Ending {
        status,
        body: body(&json!("done")),
        at,
        sum: 3,
    };
    Entry::End { run, ending }
}

fn claim(store: &mut dyn Store, now: u64) -> Result<Vec<Claimed>, StoreError> {
    store.claim(&Claim {
        now,
        most: 10,
        graphs: vec![1, KNOWN],
    })
}

fn paths(claimed: &Claimed) -> Vec<String> {
    let records = claimed.records.as_ref().ok();
    let records = records.into_iter().flatten();
    records.map(|record| record.path.clone()).collect()
}

fn begins_once(store: &mut dyn Store) -> Result<(), StoreError> {
    let numbers = store.numbers(3)?;
    assert!(
        numbers.start > 0 && numbers.end - numbers.start == 3,
        "{numbers:?}"
    );
    assert!(
        store.numbers(1)?.start >= numbers.end,
        "a number is given twice"
    );
    let batch = [
        Entry::Begin(new(1, "a", KNOWN), None),
        Entry::Begin(new(2, "b", KNOWN), Some(first("cause"))),
        Entry::Begin(new(3, "a", KNOWN), Some(first("refused"))),
        record(1, "x"),
    ];
    let refused = store.commit(&batch)?;
    assert_eq!(refused, [2], "only the second run of an id is refused");
    let mut reader = store.reader()?;
    let found = reader.find("a")?.map(|row| row.new.into());
    assert_eq!(found, Some(new(1, "a", KNOWN)), "the first of an id stays");
    assert_eq!(reader.find("c")?, None);
    let kept = [reader.records(2)?, reader.records(3)?];
    let wanted = [vec![first("cause")], vec![]];
    assert_eq!(kept, wanted, "a run and its first record, or neither");
    Ok(())
}

fn tells_in_order(store: &mut dyn Store) -> Result<(), StoreError> {
    store.commit(&[record(2, "y"), record(1, "z"), end(2, Status::Answered, 9)])?;
    store.commit(&[record(1, "w")])?;
    let mut reader = store.reader()?;
    let records = reader.records(1)?;
    let told: Vec<&str> = records.iter().map(|record| &*record.path).collect();
    assert_eq!(
        told,
        ["x", "z", "w"],
        "records stand in the order of writing"
    );
    assert_eq!(
        records
            .first()
            .map(|first| (&first.body, first.at, first.sum)),
        Some((&Body::Packed(vec![0, 255, 1]), 6, u32::MAX - 1)),
        "every byte is kept"
    );
    let ended = reader.find("b")?.and_then(|row| row.ending);
    let kept = ended.map(|ending| (ending.status, ending.body, ending.at, ending.sum));
    assert_eq!(kept, Some((Status::Answered, body(&json!("done")), 9, 3)));
    let mut list = List {
        most: 5,
        ..List::default()
    };
    let numbers =
        |rows: Vec<super::RunRow>| -> Vec<u64> { rows.iter().map(|row| row.new.run).collect() };
    assert_eq!(
        numbers(reader.list(&list)?),
        [2, 1],
        "the latest comes first"
    );
    list.status = Some(Status::Open);
    assert_eq!(numbers(reader.list(&list)?), [1]);
    list.workflow = Some("other".to_owned());
    assert!(reader.list(&list)?.is_empty());
    assert_eq!(reader.counts(0)?, Counts::new(1, 0, 0));
    assert!(
        claim(store, NEVER)?.is_empty(),
        "what a worker has it does not take up"
    );
    Ok(())
}

fn takes_up_what_is_left(store: &mut dyn Store) -> Result<(), StoreError> {
    assert!(store.numbers(1)?.start > 2, "numbers grow over a crash");
    let claimed = claim(store, NOW)?;
    let told = claimed.iter().map(|it| (it.row.new.run, paths(it)));
    let told: Vec<_> = told.collect();
    let left = ["x", "z", "w"].map(str::to_owned).to_vec();
    assert_eq!(
        told,
        [(1, left)],
        "what a crash has left is due, with its records"
    );
    assert!(claim(store, NOW)?.is_empty(), "a run is taken up once");
    Ok(())
}

fn parks_and_wakes(store: &mut dyn Store) -> Result<(), StoreError> {
    store.commit(&[
        Entry::Park { run: 1, wake: 50 },
        Entry::Enqueue(new(10, "strange", STRANGE), None),
        Entry::Enqueue(new(11, "queued", KNOWN), Some(first("why"))),
    ])?;
    let mut reader = store.reader()?;
    assert_eq!(reader.counts(49)?, Counts::new(0, 2, 1));
    assert_eq!(store.next_wake(&[KNOWN])?, Some(NOW));
    let due = claim(store, 49)?;
    let due: Vec<_> = due.iter().map(|it| (it.row.new.run, paths(it))).collect();
    let wanted = [(11, vec!["why".to_owned()])];
    assert_eq!(due, wanted, "not what is due later, nor of a strange graph");
    assert_eq!(store.next_wake(&[KNOWN])?, Some(50));
    let strange = reader.strangers(&[1, KNOWN], 9)?;
    let strange: Vec<u64> = strange.iter().map(|row| row.new.run).collect();
    assert_eq!(strange, [10]);
    let due = claim(store, 50)?;
    let due: Vec<u64> = due.iter().map(|it| it.row.new.run).collect();
    assert_eq!(due, [1]);
    store.commit(&[Entry::Park {
        run: 1,
        wake: NEVER,
    }])?;
    assert_eq!(
        store.next_wake(&[KNOWN])?,
        None,
        "nothing but mail wakes it"
    );
    Ok(())
}

fn brings_mail(store: &mut dyn Store) -> Result<(), StoreError> {
    let post = |run, n: u32| Entry::Post {
        run,
        body: body(&json!(n)),
    };
    let refused = store.commit(&[post(1, 1), post(11, 2), post(2, 3), post(99, 4), post(1, 5)])?;
    assert_eq!(refused, [2, 3], "what has ended, or never was, has no mail");
    let mail = store.mail(9)?;
    let told = mail.iter().map(|mail| (mail.run, mail.body.clone()));
    let told: Vec<_> = told.collect();
    assert_eq!(
        told,
        [(11, body(&json!(2)))],
        "a worker has the mail of what it has"
    );
    let woken = claim(store, NOW)?;
    let mail = woken.iter().flat_map(|claimed| &claimed.mail);
    let told: Vec<_> = mail
        .clone()
        .map(|mail| (mail.run, mail.body.clone()))
        .collect();
    assert_eq!(
        told,
        [(1, body(&json!(1))), (1, body(&json!(5)))],
        "mail makes a run due"
    );
    let first = mail.map(|mail| mail.seq).next();
    reads_mail(store, first)?;
    let mut reader = store.reader()?;
    assert!(
        reader.leave(&post(1, 6))? && !reader.leave(&post(2, 7))?,
        "mail from beside"
    );
    let seqs: BTreeSet<u64> = store.mail(9)?.iter().map(|mail| mail.seq).collect();
    assert_eq!(seqs.len(), 3);
    store.commit(&[
        end(1, Status::Failed, 20),
        end(11, Status::Answered, 30),
        Entry::Park { run: 11, wake: NOW },
    ])?;
    assert!(store.mail(9)?.is_empty(), "mail ends with its run");
    let due = (store.next_wake(&[KNOWN])?, claim(store, NOW)?.len());
    assert_eq!(due, (None, 0), "what has ended is never due");
    Ok(())
}

/// Records what the first mail of run 1 brought; the second waits.
fn reads_mail(store: &mut dyn Store, first: Option<u64>) -> Result<(), StoreError> {
    let Entry::Record { run, record, .. } = record(1, "") else {
        return Ok(());
    };
    store.commit(&[
        Entry::Record {
            run,
            record,
            mail: first,
        },
        Entry::Park {
            run: 1,
            wake: NEVER,
        },
    ])?;
    let woken = claim(store, NOW)?;
    let left: Vec<_> = woken
        .iter()
        .flat_map(|claimed| claimed.mail.iter().map(|mail| mail.body.clone()))
        .collect();
    assert_eq!(
        left,
        [body(&json!(5))],
        "what is recorded is no mail any more, and what waits wakes"
    );
    Ok(())
}

fn opens_again_what_failed(store: &mut dyn Store) -> Result<(), StoreError> {
    let Entry::Record { record, .. } = record(1, "again") else {
        return Ok(());
    };
    let reopen = |run| Entry::Reopen {
        run,
        record: record.clone(),
    };
    assert_eq!(store.commit(&[reopen(11), reopen(1), reopen(1)])?, [0, 2]);
    let claimed = claim(store, NOW)?;
    let last: Vec<_> = claimed
        .iter()
        .filter_map(|claimed| paths(claimed).pop())
        .collect();
    assert_eq!(last, ["again"], "it is due, with one more record");
    assert_eq!(
        claimed
            .first()
            .and_then(|claimed| claimed.row.ending.clone()),
        None
    );
    Ok(())
}

fn keeps_graphs_and_notes(store: &mut dyn Store) -> Result<(), StoreError> {
    let graph = |text: &str| GraphRow {
        graph: KNOWN,
        body: body(&json!(text)),
    };
    store.graphs(&[graph("first")])?;
    store.graphs(&[graph("second")])?;
    let note = |n: u32| Entry::Note {
        name: "last".to_owned(),
        body: body(&json!(n)),
    };
    store.commit(&[note(1), note(2)])?;
    let mut reader = store.reader()?;
    assert_eq!(
        reader.graph(KNOWN)?,
        Some(body(&json!("first"))),
        "a graph stays what it was"
    );
    assert_eq!((reader.graph(1)?, reader.note("none")?), (None, None));
    assert_eq!(
        reader.note("last")?,
        Some(body(&json!(2))),
        "a note is the latest"
    );
    let other = |name: &str| Entry::Note {
        name: name.to_owned(),
        body: body(&json!(name)),
    };
    store.commit(&[
        other("Last"),
        other("lasting"),
        other("least"),
        other("l_st"),
    ])?;
    let names: Vec<_> = reader.notes("last")?;
    assert_eq!(
        names,
        [
            ("last".to_owned(), body(&json!(2))),
            ("lasting".to_owned(), body(&json!("lasting")))
        ],
        "notes are found by how their names begin"
    );
    assert!(reader.leave(&note(3))?);
    assert_eq!(reader.note("last")?, Some(body(&json!(3))));
    Ok(())
}

fn prunes(store: &mut dyn Store) -> Result<(), StoreError> {
    let most = store.numbers(1)?.start;
    store.commit(&[
        Entry::Begin(new(most, "latest", KNOWN), None),
        end(most, Status::Answered, 10),
    ])?;
    assert_eq!(
        store.prune(9, 5)?,
        0,
        "what ended at 9 did not end before it"
    );
    assert_eq!(store.prune(10, 5)?, 1);
    let mut reader = store.reader()?;
    assert_eq!((reader.find("b")?, reader.records(2)?.len()), (None, 0));
    assert!(reader.find("a")?.is_some(), "what is open stays");
    assert_eq!(
        store.commit(&[Entry::Begin(new(most + 1, "b", KNOWN), None)])?,
        [0; 0],
        "its id is free"
    );
    Ok(())
}
