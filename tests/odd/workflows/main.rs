//! Workflows that are odd and right; most have the same name, so they are a program of their own.
#![allow(
    clippy::all,
    clippy::nursery,
    clippy::pedantic,
    clippy::restriction,
    reason = "what is odd is what is tested"
)]
#![deny(warnings)]

#[path = "../../ui/workflow/shop/mod.rs"]
pub mod shop;

mod an_action_of_the_same_name_elsewhere;
mod arms_of_a_branch_write_the_same;
mod arms_that_write_different_things;
mod collect_and_spawn;
mod early_answers;
pub mod every_lint;
mod in_a_macro;
mod inside_a_function;
mod literals_at_the_edge;
mod loops_over_anything;
mod macros_read_steps;
mod no_answer;
mod no_params;
mod no_params_and_no_answer;
mod options;
mod params_with_rules;
mod paths_of_types;
mod policy_in_place_of_the_actions;
mod raw_identifiers;
mod read_kept_unread;
mod recursion_in_a_branch;
mod recursion_in_a_repeat;
mod retry_of_a_workflow_that_reads;
mod retry_of_what_bears_it;
mod saga_in_a_saga;
mod saga_with_a_pivot;
mod saga_with_undo;
mod same_names_in_arms;
mod same_names_inside;
mod struct_update_and_constructors;
mod times_at_the_edge;
mod two_in_one_module;
