//! What was published lately, so that nothing is twice: pure, and told the time.

use std::collections::VecDeque;
use std::collections::hash_map::{Entry, HashMap};
use std::sync::Arc;
use std::time::Duration;

use enact_signal_core::Envelope;
use tokio::time::Instant;

use super::{Delivery, Fate};

/// The signals of a window: so many at most, and none older than that.
#[derive(Debug)]
pub(super) struct Seen {
    most: usize,
    age: Duration,
    sequences: HashMap<Arc<str>, u64>,
    /// The oldest first.
    order: VecDeque<(Instant, Arc<str>)>,
}

impl Seen {
    pub(super) fn new(most: usize, age: Duration) -> Self {
        Self {
            most,
            age,
            sequences: HashMap::new(),
            order: VecDeque::new(),
        }
    }

    /// The sequence number under which it was published before.
    fn find(&mut self, envelope: &Envelope, now: Instant) -> Option<u64> {
        while let Some((at, _)) = self.order.front()
            && now.saturating_duration_since(*at) >= self.age
        {
            self.forget();
        }
        self.sequences.get(key(envelope).as_str()).copied()
    }

    /// Finds which of a batch were published before, or come in it again; of the latter it says the
    /// places, each with that of the one before.
    pub(super) fn find_all(&mut self, batch: &mut [Delivery], now: Instant) -> Vec<(usize, usize)> {
        let mut again = Vec::new();
        let mut firsts: HashMap<String, (usize, usize)> = HashMap::new();
        let mut given = 0;
        let alone = batch.len() == 1 || self.age.is_zero();
        for (place, delivery) in batch.iter_mut().enumerate() {
            if !self.is_new(delivery, now) || alone {
                continue;
            }
            match firsts.entry(key(delivery)) {
                Entry::Occupied(first) if given - first.get().0 <= self.most => {
                    delivery.settle(Fate::Duplicate, 0);
                    again.push((place, first.get().1));
                }
                entry => {
                    entry.insert_entry((given, place));
                    given += 1;
                }
            }
        }
        again
    }

    /// Whether it is given, and was not published before; otherwise it is a duplicate from now on.
    pub(super) fn is_new(&mut self, delivery: &mut Delivery, now: Instant) -> bool {
        if delivery.fate() != Fate::Given {
            return false;
        }
        let before = self.find(delivery, now);
        if let Some(before) = before {
            delivery.settle(Fate::Duplicate, before);
        }
        before.is_none()
    }

    pub(super) fn add(&mut self, envelope: &Envelope, sequence: u64, now: Instant) {
        if self.most == 0 {
            return;
        }
        while self.order.len() >= self.most {
            self.forget();
        }
        let key = Arc::from(key(envelope));
        self.sequences.insert(Arc::clone(&key), sequence);
        self.order.push_back((now, key));
    }

    fn forget(&mut self) {
        if let Some((_, key)) = self.order.pop_front() {
            self.sequences.remove(&key);
        }
    }
}

/// What tells one event from all others: `CloudEvents` 1.0.2, section "id". A source is a
/// URI-reference, and so has no NUL.
fn key(envelope: &Envelope) -> String {
    format!("{}\0{}", envelope.source(), envelope.id())
}
