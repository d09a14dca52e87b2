//! What was published lately, so that nothing is twice: pure, and told the time.

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;
use std::time::Duration;

use enact_signal_core::Envelope;
use tokio::time::Instant;

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
    pub(super) fn find(&mut self, envelope: &Envelope, now: Instant) -> Option<u64> {
        while let Some((at, _)) = self.order.front()
            && now.saturating_duration_since(*at) >= self.age
        {
            self.forget();
        }
        self.sequences.get(key(envelope).as_str()).copied()
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
