//! Inputs that are made to hang or to crash the reader.

use enact::params::{Code, MOST_VIOLATIONS};
use serde_json::{Value, json};

use super::{places, refusal};

/// `inside` in so many objects, each under this key of the one around it.
fn wrapped(levels: usize, inside: Value, wrap: impl Fn(Value) -> Value) -> Value {
    (0..levels).fold(inside, |inside, _| wrap(inside))
}

/// An object with one key; unlike `json!`, this does not go through what is inside.
fn under(key: &str, inside: Value) -> Value {
    Value::Object([(key.to_owned(), inside)].into_iter().collect())
}

/// One more link of a chain.
fn link(next: Value) -> Value {
    let members = [("weight".to_owned(), 1.into()), ("next".to_owned(), next)];
    Value::Object(members.into_iter().collect())
}

#[test]
fn what_is_beyond_a_hundred_is_counted() {
    let many: Vec<Value> = (0..250).map(|_| json!("no number")).collect();
    let input = json!({ "a": many, "b": [], "c": [], "d": [0, 0, 0], "e": [], "g": [] });
    let found = refusal("lists", input);
    assert_eq!((found.iter().len(), found.len()), (MOST_VIOLATIONS, 250));
    assert!(found.to_string().ends_with("\nand 150 more"), "{found}");
    assert!(found.for_model().contains("- and 150 more\n"), "{found}");
}

#[test]
fn what_is_beyond_a_hundred_is_counted_in_a_variant_without_a_name_too() {
    let many: Vec<Value> = (0..250).map(|_| json!("no number")).collect();
    let found = refusal(
        "untagged",
        json!({ "a": { "many": many }, "b": [], "c": { "id": 1 } }),
    );
    assert_eq!((found.iter().len(), found.len()), (MOST_VIOLATIONS, 251));
}

#[test]
fn values_as_deep_as_json_text_may_be_are_read() {
    let chain = under("first", wrapped(126, Value::Null, link));
    let text = chain.to_string();
    let read: Value = serde_json::from_str(&text).expect("126 levels and one are within the limit");
    let shape = enact_tests::shapes()
        .into_iter()
        .find(|shape| shape.name == "chain");
    let written = (shape.expect("the chain is among the shapes").round)(read.clone());
    assert_eq!(written.expect("nothing is wrong with it"), read);
}

#[test]
fn values_deeper_than_the_limit_are_refused_at_the_limit() {
    for levels in [128, 129, 500, 1_000] {
        let chain = under("first", wrapped(levels, Value::Null, link));
        let found = refusal("chain", chain);
        let codes: Vec<Code> = places(&found).into_iter().map(|(_, code)| code).collect();
        assert_eq!(codes.last(), Some(&Code::Limit), "{levels}: {found}");
        assert!(found.for_model().len() < 900, "{}", found.for_model());
    }
}

#[test]
fn deep_lists_of_untagged_values_are_refused_or_read() {
    for (levels, fine) in [(100, true), (124, true), (130, false), (1_000, false)] {
        let list = wrapped(levels, json!(1.5), |inside| Value::Array(vec![inside]));
        let condition = ("condition".to_owned(), json!("always"));
        let terms = ("terms".to_owned(), Value::Array(vec![list]));
        let input = Value::Object([condition, terms].into_iter().collect());
        let shape = enact_tests::shapes()
            .into_iter()
            .find(|shape| shape.name == "query");
        let outcome = (shape.expect("the query is among the shapes").round)(input);
        assert_eq!(outcome.is_ok(), fine, "{levels}: {outcome:?}");
    }
}

#[test]
fn a_recursive_enum_without_names_ends_with_a_limit() {
    // Each level may be read in four ways, and none fits at the end.
    let input =
        json!({ "knot": wrapped(100, json!("no end"), |inside| json!({ "a": inside, "b": 1 })) });
    let found = refusal("knots", input);
    assert_eq!(places(&found), [(String::new(), Code::Limit)], "{found}");
}

#[test]
fn a_recursive_enum_without_names_is_read_where_it_fits() {
    let input = json!({ "knot": wrapped(40, json!(7), |inside| json!({ "a": inside, "b": 1 })) });
    let shape = enact_tests::shapes()
        .into_iter()
        .find(|shape| shape.name == "knots");
    let written = (shape.expect("knots are among the shapes").round)(input.clone());
    assert_eq!(written.expect("nothing is wrong with it"), input);
}

#[test]
fn long_names_of_unknown_fields_do_not_fill_the_report() {
    let name = "n".repeat(1_000_000);
    let found = refusal("flags", json!({ "a": true, name: 1 }));
    assert!(found.for_model().len() <= 400, "{}", found.for_model());
    let pointer = &found.iter().next().expect("there is one").pointer;
    assert_eq!(pointer.len(), 1_000_001, "the pointer itself is whole");
}
