//! What a plan that is right becomes.

use super::{accepted, whole};

#[test]
fn a_whole_plan_is_accepted() {
    accepted(&whole());
}
