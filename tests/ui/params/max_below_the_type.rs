use enact::prelude::*;

#[derive(Params)]
struct Part(#[param(max = -1)] u8);

fn main() {}
