//! Params that are odd and right.

mod cfg_and_aliases;
mod descriptions;
mod enum_representations;
mod every_rule_works;
mod foreign_types;
mod generics;
mod macro_fragments;
mod mutual_recursion;
mod names_in_other_styles;
mod serde_attributes;
mod split_attributes;
