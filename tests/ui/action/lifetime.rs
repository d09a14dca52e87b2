use enact::prelude::*;

/// Does it.
#[derive(Action)]
struct Do<'a> {
    /// With what.
    with: &'a str,
}

impl Run for Do<'_> {
    type Output = ();
    async fn run(&self, _: &Context) -> Result<(), Failure> {
        Ok(())
    }
}

fn main() {}
