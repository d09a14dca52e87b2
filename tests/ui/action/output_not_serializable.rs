use enact::prelude::*;

/// Does it.
#[derive(Action)]
struct Do;

struct Answer;

impl Run for Do {
    type Output = Answer;
    async fn run(&self, _: &Context) -> Result<Answer, Failure> {
        Ok(Answer)
    }
}

async fn uses() {
    let _ = Do::new().exec(&Context::new()).await;
}

fn main() {}
