//! Going back: how finished steps are undone, latest first.

mod report;
mod stack;
mod unfinished;

pub(crate) use self::report::{beside, go_back};
pub(crate) use self::stack::{Stack, Step, Undoable};
pub use self::unfinished::Unfinished;
