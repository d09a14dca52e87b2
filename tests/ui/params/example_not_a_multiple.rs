use enact::prelude::*;

#[derive(Params)]
struct Part(#[param(multiple_of = 5, example = 7)] u8);

fn main() {}
