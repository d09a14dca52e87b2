//! What every store must keep to.

use std::sync::Arc;

use enact_signal_core::{Envelope, Limits, Pattern, json};

use super::{
    Change, DeadLetter, Entry, Page, Progress, Reader, Row, Standing, Store, StoreError,
    SubscriptionRow,
};

/// Checks that a store keeps what [`Store`] promises; panics with what it does not.
///
/// `open` opens one log, which is empty the first time, and each time again as after a crash: what it
/// returned before is dropped by then.
///
/// ```
/// use enact_signal_bus::log::Memory;
/// use enact_signal_bus::testing::log_conforms;
///
/// let kept = Memory::default();
/// log_conforms(|| Box::new(kept.clone()))?;
/// # Ok::<_, enact_signal_bus::log::StoreError>(())
/// ```
///
/// # Errors
/// What the store fails with, which it should not.
pub fn conforms(mut open: impl FnMut() -> Box<dyn Store>) -> Result<(), StoreError> {
    let mut store = open();
    reads_in_order(&mut *store)?;
    drop(store);
    let mut store = open();
    finds_by_time(&mut *store)?;
    keeps_subscriptions(&mut *store)?;
    drop(store);
    let mut store = open();
    keeps_deliveries(&mut *store)?;
    buries_and_redrives(&mut *store)?;
    drop(store);
    let mut store = open();
    indexes(&mut *store)?;
    prunes(&mut *store)?;
    unsubscribes(&mut *store)?;
    keeps_long_batches(&mut *store)?;
    let last = begins_batches(store)?;
    ends_with(&*open(), last)
}

/// The signal of a number, recorded at ten times that.
fn row(sequence: u64, ty: &str) -> Row {
    let envelope = Envelope::builder(ty, "/suite").id(sequence.to_string());
    let body = envelope
        .build()
        .and_then(|it| json::write(&it, &Limits::default()));
    let body = body.expect("the suite's signals are well-formed");
    Row::new(sequence, sequence * 10, ty.to_owned(), body)
}

fn page(after: u64, up_to: u64, pattern: Option<&str>, most: usize) -> Page {
    let pattern =
        pattern.map(|pattern| Pattern::new(pattern).expect("the suite's are well-formed"));
    Page {
        after,
        up_to,
        pattern,
        most,
    }
}

/// All that a page has, read to its end.
fn numbers(reader: &mut dyn Reader, mut page: Page) -> Result<Vec<u64>, StoreError> {
    let mut numbers = Vec::new();
    loop {
        let scan = reader.read(&page)?;
        if scan.up_to == page.after {
            return Ok(numbers);
        }
        assert!(
            scan.up_to > page.after && scan.up_to <= page.up_to,
            "a page goes forward, and not too far"
        );
        page.after = scan.up_to;
        numbers.extend(scan.rows.iter().map(|row| row.sequence));
    }
}

fn reads_in_order(store: &mut dyn Store) -> Result<(), StoreError> {
    let mut reader = store.reader()?;
    assert_eq!(reader.last()?, (0, 0), "an empty log has no last signal");
    assert_eq!(reader.first_at(0)?, 1, "the first that comes is 1");
    assert_eq!(reader.read(&page(0, 9, None, 9))?.up_to, 0);
    let types = ["order.created", "meter.read", "order.paid", "order.closed"];
    let rows: Vec<Row> = (1..).zip(types).map(|(n, ty)| row(n, ty)).collect();
    let batch: Vec<Entry> = rows.iter().cloned().map(Entry::Append).collect();
    let (first, rest) = batch.split_at(1);
    store.commit(first)?;
    store.commit(rest)?;
    let scan = reader.read(&page(0, 9, None, 9))?;
    assert_eq!(
        (scan.rows, scan.up_to),
        (rows, 4),
        "what is read is what was written"
    );
    let orders = Some("order.*");
    assert_eq!(numbers(&mut *reader, page(0, 9, orders, 9))?, [1, 3, 4]);
    assert_eq!(numbers(&mut *reader, page(1, 3, orders, 9))?, [3]);
    assert_eq!(
        numbers(&mut *reader, page(0, 9, orders, 1))?,
        [1, 3, 4],
        "small pages skip nothing"
    );
    let none = reader.read(&page(0, 4, Some("none"), 9))?;
    assert_eq!(
        (none.rows.len(), none.up_to),
        (0, 4),
        "what does not match was looked at"
    );
    Ok(())
}

