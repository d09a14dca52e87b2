//! What Enact's macro crates share; internal, with no promise about any of it.
//!
//! Every macro reads in four steps, parse, model, check, expand, and notes its mistakes in one
//! [`Diag`] on the way, each on the tokens that caused it. [`keys`] reads attribute lists so that
//! one slip gives one error.

pub mod diag;
pub mod docs;
pub mod duration;
pub mod keys;
pub mod name;
pub mod nearest;
pub mod retry;

pub use self::diag::Diag;
