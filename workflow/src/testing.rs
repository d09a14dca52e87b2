//! What tests of workflows need.

pub use crate::lock::{Change, Lock, LockError, Stale, assert_lock, check_lock};
