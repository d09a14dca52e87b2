use enact::prelude::*;

#[derive(Params)]
struct Part(#[param(min = 1)] String);

fn main() {}
