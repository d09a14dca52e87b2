//! The durable record of runs: what it holds, where it is kept, and who writes it.
//!
//! A journal is append-only. Records of all runs go into it in the order in which they are made, by
//! one writer that puts many of them under one sync: whatever is durable, all before it is too. A
//! record says of a node of the graph, at the indices of the items and passes around it, what came
//! of it; so going on after a crash asks the journal by place and needs no order of execution.
//!
//! [`Store`] is the port: [`Memory`], `Sqlite` and `Postgres` implement it, and whoever has another place to keep
//! journals can too; the suite that tells whether it keeps its promises is
//! `enact::workflow::testing::conforms`.

mod body;
#[cfg(any(test, feature = "testing"))]
mod conforms;
mod kept;
mod memory;
mod origin;
#[cfg(feature = "postgres")]
pub mod postgres;
mod record;
mod run;
pub mod sealed;
#[cfg(feature = "sqlite")]
pub mod sqlite;
mod stepped;
mod store;
mod work;
mod writer;

#[cfg(test)]
mod tests;

pub use self::body::Body;
#[cfg(any(test, feature = "testing"))]
pub use self::conforms::conforms;
pub(crate) use self::kept::Kept;
pub use self::memory::Memory;
pub(crate) use self::origin::{Causes, Origin, StartedBy};
pub(crate) use self::record::{Damage, Outcome, Sent, Stepped, What};
pub use self::record::{Ending, EventId, Record, Status};
pub(crate) use self::run::{
    Deed, RunJournal, diverged, is_of_journal, refused, unreadable, unwritable,
};
pub use self::stepped::Answered;
pub(crate) use self::stepped::Came;
pub use self::store::{
    Claim, Claimed, Counts, Entry, GraphRow, List, Mail, NEVER, NOW, NewRun, Reader, RunRow, Store,
    StoreError,
};
pub use self::work::{Database, Work};
pub(crate) use self::writer::{Haste, Writer};
