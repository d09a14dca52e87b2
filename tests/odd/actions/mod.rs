//! Actions that are odd and right.

mod function_body;
mod macros_around_parts;
mod other_root;
mod raw_identifiers;
mod shadowed_names;
pub mod strict_lints;
mod unit_and_empty;
mod visibility;
