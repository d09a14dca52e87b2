use enact::prelude::*;

#[derive(Params)]
struct Part(#[param(mni = 1)] u8);

fn main() {}
