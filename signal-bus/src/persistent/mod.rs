//! Persistent subscriptions: signals of a log to whoever acknowledges them, at least once.
//!
//! What is given out, when and to whom is decided by `machine`, which is pure; `drive` reads and writes the
//! log for it and tells it the time.

mod dead;
mod delivery;
mod drive;
mod each;
mod figures;
mod machine;
mod policy;
mod subscribe;

pub use self::dead::DeadLetters;
pub use self::delivery::Delivery;
pub(crate) use self::drive::Shared;
pub use self::figures::PersistentFigures;
pub use self::policy::Order;
pub use self::subscribe::{PersistentSubscription, Subscribe};
