use enact::prelude::*;

/// Does it.
#[derive(Action)]
#[action(undo)]
struct Do;

fn main() {}
