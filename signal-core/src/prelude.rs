//! What a file that sends or reads signals needs: `use enact::signal::prelude::*;`.

pub use crate::draft::{Compose, Seal};
pub use crate::payload::Signal;
#[cfg(feature = "macros")]
pub use enact_signal_macros::{pattern, signal};
