use enact::prelude::*;

/// Does it.
#[derive(Action)]
union Do {
    byte: u8,
    sign: i8,
}

impl Run for Do {
    type Output = ();
    async fn run(&self, _: &Context) -> Result<(), Failure> {
        Ok(())
    }
}

fn main() {}
