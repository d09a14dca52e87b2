//! Names that are keywords.

use enact::prelude::*;
use serde_json::json;

/// Matches a type.
#[derive(Action)]
#[action(r#effect = read)]
struct r#Match {
    /// The type.
    #[param(r#len = 1..)]
    r#type: String,
    /// The place.
    r#where: Option<r#Struct>,
}

/// A struct.
#[derive(Params)]
#[serde(rename_all = "camelCase")]
struct r#Struct {
    /// A loop.
    #[param(r#default = 3)]
    r#loop: u8,
}

impl Run for r#Match {
    type Output = String;
    async fn run(&self, _: &Context) -> Result<String, Failure> {
        Ok(self.r#type.clone())
    }
}

#[test]
fn it_does_what_it_says() {
    assert_eq!(r#Match::SPEC.name, "match");
    let read = r#Match::read(json!({ "type": "u8", "where": {} })).unwrap();
    assert_eq!(read.r#where.map(|place| place.r#loop), Some(3));
    assert_eq!(r#Match::new("u8").r#type, "u8");
}
