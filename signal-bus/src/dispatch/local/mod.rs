//! Targets within the process: a channel, a handler, another bus, `tracing`, the console, and none.

mod channel;
mod console;
mod forward;
mod handler;
mod log;
mod nowhere;

pub use self::channel::Channel;
pub use self::console::Console;
pub use self::forward::Forward;
pub use self::handler::Handler;
pub use self::log::Log;
pub use self::nowhere::Nowhere;

use super::target::{Outcome, Pending};

/// What is ready at once.
fn ready<'a>(outcome: Outcome) -> Pending<'a, Outcome> {
    Box::pin(std::future::ready(outcome))
}
