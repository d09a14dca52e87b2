//! The trail: causes and effects, conversations and queries, in a file and over restarts.

use std::error::Error as _;
use std::path::Path;

use enact_signal_bus::log::{Log, LogError, Recorded};
use enact_signal_bus::trail::Trail;
use enact_signal_core::{Builder, Envelope, Pattern};

use crate::place::folder;

fn event(ty: &str, id: &str) -> Builder {
    Envelope::builder(ty, "/shop").id(id)
}

fn ids(found: impl IntoIterator<Item = Result<Recorded, LogError>>) -> Vec<String> {
    let found = found.into_iter().map(|it| it.unwrap().id().to_owned());
    found.collect()
}

/// Placed causes paid and packed, which both cause shipped; somebody else's order lies between.
fn publish(path: &Path) -> Log {
    let log = Log::open(path).unwrap();
    let placed = event("order.placed", "placed")
        .subject("1042")
        .build()
        .unwrap();
    let paid = event("order.paid", "paid")
        .caused_by(&placed)
        .build()
        .unwrap();
    let other = event("order.placed", "other")
        .subject("1043")
        .build()
        .unwrap();
    let packed = event("order.packed", "packed")
        .caused_by(&placed)
        .build()
        .unwrap();
    let shipped = event("order.shipped", "shipped").source("/depot");
    let shipped = shipped.caused_by(&paid).caused_by(&packed).build().unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap();
    let published = log.publish_all([placed, paid, other, packed, shipped]);
    runtime.block_on(published).unwrap();
    log
}

#[test]
fn chains_go_back_to_every_cause_and_forward_to_every_effect() {
    let path = folder("trail").join("signals.db");
    let log = publish(&path);
    assert_eq!(
        ids(log.trail().backward("shipped")),
        ["paid", "packed", "placed"]
    );
    // The index is in the file.
    drop(log);
    let log = Log::open(&path).unwrap();
    let trail = log.trail();
    assert_eq!(ids(trail.forward("placed")), ["paid", "packed", "shipped"]);
    assert_eq!(ids(trail.forward("shipped")), [""; 0]);
    assert_eq!(ids(trail.backward("nobody")), [""; 0]);
    let mut lazily = trail.forward("placed");
    assert_eq!(lazily.next().unwrap().unwrap().id(), "paid");
}

#[test]
fn queries_hold_all_that_they_say() {
    let log = publish(&folder("trail-queries").join("signals.db"));
    let query = || log.trail().query();
    let run =
        |query: enact_signal_bus::trail::Query| ids(query.run(9).unwrap().into_iter().map(Ok));
    assert_eq!(run(query().subject("1043")), ["other"]);
    assert_eq!(run(query().source("/depot")), ["shipped"]);
    let conversation = ["placed", "paid", "packed", "shipped"];
    assert_eq!(run(query().conversation("placed")), conversation);
    let placed = Pattern::new("order.placed").unwrap();
    assert_eq!(run(query().pattern(placed.clone())), ["placed", "other"]);
    let both = query()
        .source("/shop")
        .conversation("placed")
        .pattern(placed);
    assert_eq!(run(both), ["placed"]);
    let first = log.snapshot(enact_signal_bus::log::Select::all(), 1);
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap();
    let at = runtime.block_on(first).unwrap()[0].recorded_at();
    let at = std::time::UNIX_EPOCH + std::time::Duration::from_millis(at);
    let at = enact_signal_core::Timestamp::try_from(at).unwrap();
    assert_eq!(run(query().since(at.clone())).len(), 5);
    assert_eq!(run(query().before(at)), [""; 0]);
    assert_eq!(query().run(2).unwrap().len(), 2);
}

