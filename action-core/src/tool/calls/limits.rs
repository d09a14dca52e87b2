//! How much one message of a model may ask for.

use std::time::Duration;

/// How much one message of a model may ask for.
///
/// ```
/// # extern crate enact_action_core as enact;
/// # use enact::prelude::*;
/// use enact::tool::CallLimits;
///
/// let one_by_one = CallLimits { at_once: 1, ..CallLimits::default() };
/// let tools = enact::tools().limits(one_by_one);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CallLimits {
    /// How many calls of a message run at the same time: 8; 0 is 1.
    pub at_once: usize,
    /// How many calls of a message run at all: 128. Those beyond are answered as failed.
    pub calls: usize,
    /// The most bytes of one call's arguments, as JSON: 1 MiB. Larger ones are refused.
    pub arguments: usize,
    /// The most bytes of text that goes back for one call: 256 KiB. A longer one is cut, and says
    /// so.
    pub answer: usize,
    /// How long one call may take, retries included, from when it begins: 5 minutes. The action's
    /// own policy may bound it further.
    pub deadline: Duration,
}

impl Default for CallLimits {
    fn default() -> Self {
        Self {
            at_once: 8,
            calls: 128,
            arguments: 1 << 20,
            answer: 256 << 10,
            deadline: Duration::from_mins(5),
        }
    }
}
