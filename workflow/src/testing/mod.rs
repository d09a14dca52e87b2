//! What tests of workflows need: crashes everywhere, and the lock file of their graphs.
//!
//! One line shows that a workflow survives a crash at any instant; see [`crash_everywhere`].

mod crash;
mod life;
mod outcome;
mod store;
mod windows;

pub use self::crash::{CrashTest, crash_everywhere};
pub use self::outcome::{CrashError, Crashes, Failed};
pub use self::windows::Windows;
pub use crate::journal::conforms;
pub use crate::lock::{Change, Lock, LockError, Stale, assert_lock, check_lock};
