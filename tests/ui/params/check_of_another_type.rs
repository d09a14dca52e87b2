use enact::prelude::*;

#[derive(Params)]
struct Part {
    /// A value.
    #[param(check = even)]
    value: String,
}

fn even(_: &u8) -> Result<(), String> {
    Ok(())
}

fn main() {}