/// Many signals of one time, and among them other entries and other times.
fn keeps_long_batches(store: &mut dyn Store) -> Result<(), StoreError> {
    let mut reader = store.reader()?;
    let (last, at) = reader.last()?;
    let rows: Vec<Row> = (1..=100)
        .map(|n| Row {
            at: at + u64::from(n > 50) + u64::from(n > 53),
            ..row(last + n, "order.counted")
        })
        .collect();
    let mut batch: Vec<Entry> = rows.iter().cloned().map(Entry::Append).collect();
    let name = "nobody".into();
    batch.insert(20, Entry::Unsubscribe { name });
    store.commit(&batch)?;
    let scan = reader.read(&page(last, last + 200, None, 200))?;
    assert_eq!(
        (scan.rows, scan.up_to),
        (rows, last + 100),
        "what is read is what was written, however much"
    );
    Ok(())
}

fn finds_by_time(store: &mut dyn Store) -> Result<(), StoreError> {
    let mut reader = store.reader()?;
    assert_eq!(
        reader.last()?,
        (4, 40),
        "what was written is there after a crash"
    );
    for (at, first) in [(0, 1), (10, 1), (11, 2), (40, 4), (41, 5), (u64::MAX, 5)] {
        assert_eq!(reader.first_at(at)?, first, "at {at}");
    }
    Ok(())
}

fn name() -> Arc<str> {
    Arc::from("billing")
}

fn subscribe(pattern: &str, cursor: u64) -> Entry {
    let pattern = Pattern::new(pattern).expect("the suite's are well-formed");
    Entry::Subscribe {
        name: name(),
        pattern,
        cursor,
    }
}

fn progress(cursor: u64, changes: Vec<Change>) -> Entry {
    let name = name();
    Entry::Progress(Progress {
        name,
        cursor,
        changes,
    })
}

const fn standing(sequence: u64, attempts: u32, due: u64) -> Standing {
    Standing {
        sequence,
        attempts,
        due,
    }
}

fn subscription(store: &dyn Store) -> Result<SubscriptionRow, StoreError> {
    let found = store.reader()?.subscription("billing")?;
    Ok(found.expect("the subscription is there"))
}

fn keeps_subscriptions(store: &mut dyn Store) -> Result<(), StoreError> {
    let mut reader = store.reader()?;
    assert_eq!(reader.subscription("billing")?, None);
    store.commit(&[subscribe("order.*", 1)])?;
    store.commit(&[subscribe("order.**", 3)])?;
    let found = subscription(store)?;
    assert_eq!(
        found.pattern.as_str(),
        "order.**",
        "the pattern is the latest"
    );
    assert_eq!(found.cursor, 1, "a subscription goes on where it was");
    assert_eq!(reader.names()?, [name()]);
    Ok(())
}

fn keeps_deliveries(store: &mut dyn Store) -> Result<(), StoreError> {
    let opened = vec![
        Change::Open(standing(2, 1, 5)),
        Change::Open(standing(3, 1, 5)),
        Change::Open(standing(4, 1, 5)),
        Change::Open(standing(2, 2, 70)),
    ];
    store.commit(&[progress(1, opened), progress(1, vec![Change::Settled(3)])])?;
    let found = subscription(store)?;
    assert_eq!(found.open, [standing(2, 2, 70), standing(4, 1, 5)]);
    assert_eq!(
        found.settled,
        [3],
        "what is settled above the cursor is known"
    );
    store.commit(&[progress(3, vec![Change::Settled(2)])])?;
    let found = subscription(store)?;
    assert_eq!(
        (found.cursor, found.settled),
        (3, vec![]),
        "below it, it need not be"
    );
    assert_eq!(found.open, [standing(4, 1, 5)]);
    Ok(())
}

fn buries_and_redrives(store: &mut dyn Store) -> Result<(), StoreError> {
    let letter = |sequence| DeadLetter {
        sequence,
        attempts: 2,
        reason: "no".to_owned(),
        at: 99,
    };
    store.commit(&[progress(4, vec![Change::Dead(letter(4))])])?;
    store.commit(&[Entry::Append(row(5, "order.late"))])?;
    store.commit(&[progress(4, vec![Change::Dead(letter(5))])])?;
    let mut reader = store.reader()?;
    assert_eq!(reader.dead("billing", 0, 9)?, [letter(4), letter(5)]);
    assert_eq!(reader.dead("billing", 4, 9)?, [letter(5)]);
    assert_eq!(reader.dead("billing", 0, 1)?, [letter(4)]);
    assert_eq!(reader.dead("other", 0, 9)?, vec![]);
    assert_eq!(subscription(store)?.dead, 2);
    let sequences = vec![3, 4];
    store.commit(&[Entry::Redrive {
        name: name(),
        sequences,
    }])?;
    let found = subscription(store)?;
    assert_eq!(found.open, [standing(4, 0, 0)], "3 is no dead letter");
    assert_eq!((found.dead, found.settled), (1, vec![5]));
    store.commit(&[progress(5, vec![])])?;
    let found = subscription(store)?;
    assert_eq!(
        found.open,
        [standing(4, 0, 0)],
        "a cursor leaves what is open"
    );
    Ok(())
}

