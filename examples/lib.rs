//! The examples are programs: `cargo run --example hello`. This library is empty but for the
//! README, whose snippets are compiled and run as doctests.

/// The README.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
