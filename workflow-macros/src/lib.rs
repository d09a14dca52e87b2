//! The macro `workflow!`. It is documented where `enact` re-exports it.
//!
//! Four steps, four rooms: `parse` reads tokens into the `model`, `check` compares what
//! stands apart, `expand` prints and can't fail.

#[expect(dead_code, reason = "the rooms around it follow")]
mod model;
