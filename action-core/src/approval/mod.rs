//! Calls that wait until somebody approves of them.
//!
//! `#[action(confirm)]` marks an action whose calls somebody has to approve of: a refund, a
//! deletion, a message to customers. Whoever stands between a model and the actions then asks before
//! it runs one, and shows what it would do:
//!
//! - [`ToolSet::dispatch`](crate::tool::ToolSet::dispatch) leaves the call undone, and the program
//!   [approves](crate::tool::Answers::approve) or [denies](crate::tool::Answers::deny) it;
//! - the server of the Model Context Protocol asks the client's user, or hands the client a token;
//! - the verb `run` asks on the terminal, unless it is given `--yes`.
//!
//! A [`Gate`] decides before any of them: a program's own policy.
//!
//! A workflow needs approval where one of its steps does, and who approves of the workflow approves
//! of its steps: inside a run nobody is asked. Nor is anybody asked where the program itself runs an
//! action, by [`exec`](crate::Execute::exec) or [`Registry::call`](crate::Registry::call): these are
//! no model's calls.

mod gate;
mod preview;
mod proposal;
#[doc(hidden)]
pub mod refusal;

pub use self::gate::{Decision, Gate};
pub use self::preview::{Preview, PreviewStep};
pub use self::proposal::Proposal;
#[doc(hidden)]
pub use self::proposal::told;
