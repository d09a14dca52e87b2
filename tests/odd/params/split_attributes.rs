//! Rules in several lists.

use enact::prelude::*;
use serde_json::json;

/// A value with its rules in several lists.
#[derive(Debug, Params)]
#[params(check = first)]
#[params(check = second)]
struct Split {
    /// A number.
    #[param(min = 1)]
    #[param(max = 9)]
    #[param(example = 2, example = 3)]
    #[param(check = odd, check = prime)]
    number: u8,
    /// A map with a default of many commas.
    #[param(default = std::collections::BTreeMap::<String, u8>::from([("a".to_owned(), 1)]), len = 1..)]
    map: std::collections::BTreeMap<String, u8>,
}

fn first(_: &Split) -> Result<(), &'static str> {
    Err("first")
}

fn second(_: &Split) -> Result<(), &'static str> {
    Err("second")
}

fn odd(number: &u8) -> Result<(), &'static str> {
    if number % 2 == 1 { Ok(()) } else { Err("odd") }
}

fn prime(number: &u8) -> Result<(), &'static str> {
    if [2, 3, 5, 7].contains(number) {
        Ok(())
    } else {
        Err("prime")
    }
}

#[test]
fn it_does_what_it_says() {
    assert_eq!(Split::read(json!({ "number": 4 })).unwrap_err().len(), 4);
    assert_eq!(
        Split::schema()["properties"]["number"]["examples"],
        json!([2, 3])
    );
    assert_eq!(Split::new(3).map.len(), 1);
}
