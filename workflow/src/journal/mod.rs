//! The durable record of runs: what it holds, where it is kept, and who writes it.
//!
//! A journal is append-only. Records of all runs go into it in the order in which they are made, by
//! one writer that puts many of them under one sync: whatever is durable, all before it is too. A
//! record says of a node of the graph, at the indices of the items and passes around it, what came
//! of it; so going on after a crash asks the journal by place and needs no order of execution.

mod memory;
mod record;
mod run;
#[cfg(feature = "sqlite")]
mod sqlite;
mod store;
mod writer;

#[cfg(test)]
mod tests;

pub(crate) use self::memory::Memory;
pub use self::record::Status;
pub(crate) use self::record::{Ending, Kept, Outcome, Record, What};
pub(crate) use self::run::{RunJournal, diverged, is_of_journal, unreadable, unwritable};
#[cfg(feature = "sqlite")]
pub(crate) use self::sqlite::Sqlite;
pub use self::store::StoreError;
pub(crate) use self::store::{Entry, Finder, NewRun, RunRow, Store};
pub(crate) use self::writer::Writer;
