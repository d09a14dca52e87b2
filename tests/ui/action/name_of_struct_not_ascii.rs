use enact::prelude::*;

/// Does it.
#[derive(Action)]
struct Größe {
    /// A value.
    value: u8,
}

impl Run for Größe {
    type Output = ();
    async fn run(&self, _: &Context) -> Result<(), Failure> {
        Ok(())
    }
}

fn main() {}
