//! The examples are programs: `cargo run --example hello`. This library holds what several of them
//! have beside them, so that they need nothing but this machine: a [`Receiver`] of HTTP requests, a
//! [`Folder`] for files, and the README, whose snippets are compiled and run as doctests.

mod folder;
mod receiver;

use std::error::Error;

pub use self::folder::Folder;
pub use self::receiver::{Answer, Receiver, Request, post};

/// What a program or a part of it comes to.
pub type Outcome<T> = Result<T, Box<dyn Error + Send + Sync>>;

/// Asserts that a part of a program has told each of some facts.
///
/// # Panics
/// Where one of them is not in the text, with the whole text.
#[track_caller]
pub fn assert_tells(told: &str, facts: &[&str]) {
    for fact in facts {
        assert!(told.contains(fact), "nothing is told of {fact:?}:\n{told}");
    }
}

/// The README.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
