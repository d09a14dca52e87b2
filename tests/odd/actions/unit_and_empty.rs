//! Actions without params.

use enact::prelude::*;
use serde_json::json;

/// Answers.
#[derive(Action)]
#[action(effect = read)]
struct Ping;

/// Has no fields between its braces.
#[derive(Action)]
#[action(effect = read, open)]
struct Pong {}

impl Run for Ping {
    type Output = &'static str;
    async fn run(&self, _: &Context) -> Result<&'static str, Failure> {
        Ok("pong")
    }
}

impl Run for Pong {
    type Output = ();
    async fn run(&self, _: &Context) -> Result<(), Failure> {
        Ok(())
    }
}

#[test]
fn it_does_what_it_says() {
    let _ = (Ping::new(), Pong::new());
    assert!(Ping::read(json!({})).is_ok());
    assert_eq!(
        Ping::read(json!({ "a": 1 })).map(|_| ()).unwrap_err().len(),
        1
    );
    assert!(Pong::read(json!({ "a": 1 })).is_ok());
}
