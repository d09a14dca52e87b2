use enact::prelude::*;

#[derive(Params)]
enum Part {
    None,
    Some(#[param(min = 0.5, max = -0.5)] f64),
}

fn main() {}
