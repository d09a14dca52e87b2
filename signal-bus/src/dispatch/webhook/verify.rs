//! The check that receivers do.

use std::collections::{HashMap, VecDeque};
use std::fmt;
use std::sync::{Mutex, PoisonError};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;

use super::key::Key;
use super::refusal::{Refusal, RefusalKind};

/// So many signatures of one webhook are looked at.
const SIGNATURES: usize = 16;

/// The longest id.
const ID: usize = 256;

/// The three headers of a webhook.
#[derive(Clone, Copy, Debug)]
pub struct Headers<'a> {
    /// `webhook-id`.
    pub id: &'a str,
    /// `webhook-timestamp`.
    pub timestamp: &'a str,
    /// `webhook-signature`.
    pub signature: &'a str,
}

/// A webhook that was signed by a key that is known, now, and for the first time.
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use = "whoever sends it again is told to wait until it is said to be handled, or to be forgotten"]
pub struct Verified {
    id: String,
}

/// Checks webhooks: their signature, their time, and that each is taken once.
///
/// What it has taken it remembers for as long as its timestamp would pass, in this process, and refuses
/// it when it comes again: as a replay, or since the sender has not heard of its success. Only once it was
/// [`handled`](Self::handled) the sender may take that for a success; until then it is to [try
/// again](RefusalKind::Pending), since nobody knows yet what comes of it.
/// Verify the bytes as they came, before anything reads them.
pub struct Verifier {
    keys: Vec<Key>,
    tolerance: i64,
    most: usize,
    taken: Mutex<Taken>,
}

/// The ids of what was taken, in the order in which it came, and whether each was handled.
#[derive(Default)]
struct Taken {
    ids: HashMap<String, bool>,
    order: VecDeque<(i64, String)>,
}

impl Verifier {
    /// One that knows those keys: several while they are rotated. Five minutes of tolerance, a hundred
    /// thousand webhooks within them.
    pub fn new(keys: impl IntoIterator<Item = Key>) -> Self {
        Self {
            keys: keys.into_iter().collect(),
            tolerance: 300,
            most: 100_000,
            taken: Mutex::default(),
        }
    }

    /// How many seconds a timestamp may be away, in either direction; 300 by default.
    #[must_use]
    pub fn tolerance(self, seconds: u32) -> Self {
        Self {
            tolerance: i64::from(seconds),
            ..self
        }
    }

    /// How many webhooks are remembered; more within the window are refused, since a replay among
    /// them could not be told.
    #[must_use]
    pub fn remember(self, most: usize) -> Self {
        Self { most, ..self }
    }

    /// Whether it is to be taken, now.
    ///
    /// # Errors
    /// A [`Refusal`], whose [`status`](RefusalKind::status) says what to answer.
    pub fn verify(&self, headers: &Headers<'_>, body: &[u8]) -> Result<Verified, Refusal> {
        self.verify_at(headers, body, Timestamp::now().as_second())
    }

    /// Whether it is to be taken at that time, in seconds since 1970.
    ///
    /// # Errors
    /// As those of [`verify`](Self::verify).
    pub fn verify_at(
        &self,
        headers: &Headers<'_>,
        body: &[u8],
        now: i64,
    ) -> Result<Verified, Refusal> {
        let malformed = |what| Refusal::new(RefusalKind::Malformed, what);
        if headers.id.is_empty() || headers.id.len() > ID {
            return Err(malformed("`webhook-id` is missing or too long"));
        }
        if headers.id.contains('.') {
            // It might end elsewhere: dots are what is between the parts that are signed.
            return Err(malformed("`webhook-id` has a dot in it"));
        }
        let digits = headers.timestamp.bytes().all(|byte| byte.is_ascii_digit());
        let at: i64 = match headers.timestamp.parse() {
            Ok(at) if digits => at,
            _ => return Err(malformed("`webhook-timestamp` is no number of seconds")),
        };
        if !self.is_signed(headers, body) {
            let what = "none of its signatures is of a key that is known here";
            return Err(Refusal::new(RefusalKind::Signature, what));
        }
        if now.abs_diff(at) > self.tolerance.unsigned_abs() {
            let what = "its timestamp is too far from the time here; look at the clocks";
            return Err(Refusal::new(RefusalKind::Time, what));
        }
        self.take(headers.id, at, now)?;
        let id = headers.id.to_owned();
        Ok(Verified { id })
    }

    /// One was handled: whoever sends it again is told that it was.
    pub fn handled(&self, verified: &Verified) {
        let mut taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(handled) = taken.ids.get_mut(&verified.id) {
            *handled = true;
        }
    }

    /// Forgets one that could not be handled, so that it is taken when the sender tries again.
    pub fn forget(&self, verified: &Verified) {
        let mut taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        taken.ids.remove(&verified.id);
        taken.order.retain(|(_, id)| *id != verified.id);
    }

    /// Every key is tried with every signature, so that time tells nothing of which fits.
    fn is_signed(&self, headers: &Headers<'_>, body: &[u8]) -> bool {
        let given = headers.signature.split(' ').take(SIGNATURES);
        let given = given.filter_map(|one| STANDARD.decode(one.strip_prefix("v1,")?).ok());
        let mut signed = false;
        for given in given {
            for key in &self.keys {
                signed |= key.has_signed(&given, headers.id, headers.timestamp, body);
            }
        }
        signed
    }

    fn take(&self, id: &str, at: i64, now: i64) -> Result<(), Refusal> {
        let mut taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        taken.expire(now);
        match taken.ids.get(id) {
            Some(true) => {
                let what = "it was handled before; answer with success and leave it";
                return Err(Refusal::new(RefusalKind::Repeated, what));
            }
            Some(false) => {
                let what = "it came before and is not handled yet; let the sender try again";
                return Err(Refusal::new(RefusalKind::Pending, what));
            }
            None => {}
        }
        if taken.ids.len() >= self.most {
            let what = "too many came within the window; let the sender try again";
            return Err(Refusal::new(RefusalKind::Full, what));
        }
        taken.ids.insert(id.to_owned(), false);
        // Until then its timestamp passes.
        let until = at.max(now).saturating_add(self.tolerance);
        taken.order.push_back((until, id.to_owned()));
        Ok(())
    }
}

impl Taken {
    /// Those that are over are about at the front; one that is not in its place is kept longer.
    fn expire(&mut self, now: i64) {
        while let Some((until, _)) = self.order.front() {
            if *until >= now {
                return;
            }
            if let Some((_, id)) = self.order.pop_front() {
                self.ids.remove(&id);
            }
        }
    }
}

impl Verified {
    /// The id of the webhook.
    pub fn id(&self) -> &str {
        &self.id
    }
}

impl fmt::Debug for Verifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut debug = f.debug_struct("Verifier");
        debug
            .field("keys", &self.keys.len())
            .field("tolerance", &self.tolerance)
            .finish_non_exhaustive()
    }
}
