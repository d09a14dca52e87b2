//! What a file that defines actions needs: `use enact::prelude::*;`.

pub use crate::action::{Action, DryRun, Execute, Run, Undo};
pub use crate::context::{Context, Progress};
pub use crate::failure::{Failure, Kind};
pub use crate::params::{Params, Violations};
pub use crate::registry::Registry;
pub use crate::spec::{Effect, Retry};
#[cfg(feature = "derive")]
pub use enact_action_macros::{Action, Params};
