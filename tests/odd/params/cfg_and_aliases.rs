//! Fields that are not compiled, and types by another name.

use enact::prelude::*;
use serde_json::json;

type Maybe = Option<u8>;
type Text = String;

/// Some of it is not there.
#[derive(Debug, Params)]
#[cfg_attr(all(), params(check = fine))]
struct Partly {
    /// Not there.
    #[cfg(any())]
    gone: Nonexistent,
    /// There.
    #[cfg(not(any()))]
    #[cfg_attr(all(), param(min = 1))]
    here: Maybe,
    /// Text by another name.
    #[param(len = 1.., default = "x")]
    text: Text,
}

/// A choice.
#[derive(Debug, Params)]
enum Choice {
    A,
    #[cfg(any())]
    B(Nonexistent),
}

fn fine(_: &Partly) -> Result<(), String> {
    Ok(())
}

#[test]
fn it_does_what_it_says() {
    // An alias hides the `Option`, so `new` asks for it; reading does not.
    assert_eq!(Partly::new(None).text, "x");
    assert!(Partly::read(json!({})).unwrap().here.is_none());
    assert_eq!(Partly::read(json!({ "here": 0 })).unwrap_err().len(), 1);
    let _ = Choice::A;
}
