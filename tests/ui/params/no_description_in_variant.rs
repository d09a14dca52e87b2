use enact::prelude::*;

#[derive(Params)]
enum Part {
    Named {
        value: u8,
    },
}

fn main() {}
