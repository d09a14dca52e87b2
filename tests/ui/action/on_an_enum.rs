use enact::prelude::*;

/// Does it.
#[derive(Action)]
enum Do {
    This,
    That,
}

impl Run for Do {
    type Output = ();
    async fn run(&self, _: &Context) -> Result<(), Failure> {
        Ok(())
    }
}

fn main() {}
