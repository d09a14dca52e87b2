use enact::prelude::*;

#[derive(Params)]
struct Part {
    /// A value.
    #[param(check = even)]
    value: u8,
}

fn even(_: &u8) {}

fn main() {}
