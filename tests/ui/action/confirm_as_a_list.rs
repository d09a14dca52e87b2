use enact::prelude::*;

/// Does it.
#[derive(Action)]
#[action(confirm("Shall it?"))]
struct Do {
    /// A value.
    value: u8,
}

impl Run for Do {
    type Output = ();
    async fn run(&self, _: &Context) -> Result<(), Failure> {
        Ok(())
    }
}

fn main() {}
