//! What a macro passes on arrives in invisible groups.

use enact::prelude::*;
use serde_json::json;

macro_rules! texts {
    ($name:ident, $ty:ty, $limit:literal, $low:literal, $doc:literal, $word:expr, $check:path) => {
        #[derive(Debug, Params)]
        #[params(check = $check)]
        struct $name {
            #[doc = $doc]
            #[param(max = $limit, min = -$low, example = $limit)]
            many: $ty,
            #[doc = concat!("A ", "word.")]
            #[param(len = $low..=$limit, default = $word, one_of($word, "other"))]
            word: String,
        }
    };
}

fn fine(_: &Limits) -> Result<(), String> {
    Ok(())
}

texts!(Limits, Option<i32>, 9, 3, "How many.", "word", fine);

macro_rules! whole {
    ($(#[$meta:meta])* struct $name:ident { $($(#[$on:meta])* $field:ident: $ty:ty,)* }) => {
        $(#[$meta])*
        #[derive(Debug, Params)]
        struct $name { $($(#[$on])* $field: $ty,)* }
    };
}

whole! {
    /// The rules come from the caller, the derive from the macro.
    struct Caller {
        /// A number.
        #[param(min = 1, check = small)]
        number: u8,
        /// A list.
        #[param(items(min = 1), len = 1.., unique)]
        list: Vec<u8>,
    }
}

fn small(number: &u8) -> Result<(), &'static str> {
    if *number < 9 {
        Ok(())
    } else {
        Err("must be small")
    }
}

#[test]
fn it_does_what_it_says() {
    // `Option` is seen through the group, so the field is not asked for.
    let limits = Limits::new();
    assert_eq!(limits.word, "word");
    assert!(limits.many.is_none());
    assert!(
        Limits::read(json!({ "many": -4, "word": "wo" }))
            .unwrap_err()
            .len()
            >= 2
    );
    assert_eq!(
        Caller::read(json!({ "number": 0, "list": [0, 0] }))
            .unwrap_err()
            .len(),
        4
    );
    assert_eq!(Caller::new(9, vec![]).validate().unwrap_err().len(), 2);
}
