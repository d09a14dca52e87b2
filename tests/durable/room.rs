//! How many runs are in memory at once, while more come from both sides.

use std::ops::Range;
use std::sync::Arc;
use std::time::Duration;

use enact::prelude::*;
use enact::workflow::engine::{Engine, Settings};
use enact::workflow::journal::{
    Claim, Claimed, Entry, GraphRow, Mail, Memory, Reader, Store, StoreError,
};
use tokio::sync::{Mutex, Notify};
use tokio::task::JoinSet;

use crate::asking::{Enter, Gated, open, world};
use crate::ledger::folder;
use crate::parking::counted;
use crate::runs::Approved;

/// A store that hands over no run, or begins none, while somebody else has its door, and says when it has one.
struct Doored {
    store: Memory,
    before: Before,
    door: Arc<Mutex<()>>,
    at_the_door: Arc<Notify>,
}

/// What the door stands before.
#[derive(PartialEq)]
enum Before {
    HandingOver,
    Beginning,
}

impl Doored {
    fn pass(&self) {
        self.at_the_door.notify_one();
        let _through = self.door.blocking_lock();
    }
}

impl Store for Doored {
    fn commit(&mut self, batch: &[Entry]) -> Result<Vec<usize>, StoreError> {
        let begins = batch.iter().any(|entry| matches!(entry, Entry::Begin(..)));
        if self.before == Before::Beginning && begins {
            self.pass();
        }
        self.store.commit(batch)
    }

    fn numbers(&mut self, most: u64) -> Result<Range<u64>, StoreError> {
        self.store.numbers(most)
    }

    fn claim(&mut self, claim: &Claim) -> Result<Vec<Claimed>, StoreError> {
        let claimed = self.store.claim(claim)?;
        // Nothing holds up who finds none: what makes a run due is written by the same thread.
        if self.before == Before::HandingOver && !claimed.is_empty() {
            self.pass();
        }
        Ok(claimed)
    }

    fn next_wake(&mut self, graphs: &[u64]) -> Result<Option<u64>, StoreError> {
        self.store.next_wake(graphs)
    }

    fn mail(&mut self, most: usize) -> Result<Vec<Mail>, StoreError> {
        self.store.mail(most)
    }

    fn graphs(&mut self, graphs: &[GraphRow]) -> Result<(), StoreError> {
        self.store.graphs(graphs)
    }

    fn prune(&mut self, before: u64, most: usize) -> Result<usize, StoreError> {
        self.store.prune(before, most)
    }

    fn reader(&self) -> Result<Box<dyn Reader>, StoreError> {
        self.store.reader()
    }
}

workflow! {
    /// Waits to be let in, and goes through a gate.
    LetIn { order: String } -> String {
        wait approval = Approved where subject == order;
        step entered = Enter { who: approval.by };
        entered
    }
}

#[tokio::test]
async fn one_that_comes_back_and_one_that_is_new_are_no_more_than_allowed() {
    let (door, at_the_door) = (Arc::new(Mutex::new(())), Arc::new(Notify::new()));
    let store = Doored {
        store: Memory::default(),
        before: Before::HandingOver,
        door: Arc::clone(&door),
        at_the_door: Arc::clone(&at_the_door),
    };
    let settings = Settings::default().most_live(1).linger(Duration::ZERO);
    let settings = settings.poll(Duration::from_mins(10));
    let cx = world(&folder("room"));
    let engine = Engine::with(Box::new(store), settings, &cx).unwrap();
    engine.start("a", LetIn::new("1042")).await.unwrap();
    counted(&engine, |counts| counts.waiting == 1).await;
    // It may have been there for the start of this run.
    tokio::time::timeout(Duration::ZERO, at_the_door.notified())
        .await
        .ok();
    let shut = Arc::clone(&door).lock_owned().await;
    let signal = Approved {
        by: "ada".to_owned(),
    };
    let subject = Some("1042".to_owned());
    engine.signal("a", &signal, subject).await.unwrap();
    // There is room for it by now, and it is not there yet.
    at_the_door.notified().await;
    let other = engine.clone();
    let mut tasks = JoinSet::new();
    tasks.spawn(async move { other.start("b", Gated::new("new")).await.map(drop) });
    for _ in 0..10 {
        tokio::task::yield_now().await;
    }
    drop(shut);
    tasks.join_next().await.unwrap().unwrap().unwrap();
    counted(&engine, |counts| counts.running + counts.queued == 2).await;
    let counts = engine.client().counts().await.unwrap();
    assert_eq!((counts.running, engine.live()), (1, 1), "{counts:?}");
    open(&cx);
    for (id, who) in [("a", "ada"), ("b", "new")] {
        let run = engine.run(id).await.unwrap();
        assert_eq!(run.answer().await.unwrap(), format!("through {who}"));
    }
}

#[tokio::test]
async fn what_comes_for_a_run_while_it_is_started_again_is_for_the_run_that_there_is() {
    let (door, at_the_door) = (Arc::new(Mutex::new(())), Arc::new(Notify::new()));
    let store = Doored {
        store: Memory::default(),
        before: Before::Beginning,
        door: Arc::clone(&door),
        at_the_door: Arc::clone(&at_the_door),
    };
    let settings = Settings::default().linger(Duration::ZERO);
    let settings = settings.poll(Duration::from_mins(10));
    let cx = world(&folder("started-again"));
    let engine = Engine::with(Box::new(store), settings, &cx).unwrap();
    engine.start("a", LetIn::new("1042")).await.unwrap();
    counted(&engine, |counts| counts.waiting == 1).await;
    at_the_door.notified().await;
    let shut = Arc::clone(&door).lock_owned().await;
    let mut tasks = JoinSet::new();
    let again = engine.clone();
    tasks.spawn(async move { again.start("a", LetIn::new("1042")).await.map(drop) });
    // It is not known yet that the run is there.
    at_the_door.notified().await;
    let sender = engine.clone();
    tasks.spawn(async move {
        let (by, subject) = ("ada".to_owned(), Some("1042".to_owned()));
        sender.signal("a", &Approved { by }, subject).await
    });
    for _ in 0..10 {
        tokio::task::yield_now().await;
    }
    drop(shut);
    while let Some(done) = tasks.join_next().await {
        done.unwrap().unwrap();
    }
    open(&cx);
    let run = engine.run("a").await.unwrap();
    let answer = tokio::time::timeout(Duration::from_secs(30), run.answer()).await;
    let answer = answer.expect("the run has the signal").unwrap();
    assert_eq!(answer, "through ada");
}
