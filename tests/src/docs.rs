//! The snippets of the documents, compiled and run as doctests.

/// The README.
#[doc = include_str!("../../README.md")]
struct Readme;
