//! Tokens that approve of one call, once.

use std::collections::VecDeque;
use std::fmt::Write as _;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use enact_action_core::Failure;
use hyper::header::AUTHORIZATION;
use hyper::http::request::Parts;
use rmcp::model::Extensions;
use serde_json::Value;
use sha2::{Digest as _, Sha256};
use tokio::time::Instant;

use crate::http::SESSION;
use crate::limits::Limits;
use crate::once::digest;

/// How many random bytes a token has.
const BYTES: usize = 32;

/// What a token approves of: a tool, its arguments, and who may call it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Bound([u8; 32]);

/// By which way a token comes back, so that none stands in for the other.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Way {
    /// In `_meta`.
    Meta,
    /// As the state of a round.
    Round,
}

/// What is known of the sender besides the tenant.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Sender<'a> {
    /// Which connection of lines of JSON it is; 0 for HTTP.
    pub(crate) connection: u64,
    pub(crate) tenant: Option<&'a str>,
    pub(crate) extensions: &'a Extensions,
}

impl Bound {
    pub(crate) fn new(way: Way, sender: Sender<'_>, tool: &str, arguments: &Value) -> Self {
        let parts = sender.extensions.get::<Parts>();
        let header = |name: &str| parts.and_then(|parts| parts.headers.get(name));
        let header = |name| header(name).map(hyper::header::HeaderValue::as_bytes);
        let mut sha = Sha256::new();
        sha.update([way as u8]);
        sha.update(sender.connection.to_be_bytes());
        for part in [
            sender.tenant.map(str::as_bytes),
            header(SESSION),
            header(AUTHORIZATION.as_str()),
            Some(tool.as_bytes()),
        ] {
            // What is absent is not what is empty.
            sha.update(
                part.map_or(u64::MAX, |part| part.len() as u64)
                    .to_be_bytes(),
            );
            sha.update(part.unwrap_or_default());
        }
        sha.update(digest(arguments));
        Self(sha.finalize().into())
    }
}

/// The tokens that have been given out and not used.
#[derive(Debug)]
pub(crate) struct Tokens {
    most: usize,
    keep: Duration,
    /// The oldest first.
    slots: Mutex<VecDeque<Slot>>,
}

#[derive(Debug)]
struct Slot {
    /// The token's digest, so that comparing tells nothing of it.
    token: [u8; 32],
    bound: Bound,
    since: Instant,
}

impl Tokens {
    pub(crate) fn new(limits: &Limits) -> Self {
        Self {
            most: limits.approvals.max(1),
            keep: limits.approval,
            slots: Mutex::default(),
        }
    }

    /// A token that approves of that call; where there are many, the oldest makes room.
    ///
    /// # Errors
    /// Where the system has no randomness.
    pub(crate) fn issue(&self, bound: Bound) -> Result<String, Failure> {
        let mut random = [0; BYTES];
        getrandom::fill(&mut random).map_err(|error| {
            let text = "could not make a token, since the system gives no randomness";
            Failure::misconfigured("confirm.no_token", text).because(error)
        })?;
        let token = random.iter().fold(String::new(), |mut token, byte| {
            // Writing to a String can't fail.
            let _ = write!(token, "{byte:02x}");
            token
        });
        let mut slots = self.slots();
        while slots.len() >= self.most {
            slots.pop_front();
        }
        slots.push_back(Slot {
            token: Sha256::digest(&token).into(),
            bound,
            since: Instant::now(),
        });
        Ok(token)
    }

    /// Uses a token up, where it is there and approves of that call.
    pub(crate) fn redeem(&self, token: &str, bound: Bound) -> bool {
        let token: [u8; 32] = Sha256::digest(token).into();
        let mut slots = self.slots();
        slots.retain(|slot| slot.since.elapsed() < self.keep);
        let found = slots
            .iter()
            .position(|slot| slot.token == token && slot.bound == bound);
        found.and_then(|at| slots.remove(at)).is_some()
    }

    fn slots(&self) -> MutexGuard<'_, VecDeque<Slot>> {
        self.slots.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
