use enact::prelude::*;

#[derive(Params)]
enum Part {
    None,
    Some(#[param(secret)] Option<Unit>),
}

struct Unit;

fn main() {}