fn indexes(store: &mut dyn Store) -> Result<(), StoreError> {
    let mut reader = store.reader()?;
    assert_eq!(reader.indexed()?, 0);
    let mut pairs = vec![(u64::MAX, 2), (7, 1), (7, 3), (7, 2), (8, 1)];
    pairs.extend(row(1, "order.created").keys().iter().map(|key| (*key, 1)));
    let up_to = 3;
    store.commit(&[Entry::Index { pairs, up_to }])?;
    let pairs = vec![(7, 3), (7, 4)];
    store.commit(&[Entry::Index { pairs, up_to: 4 }])?;
    assert_eq!(reader.indexed()?, 4);
    assert_eq!(reader.lookup(7, 0, 9)?, [1, 2, 3, 4]);
    assert_eq!(reader.lookup(7, 1, 2)?, [2, 3]);
    assert_eq!(reader.lookup(u64::MAX, 0, 9)?, [2]);
    assert_eq!(reader.lookup(9, 0, 9)?, [0_u64; 0]);
    Ok(())
}

fn prunes(store: &mut dyn Store) -> Result<(), StoreError> {
    let mut reader = store.reader()?;
    let key = row(1, "order.created")
        .keys()
        .first()
        .copied()
        .unwrap_or_default();
    assert_eq!(reader.lookup(key, 0, 9)?, [1]);
    assert_eq!(store.prune(1, 9)?, 0, "1 is not below 1");
    assert_eq!(store.prune(3, 1)?, 1, "so many at most");
    assert_eq!(
        reader.lookup(key, 0, 9)?,
        [0_u64; 0],
        "the index goes with its signal"
    );
    store.commit(&[Entry::Append(row(6, "order.last"))])?;
    store.commit(&[Entry::Append(row(7, "order.last"))])?;
    assert_eq!(store.prune(99, 9)?, 2, "4 is open, 5 dead, 6 not settled");
    assert_eq!(numbers(&mut *reader, page(0, 9, None, 9))?, [4, 5, 6, 7]);
    assert_eq!(reader.first_at(0)?, 4);
    store.commit(&[progress(7, vec![Change::Settled(4)])])?;
    assert_eq!(store.prune(99, 9)?, 2, "the last one stays");
    assert_eq!(numbers(&mut *reader, page(0, 9, None, 9))?, [5, 7]);
    Ok(())
}

fn unsubscribes(store: &mut dyn Store) -> Result<(), StoreError> {
    store.commit(&[Entry::Unsubscribe { name: name() }])?;
    let mut reader = store.reader()?;
    assert_eq!(reader.subscription("billing")?, None);
    assert_eq!(reader.dead("billing", 0, 9)?, vec![]);
    assert_eq!(store.prune(99, 9)?, 1, "nobody has it for a dead letter");
    store.commit(&[subscribe("order.**", 7)])?;
    let found = subscription(store)?;
    assert_eq!((found.cursor, found.open.len(), found.dead), (7, 0, 0));
    Ok(())
}

/// Nothing stays of what was only begun.
fn ends_with(store: &dyn Store, last: (u64, u64)) -> Result<(), StoreError> {
    let found = store.reader()?.last()?;
    assert_eq!(found, last, "nothing stays of what was only begun");
    Ok(())
}

/// What was begun is read once it is committed. Returns what is last where another batch is begun.
fn begins_batches(mut store: Box<dyn Store>) -> Result<(u64, u64), StoreError> {
    let mut reader = store.reader()?;
    let last = reader.last()?;
    let rows: Vec<Row> = (1..=60)
        .map(|n| Row {
            at: last.1 + 1,
            ..row(last.0 + n, "order.begun")
        })
        .collect();
    let batch: Vec<Entry> = rows.iter().cloned().map(Entry::Append).collect();
    let mut ahead = 0;
    for part in [17, 33, 34, 60] {
        if store.begin(&batch[ahead..part])? {
            ahead = part;
        }
        assert_eq!(reader.last()?, last, "nobody reads what was only begun");
    }
    store.commit(&batch[ahead..])?;
    let scan = reader.read(&page(last.0, last.0 + 60, None, 60))?;
    assert_eq!(scan.rows, rows, "what was begun is committed with the rest");
    let last = reader.last()?;
    store.begin(&[Entry::Append(row(last.0 + 1, "order.lost"))])?;
    Ok(last)
}
