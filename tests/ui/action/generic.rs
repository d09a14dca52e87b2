use enact::prelude::*;

/// Does it.
#[derive(Action)]
struct Do<T> {
    /// With what.
    with: Vec<T>,
}

impl<T: Send + Sync> Run for Do<T> {
    type Output = usize;
    async fn run(&self, _: &Context) -> Result<usize, Failure> {
        Ok(self.with.len())
    }
}

async fn uses() {
    let _: Result<usize, Failure> = Do::<u8>::new(vec![]).exec(&Context::new()).await;
}

fn main() {}
