//! Calls with an idempotency key: one effect, one answer.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use rmcp::model::CallToolResult;
use serde_json::Value;
use sha2::{Digest as _, Sha256};
use tokio::sync::watch;
use tokio::time::Instant;

use crate::limits::Limits;

/// Whose key it is: keys of two tenants or two tools have nothing in common, nor those of two authorizations without a tenant.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Key {
    pub(crate) tenant: Option<String>,
    /// The digest of what the sender is authorized by, where that is sent and no tenant is known.
    pub(crate) authorization: Option<[u8; 32]>,
    pub(crate) tool: &'static str,
    pub(crate) key: String,
}

/// What was asked, as its digest.
type Asked = [u8; 32];

/// Sees the answer when there is one; closed where there will be none.
pub(crate) type Answers = watch::Receiver<Option<CallToolResult>>;

/// The answers of calls with keys, bounded in number, bytes and time.
#[derive(Debug, Clone)]
pub(crate) struct Once(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    most: usize,
    most_bytes: usize,
    keep: Duration,
    slots: Mutex<Slots>,
}

#[derive(Debug, Default)]
struct Slots {
    by_key: HashMap<Key, Slot>,
    /// The kept ones, the oldest first.
    kept: VecDeque<Kept>,
    /// How many bytes they have together.
    bytes: usize,
}

#[derive(Debug)]
struct Kept {
    since: Instant,
    key: Key,
    bytes: usize,
}

#[derive(Debug)]
struct Slot {
    asked: Asked,
    answers: Answers,
}

/// What a call with a key is to do.
#[derive(Debug)]
pub(crate) enum Turn {
    /// Run, and answer for all.
    Lead(Lead),
    /// Wait for the one that runs, or take its answer.
    Follow(Answers),
    /// Give up: the key stands for another call.
    Conflict,
    /// Give up: there are too many calls with keys just now.
    Full,
}

/// The duty to answer for all calls with the key; given up when it is dropped.
#[derive(Debug)]
pub(crate) struct Lead {
    once: Once,
    key: Option<Key>,
    answer: watch::Sender<Option<CallToolResult>>,
}

impl Once {
    pub(crate) fn new(limits: &Limits) -> Self {
        Self(Arc::new(Shared {
            most: limits.kept,
            most_bytes: limits.kept_bytes,
            keep: limits.keep,
            slots: Mutex::default(),
        }))
    }

    /// Takes a turn for a call with that key and these arguments.
    pub(crate) fn turn(&self, key: Key, arguments: &Value) -> Turn {
        let asked = digest(arguments);
        let mut slots = self.slots();
        slots.forget(self.0.keep);
        if let Some(slot) = slots.by_key.get(&key) {
            return if slot.asked == asked {
                Turn::Follow(slot.answers.clone())
            } else {
                Turn::Conflict
            };
        }
        if slots.by_key.len() >= self.0.most && !slots.forget_oldest() {
            return Turn::Full;
        }
        let (answer, answers) = watch::channel(None);
        slots.by_key.insert(key.clone(), Slot { asked, answers });
        drop(slots);
        Turn::Lead(Lead {
            once: self.clone(),
            key: Some(key),
            answer,
        })
    }

    fn slots(&self) -> MutexGuard<'_, Slots> {
        self.0.slots.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Slots {
    fn forget(&mut self, keep: Duration) {
        while let Some(oldest) = self.kept.front()
            && oldest.since.elapsed() >= keep
        {
            self.forget_oldest();
        }
    }

    /// Makes room; not where all that is there runs.
    fn forget_oldest(&mut self) -> bool {
        let Some(oldest) = self.kept.pop_front() else {
            return false;
        };
        self.bytes -= oldest.bytes;
        self.by_key.remove(&oldest.key).is_some()
    }

    /// Keeps one more; those that are too many for that go.
    fn keep(&mut self, key: Key, bytes: usize, most: usize) {
        let since = Instant::now();
        self.bytes += bytes;
        self.kept.push_back(Kept { since, key, bytes });
        while self.bytes > most && self.kept.len() > 1 {
            self.forget_oldest();
        }
    }
}

impl Lead {
    /// Gives the answer to all who wait and who will ask.
    pub(crate) fn keep(mut self, answer: CallToolResult) {
        if let Some(key) = self.key.take() {
            // What can't be written is no answer, which whoever sends it finds out.
            let bytes = serde_json::to_vec(&answer).map_or(0, |json| json.len());
            let most = self.once.0.most_bytes;
            self.once.slots().keep(key, bytes, most);
        }
        self.answer.send_replace(Some(answer));
    }
}

impl Lead {
    /// Gives the answer to all who wait, and to nobody who asks later.
    pub(crate) fn share(self, answer: CallToolResult) {
        self.answer.send_replace(Some(answer));
    }
}

impl Drop for Lead {
    fn drop(&mut self) {
        if let Some(key) = self.key.take() {
            self.once.slots().by_key.remove(&key);
        }
    }
}

/// The same for objects whose keys come in another order.
pub(crate) fn digest(value: &Value) -> Asked {
    let mut sha = Sha256::new();
    feed(value, &mut sha);
    sha.finalize().into()
}

fn feed(value: &Value, sha: &mut Sha256) {
    match value {
        Value::Object(map) => {
            let mut keys: Vec<&String> = map.keys().collect();
            keys.sort_unstable();
            sha.update(format!("{{{}", keys.len()));
            for key in keys {
                feed(&Value::from(key.as_str()), sha);
                feed(&map[key], sha);
            }
        }
        Value::Array(items) => {
            sha.update(format!("[{}", items.len()));
            for item in items {
                feed(item, sha);
            }
        }
        leaf => {
            let leaf = leaf.to_string();
            sha.update(format!("{}:", leaf.len()));
            sha.update(leaf);
        }
    }
}
