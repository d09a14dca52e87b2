//! All that generated code may name; no promise is kept about any of it.

pub use enact_action_core as core;
pub use enact_action_core::__private::{SourcePlace, inventory, serde, serde_json, std};
pub use enact_action_core::{Params, Violations};

pub use crate::envelope::{Data, Envelope};
pub use crate::error::SignalError;
pub use crate::pattern::{Pattern, SignalType};
pub use crate::payload::{Enclosed, Named, Payload, Signal, apart, count, gathered, mismatch};
pub use crate::registry::{Entry, Submitted};
pub use crate::spec::{Constant, Spec};
