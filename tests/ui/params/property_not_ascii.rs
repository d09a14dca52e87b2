use enact::prelude::*;

#[derive(Params)]
struct Part {
    /// How large.
    größe: u8,
}

fn main() {}
