//! The leaf grammars: which strings and numbers a published schema admits, as pure functions.
//!
//! A schema that says one thing and a reader that does another is the commonest fault of tools for
//! language models. Each file here therefore describes one language, small enough to publish:
//!
//! - [`format`](mod@format) is the JSON Schema `format`s;
//! - [`portable`] is the regular expressions that mean the same in every engine;
//! - [`pattern`] is such an expression, compiled;
//! - [`number`] is exact comparison, `multipleOf`, and equality of JSON values;
//! - [`attribute`] is what names and holds an attribute of an event.
//!
//! The tests hold each of them against the `jsonschema` crate as an independent judge.
//!
//! Beside them, [`signal`] is the names of signals: types, and patterns of them.

pub mod attribute;
pub mod format;
pub mod number;
pub mod pattern;
pub mod portable;
mod rfc3339;
pub mod signal;

#[cfg(test)]
mod tests;
