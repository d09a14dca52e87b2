//! A store that fails once, before it has done what it was asked or after.

use std::ops::Range;
use std::time::Duration;

use enact::workflow::journal::{
    Claim, Claimed, Entry, GraphRow, Mail, Memory, Reader, Store, StoreError,
};

use crate::life::{Ending, LifePlan};
use crate::scenario::{Plan, Scenario, Subject};
use crate::world::World;

/// What goes wrong with a store.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fault {
    /// Nothing is written, and there is no room for more.
    Full,
    /// Nothing is written, since somebody else has it locked.
    Locked,
    /// All is written, and nobody hears of it.
    Unheard,
}

pub(crate) const FAULTS: [Fault; 3] = [Fault::Full, Fault::Locked, Fault::Unheard];

/// A store whose n-th call fails.
pub(crate) struct Faulty {
    pub(crate) store: Memory,
    pub(crate) fault: Option<(u32, Fault)>,
    pub(crate) calls: u32,
    pub(crate) failed: bool,
    pub(crate) world: World,
}

impl Faulty {
    fn call<T>(
        &mut self,
        call: impl FnOnce(&mut Memory) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        if self.failed {
            self.world
                .complain("a store was called after it had failed");
        }
        let now = self.calls;
        self.calls += 1;
        let fault = self.fault.filter(|(at, _)| *at == now);
        let Some((_, fault)) = fault else {
            return call(&mut self.store);
        };
        self.failed = true;
        let why = match fault {
            Fault::Full => "no space left on device",
            Fault::Locked => "it is locked",
            Fault::Unheard => {
                drop(call(&mut self.store)?);
                "the connection was lost"
            }
        };
        Err(StoreError::new("write to", "that fails", why))
    }
}

impl Store for Faulty {
    fn commit(&mut self, batch: &[Entry]) -> Result<Vec<usize>, StoreError> {
        self.call(|store| store.commit(batch))
    }

    fn numbers(&mut self, most: u64) -> Result<Range<u64>, StoreError> {
        self.call(|store| store.numbers(most))
    }

    fn claim(&mut self, claim: &Claim) -> Result<Vec<Claimed>, StoreError> {
        self.call(|store| store.claim(claim))
    }

    fn next_wake(&mut self, graphs: &[u64]) -> Result<Option<u64>, StoreError> {
        self.store.next_wake(graphs)
    }

    fn mail(&mut self, most: usize) -> Result<Vec<Mail>, StoreError> {
        self.store.mail(most)
    }

    fn graphs(&mut self, graphs: &[GraphRow]) -> Result<(), StoreError> {
        self.call(|store| store.graphs(graphs))
    }

    fn prune(&mut self, before: u64, most: usize) -> Result<usize, StoreError> {
        self.call(|store| store.prune(before, most))
    }

    fn prunes(&self, most: usize) -> usize {
        self.store.prunes(most)
    }

    fn reader(&self) -> Result<Box<dyn Reader>, StoreError> {
        self.store.reader()
    }
}

/// Every call of the store fails once, in each way, at runs of every kind.
#[test]
fn whatever_fails_once_in_a_store_loses_nothing_and_invents_nothing() {
    let mut tried = 0;
    for subject in Subject::ALL {
        for fault in FAULTS {
            for at in 0.. {
                let plan = Plan::of(subject, 0);
                let disturbed = LifePlan {
                    ending: Ending::Fault(at, fault),
                    // So that few calls only look whether there is something to do.
                    poll: Duration::from_hours(if subject == Subject::Hurries {
                        200
                    } else {
                        1000
                    }),
                    ..LifePlan::default()
                };
                let scenario = Scenario {
                    seed: u64::from(at),
                    doom: 0,
                    runs: vec![plan],
                    lives: vec![disturbed],
                };
                let story = scenario.play();
                story.judge(&format!("{subject:?}, {fault:?} at call {at}"));
                if story.met.faults == 0 {
                    break;
                }
                tried += 1;
            }
        }
    }
    assert!(tried > 200, "{tried} calls are few");
    println!("{tried} calls failed once");
}