#[test]
fn a_tree_shows_each_signal_once_with_what_it_caused_and_no_more_than_asked_for() {
    let log = publish(&folder("trail-tree").join("signals.db"));
    let tree = log.trail().tree("placed", 100).unwrap();
    let drawn = "\
order.placed 1042 #1
├─ order.paid #2
│  └─ order.shipped #5
└─ order.packed #4
   └─ order.shipped #5, see above
";
    assert_eq!((tree.to_string().as_str(), tree.is_cut()), (drawn, false));
    let mermaid = "\
flowchart TD
    s1[\"order.placed 1042 #35;1\"]
    s2[\"order.paid #35;2\"]
    s4[\"order.packed #35;4\"]
    s5[\"order.shipped #35;5\"]
    s1 --> s2
    s1 --> s4
    s2 --> s5
    s4 --> s5
";
    assert_eq!(tree.mermaid(), mermaid);
    let cut = log.trail().tree("placed", 2).unwrap();
    assert_eq!((cut.len(), cut.is_cut()), (2, true));
    assert!(log.trail().tree("nobody", 9).unwrap().is_empty());
}

#[test]
fn a_deep_chain_and_a_ring_of_causes_come_to_an_end() {
    let log = Log::memory();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap();
    let ring = ["a", "b"].map(|id| {
        let cause = if id == "a" { "b" } else { "a" };
        event("ring", id).extension("causationid", cause)
    });
    runtime.block_on(log.publish_all(ring)).unwrap();
    let chain = (0..3000).map(|n: u32| {
        let cause = n
            .checked_sub(1)
            .map_or_else(|| "a".to_owned(), |n| n.to_string());
        event("chain", &n.to_string()).extension("causationid", cause)
    });
    runtime.block_on(log.publish_all(chain)).unwrap();
    let trail = log.trail();
    assert_eq!(trail.forward("a").count(), 3001);
    assert_eq!(trail.backward("2999").count(), 3001);
    let tree = trail.tree("a", usize::MAX).unwrap();
    assert_eq!((tree.len(), tree.to_string().lines().count()), (3002, 3003));
}

#[test]
fn a_trail_is_read_beside_whoever_has_the_log_and_follows_it() {
    let path = folder("beside").join("signals.db");
    let log = publish(&path);
    // Half of it is in the file's own index, and half is not.
    assert_eq!(log.trail().effects("placed").unwrap().len(), 2);
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap();
    let more = |id: &str| {
        let placed = log.trail().find("placed").unwrap().unwrap();
        let again = event("order.returned", id).caused_by(placed.envelope());
        runtime
            .block_on(log.publish(again.build().unwrap()))
            .unwrap();
    };
    let beside = Trail::open(&path).unwrap();
    let both = |log: &Log| {
        let wanted = log.trail().tree("placed", 100).unwrap().to_string();
        assert_eq!(beside.tree("placed", 100).unwrap().to_string(), wanted);
        let query = |trail: &Trail| {
            ids(trail
                .query()
                .source("/shop")
                .run(100)
                .unwrap()
                .into_iter()
                .map(Ok))
        };
        assert_eq!(query(&beside), query(&log.trail()));
    };
    both(&log);
    for id in ["one", "two"] {
        more(id);
        let found = beside.effects("placed").unwrap();
        assert_eq!(found.last().map(|last| last.id()), Some(id));
        both(&log);
    }
    // Nobody has the log any more.
    drop(log);
    assert_eq!(beside.effects("placed").unwrap().len(), 4);
    let first = beside.first_effects("placed", 3).unwrap();
    assert_eq!(first.len(), 3);
}

#[test]
fn a_file_without_a_log_is_refused_and_left_as_it_was() {
    let path = folder("no-log").join("notes.db");
    assert!(Trail::open(&path).is_err() && !path.exists());
    let own = rusqlite::Connection::open(&path).unwrap();
    own.execute_batch("CREATE TABLE notes (text TEXT)").unwrap();
    drop(own);
    let before = std::fs::read(&path).unwrap();
    let error = Trail::open(&path).unwrap_err();
    let why = error.source().map(ToString::to_string).unwrap_or_default();
    assert!(
        why.contains("there is no log of signals in the file"),
        "{why}"
    );
    assert_eq!(std::fs::read(&path).unwrap(), before);
}
