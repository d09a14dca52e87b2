//! Typed, durable hands for language models and business processes.
//!
//! This is the one crate to depend on; it re-exports the others.
pub use enact_action_core::*;
#[cfg(feature = "cli")]
pub use enact_cli as cli;
#[cfg(feature = "mcp")]
pub use enact_mcp as mcp;
#[cfg(feature = "bus")]
pub use enact_signal_bus as bus;
#[cfg(feature = "signal")]
pub use enact_signal_core::{pattern, signal};
#[cfg(feature = "workflow")]
pub use enact_workflow::workflow;

#[doc(hidden)]
pub use enact_action_core::__private;

/// The kits for tests, of actions, of signals and of workflows.
#[cfg(feature = "testing")]
pub mod testing {
    pub use enact_action_core::testing::*;
    #[cfg(feature = "bus")]
    pub use enact_signal_bus::testing::*;
    #[cfg(feature = "workflow")]
    pub use enact_workflow::testing::*;
}

/// What a file that defines actions needs: `use enact::prelude::*;`.
pub mod prelude {
    pub use enact_action_core::prelude::*;
    #[cfg(feature = "signal")]
    pub use enact_signal_core::prelude::*;
    #[cfg(feature = "workflow")]
    pub use enact_workflow::{Start, Workflow, workflow};
}
