//! A target that takes everything and keeps nothing.

use enact_signal_core::Envelope;

use super::ready;
use crate::dispatch::{Outcome, Pending, Target};

/// Takes everything and keeps nothing: for a target that is switched off, and for measuring.
///
/// ```
/// use enact_signal_bus::dispatch::{Target, local::Nowhere};
///
/// assert_eq!(Nowhere.name(), "nowhere");
/// assert!(Nowhere.validate().is_ok());
/// ```
#[derive(Clone, Copy, Debug, Default)]
pub struct Nowhere;

impl Target for Nowhere {
    fn name(&self) -> &'static str {
        "nowhere"
    }

    fn check(&self) -> Pending<'_, Outcome> {
        ready(Ok(()))
    }

    fn deliver<'a>(&'a self, _signal: &'a Envelope) -> Pending<'a, Outcome> {
        ready(Ok(()))
    }
}
