use enact::prelude::*;

/// Does it.
#[derive(Action)]
struct Do;

#[derive(serde::Serialize)]
struct Answer;

impl Run for Do {
    type Output = Vec<Answer>;
    async fn run(&self, _: &Context) -> Result<Vec<Answer>, Failure> {
        Ok(Vec::new())
    }
}

fn main() {}
