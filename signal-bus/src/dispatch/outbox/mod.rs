//! The outbox: signals in a table of the application's own database, and from there on.
//!
//! Who writes to a database and then to a broker loses one of the two in a crash. With an outbox, the signal is
//! written in the same transaction as what it tells of; a relay delivers it afterwards, at least once.
//!
//! | database | feature | table, relay and target |
//! | --- | --- | --- |
//! | `SQLite` | `outbox` | `Outbox`, `Relay` and `OutboxTarget`, here |
//! | `PostgreSQL` | `outbox-postgres` | the same, in `postgres` |
//!
//! The table has the same columns in both: `position`, rising; `source` and `id`, unique together, so that putting a signal
//! twice is putting it once; `type`; `event`, the signal as structured JSON; `refused`, why it can't be delivered, or
//! null. What is delivered is deleted.

mod batch;
mod name;
#[cfg(feature = "outbox-postgres")]
pub mod postgres;
#[cfg(feature = "outbox")]
mod sqlite;

pub use self::batch::Drained;
#[cfg(feature = "outbox")]
pub use self::sqlite::{Outbox, OutboxTarget, Relay};
