use enact::prelude::*;

#[derive(Params)]
struct Part {
    #[serde(skip)]
    #[param(min = 1)]
    count: u8,
}

fn main() {}
