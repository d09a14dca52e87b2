use enact::prelude::*;

#[derive(Params)]
struct Part(#[param(pattern = "(a")] String);

fn main() {}
