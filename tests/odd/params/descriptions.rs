//! Descriptions from files, macros, blocks and several lines.

use enact::prelude::*;
use serde_json::json;

#[doc = include_str!("words.md")]
#[derive(Action)]
#[action(effect = read)]
struct FromFile {
    #[doc = concat!("Joined ", "words.")]
    joined: u8,
    /** In a block. */
    block: u8,
    #[doc = "Said twice,"]
    #[doc = "in two lines."]
    twice: u8,
    #[doc = include_str!("words.md")]
    file: u8,
    #[doc(hidden)]
    /// Hidden from rustdoc only.
    hidden: u8,
}

impl Run for FromFile {
    type Output = ();
    async fn run(&self, _: &Context) -> Result<(), Failure> {
        Ok(())
    }
}

#[test]
fn it_does_what_it_says() {
    assert_eq!(FromFile::SPEC.description, "Words from a file.");
    let described = |name: &str| FromFile::schema()["properties"][name]["description"].clone();
    assert_eq!(described("joined"), json!("Joined words."));
    assert_eq!(
        described("block").as_str().map(str::trim),
        Some("In a block.")
    );
    assert_eq!(described("twice"), json!("Said twice,\nin two lines."));
}
