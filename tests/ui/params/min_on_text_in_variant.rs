use enact::prelude::*;

#[derive(Params)]
enum Part {
    None,
    Some(#[param(min = 1)] String),
}

fn main() {}
