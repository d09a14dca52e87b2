//! What is large, and what is old.

use std::ops::Range;
use std::time::{Duration, Instant};

use enact::prelude::*;
use enact::workflow::engine::{Engine, Kind as Why, Settings};
use enact::workflow::journal::{
    Claim, Claimed, Entry, GraphRow, Mail, Memory, Reader, Store, StoreError,
};

use crate::ledger::folder;

/// Writes a lot.
#[derive(Debug, Action)]
#[action(effect = read)]
struct Scribe {
    /// How many bytes.
    bytes: usize,
}

impl Run for Scribe {
    type Output = String;

    async fn run(&self, _cx: &Context) -> Result<String, Failure> {
        Ok("again ".chars().cycle().take(self.bytes).collect())
    }
}

workflow! {
    /// Counts what somebody has written.
    Volume { bytes: usize } -> usize {
        step text = Scribe { bytes };
        text.len()
    }
}

#[tokio::test]
async fn what_is_large_is_kept_small_and_read_back() {
    let folder = folder("limits-large");
    let path = folder.join("runs.db");
    let engine = Engine::open(&path, &Context::new()).unwrap();
    let run = engine
        .start("a", Volume::new(4_000_000_usize))
        .await
        .unwrap();
    assert_eq!(run.answer().await.unwrap(), 4_000_000);
    engine.close().await;
    let size = |name: &str| std::fs::metadata(folder.join(name)).map_or(0, |file| file.len());
    let bytes = size("runs.db") + size("runs.db-wal");
    assert!(bytes < 500_000, "{bytes}");
}

#[tokio::test]
async fn what_is_too_large_is_refused_with_what_to_do() {
    let settings = Settings::default().most_output(1000);
    let engine = Engine::with(Box::new(Memory::default()), settings, &Context::new()).unwrap();
    let fits = engine.start("a", Volume::new(998_usize)).await.unwrap();
    assert_eq!(fits.answer().await.unwrap(), 998);
    let run = engine.start("b", Volume::new(999_usize)).await.unwrap();
    let failure = run.answer().await.unwrap_err();
    assert_eq!(
        (failure.code(), failure.step()),
        ("journal.too_large", Some("text"))
    );
    assert!(
        failure.message().contains("1001 bytes as JSON"),
        "{failure}"
    );
}

#[tokio::test]
async fn what_has_ended_long_ago_is_deleted_and_its_id_is_free() {
    let settings = Settings::default()
        .keep(Duration::ZERO)
        .poll(Duration::from_millis(1));
    let engine = Engine::with(Box::new(Memory::default()), settings, &Context::new()).unwrap();
    let run = engine.start("a", Volume::new(1_usize)).await.unwrap();
    assert_eq!(run.answer().await.unwrap(), 1);
    while engine.client().find("a").await.is_ok() {
        tokio::task::yield_now().await;
    }
    assert_eq!(engine.run("a").await.unwrap_err().kind(), Why::NotThere);
    let other = engine.start("a", Volume::new(2_usize)).await.unwrap();
    assert_eq!(other.answer().await.unwrap(), 2);
}

/// A store that deletes one run at once.
struct OneByOne(Memory);

impl Store for OneByOne {
    fn commit(&mut self, batch: &[Entry]) -> Result<Vec<usize>, StoreError> {
        self.0.commit(batch)
    }

    fn numbers(&mut self, most: u64) -> Result<Range<u64>, StoreError> {
        self.0.numbers(most)
    }

    fn claim(&mut self, claim: &Claim) -> Result<Vec<Claimed>, StoreError> {
        self.0.claim(claim)
    }

    fn next_wake(&mut self, graphs: &[u64]) -> Result<Option<u64>, StoreError> {
        self.0.next_wake(graphs)
    }

    fn mail(&mut self, most: usize) -> Result<Vec<Mail>, StoreError> {
        self.0.mail(most)
    }

    fn graphs(&mut self, graphs: &[GraphRow]) -> Result<(), StoreError> {
        self.0.graphs(graphs)
    }

    fn prunes(&self, _: usize) -> usize {
        1
    }

    fn prune(&mut self, before: u64, _: usize) -> Result<usize, StoreError> {
        self.0.prune(before, 1)
    }

    fn reader(&self) -> Result<Box<dyn Reader>, StoreError> {
        self.0.reader()
    }
}

#[tokio::test]
async fn what_is_deleted_in_small_parts_waits_for_no_poll_in_between() {
    let memory = Memory::default();
    let settings = Settings::default();
    let cx = Context::new();
    let engine = Engine::with(Box::new(memory.reopened()), settings, &cx).unwrap();
    for id in ["a", "b", "c"] {
        let run = engine.start(id, Volume::new(1_usize)).await.unwrap();
        assert_eq!(run.answer().await.unwrap(), 1);
    }
    engine.close().await;
    // What ended in this millisecond did not end before it.
    let ended = Instant::now();
    while ended.elapsed() < Duration::from_millis(2) {
        std::hint::spin_loop();
    }
    let settings = Settings::default().keep(Duration::ZERO);
    let settings = settings.poll(Duration::from_hours(1));
    let store = Box::new(OneByOne(memory.reopened()));
    let engine = Engine::with(store, settings, &cx).unwrap();
    let gone = async {
        for id in ["a", "b", "c"] {
            while engine.client().find(id).await.is_ok() {
                tokio::task::yield_now().await;
            }
        }
    };
    let gone = tokio::time::timeout(Duration::from_secs(20), gone).await;
    gone.expect("each is deleted at once");
}
