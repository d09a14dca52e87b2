use enact::prelude::*;

#[derive(Params)]
enum Part {
    None,
    Some(#[param(pattern = "(?<=a)b")] String),
}

fn main() {}
