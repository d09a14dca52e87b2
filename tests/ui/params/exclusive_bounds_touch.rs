use enact::prelude::*;

#[derive(Params)]
struct Part(#[param(exclusive_min = 1, max = 1)] u8);

fn main() {}
