//! The words of a refusal: for people, for programs, for models.

use enact::params::Code;
use serde_json::{Value, json};

use super::{places, refusal};

/// What one fault says, without its place.
#[track_caller]
fn says(action: &str, input: Value, line: &str) {
    let found = refusal(action, input);
    assert_eq!(found.to_string(), line);
}

fn bounded() -> Value {
    json!({ "a": 1, "b": 0, "e": 0, "f": 0, "g": 1 })
}

fn with(mut value: Value, pointer: &str, other: Value) -> Value {
    match value.pointer_mut(pointer) {
        Some(place) => *place = other,
        None => value[&pointer[1..]] = other,
    }
    value
}

#[test]
fn each_rule_says_what_was_found_and_what_is_allowed() {
    let bounded = |key: &str, value: Value| with(bounded(), key, value);
    says(
        "bounded",
        bounded("/a", json!(13)),
        "/a: found 13; allowed: at most 12 [max]",
    );
    says(
        "bounded",
        bounded("/a", json!(0)),
        "/a: found 0; allowed: at least 1 [min]",
    );
    says(
        "bounded",
        bounded("/b", json!(10)),
        "/b: found 10; allowed: less than 10 [exclusive_max]",
    );
    says(
        "bounded",
        bounded("/b", json!(-10)),
        "/b: found -10; allowed: more than -10 [exclusive_min]",
    );
    says(
        "bounded",
        bounded("/g", json!(0.5)),
        "/g: found 0.5; allowed: an integer [type]",
    );
    let stepped = |value: Value| json!({ "a": value, "b": 0.5, "d": 100 });
    says(
        "stepped",
        stepped(json!(13)),
        "/a: found 13; allowed: a multiple of 12 [multiple_of]",
    );
    let measured = json!({ "a": "", "b": "abc", "e": "x" });
    says(
        "measured",
        measured,
        "/a: found 0 characters; allowed: 1 to 5 characters [len]",
    );
    let chosen = json!({ "a": "smal", "c": "a", "d": "" });
    says(
        "chosen",
        chosen,
        "/a: found \"smal\"; allowed: one of \"small\", \"medium\", \"large\" [one_of]; did you mean \
         \"small\"?",
    );
    let matched = json!({ "a": "abc-1", "b": "a 1", "d": "red" });
    says(
        "matched",
        matched,
        "/a: found \"abc-1\"; allowed: text that matches ^[A-Z]{3}-[0-9]{2,4}$ [pattern]",
    );
    let instants = json!({ "a": "yesterday", "b": "2026-01-31" });
    says(
        "instants",
        instants,
        "/a: found \"yesterday\"; allowed: date-time, such as 2026-01-31T09:30:00Z [format]",
    );
}

#[test]
fn bounds_that_the_type_keeps_are_told_once() {
    says(
        "bounded",
        with(bounded(), "/e", json!(-3)),
        "/e: found -3; allowed: at least 0 [min]",
    );
    says(
        "bounded",
        with(bounded(), "/e", json!(66_000)),
        "/e: found 66000; allowed: at most 65535 [max]",
    );
    says(
        "bounded",
        with(bounded(), "/f", json!(2_147_483_648_u32)),
        "/f: found 2147483648; allowed: at most 2147483647 [max]",
    );
}

#[test]
fn lists_and_maps_say_where_and_how_many() {
    let sets = json!({ "a": [3, 1, 3], "b": [], "c": [], "d": [], "f": [] });
    says(
        "sets",
        sets,
        "/a: found items 0 and 2 alike; allowed: items that differ [unique]",
    );
    let nested = json!({ "a": [[0], [1, 2]], "b": [] });
    says(
        "nested",
        nested,
        "/a/1/1: found 2; allowed: at most 1 [max]",
    );
    let nested = json!({ "a": [], "b": [], "c": [[[1, 2, 3]]] });
    says(
        "nested",
        nested,
        "/c/0/0: found 3 items; allowed: at most 2 items [len]",
    );
    let keyed = json!({ "a": {}, "b": { "B": 1 }, "d": {}, "e": { "up": 1 } });
    let found = refusal("keyed", keyed).to_string();
    let expected = [
        "/a: found 0 keys; allowed: 1 to 3 keys [len]",
        "/b/B: found \"B\"; allowed: text that matches ^[a-z]+$ [pattern]",
        "/e/up: found \"up\"; allowed: one of \"north\", \"south\" [one_of]",
    ];
    assert_eq!(found, expected.join("\n"));
}

#[test]
fn names_say_what_was_meant() {
    let renamed = json!({ "firstThin": 1, "Other": "o" });
    let found = refusal("renamed", renamed).to_string();
    let expected = [
        "/firstThin: found the unknown field \"firstThin\"; allowed: one of \"firstThing\", \
         \"Other\", \"type\" [unknown]; did you mean \"firstThing\"?",
        "/firstThing: found nothing; allowed: an integer [required]",
    ];
    assert_eq!(found, expected.join("\n"));
    says(
        "renamed",
        json!({ "firstThing": 1, "Other": "", "zebra": 1 }),
        "/zebra: found the unknown field \"zebra\"; allowed: one of \"firstThing\", \"Other\", \
         \"type\" [unknown]",
    );
    says(
        "nothing",
        json!({ "a": 1 }),
        "/a: found the unknown field \"a\"; allowed: no fields [unknown]",
    );
}

#[test]
fn one_letter_is_not_near_to_another() {
    let flags = json!({ "a": true, "x": 1 });
    let found = refusal("flags", flags);
    assert_eq!(found.iter().next().and_then(|it| it.hint.clone()), None);
}

#[test]
fn names_for_one_thing_exclude_each_other() {
    let aliased = json!({ "city": "Ulm", "town": "Ulm", "sum": 1, "inner": { "nick": "N" } });
    says(
        "aliased",
        aliased,
        "/town: found another value for it; allowed: \"city\" once, under one of its names [twice]",
    );
    let aliased = json!({ "total": 1, "inner": {} });
    let found = refusal("aliased", aliased);
    let expected = [
        ("/inner/name".to_owned(), Code::Required),
        ("/city".to_owned(), Code::Required),
    ];
    assert_eq!(
        places(&found),
        expected,
        "an alias does not make a param optional"
    );
}

#[test]
fn names_exclude_each_other_in_every_flattened_part() {
    let flattened =
        json!({ "words": "w", "query": "q", "offset": 1, "from": 2, "order": "o", "by": "b" });
    let found = places(&refusal("flattened", flattened));
    let twice = |key: &str| (format!("/{key}"), Code::Twice);
    assert_eq!(found, [twice("query"), twice("from"), twice("by")]);
}

#[test]
fn unknown_fields_are_told_beside_other_faults_of_a_flattened_struct() {
    let parted = json!({ "zz": 1, "a": 10, "offset": 0, "via": "mail", "to": "nobody" });
    let found = places(&refusal("parted", parted));
    let expected = [
        ("/zz", Code::Unknown),
        ("/a", Code::Max),
        ("/to", Code::Format),
    ]
    .map(|(at, code)| (at.to_owned(), code));
    assert_eq!(found, expected);
}

#[test]
fn variants_say_which_there_are() {
    let external = |figure: Value| json!({ "a": figure, "c": [] });
    says(
        "external",
        external(json!("Circle")),
        "/a: found \"Circle\"; allowed: an object with \"Circle\" as its key and a number under it [variant]",
    );
    says(
        "external",
        external(json!({ "Empty": null })),
        "/a: found an object; allowed: the string \"Empty\" by itself [variant]",
    );
    let found = refusal("external", external(json!({ "Circle": -1, "zz": 1 })));
    let expected = [("/a/Circle", Code::Min), ("/a/zz", Code::Unknown)]
        .map(|(at, code)| (at.to_owned(), code));
    assert_eq!(places(&found), expected);
    says(
        "internal",
        json!({ "a": { "kind": "skipp" }, "b": [] }),
        "/a/kind: found \"skipp\"; allowed: one of \"skip\", \"write_out\", \"place\", \"rm\" [variant]; \
         did you mean \"skip\"?",
    );
    says(
        "internal",
        json!({ "a": {}, "b": [] }),
        "/a/kind: found nothing; allowed: one of \"skip\", \"write_out\", \"place\", \"rm\" [required]",
    );
}

#[test]
fn the_nearest_variant_without_a_name_tells_its_faults() {
    let untagged = |some: Value| json!({ "a": some, "b": [], "c": { "id": 1 } });
    says(
        "untagged",
        untagged(json!({ "x": 200, "y": 0 })),
        "/a/x: found 200; allowed: at most 180 [max]",
    );
    says(
        "untagged",
        untagged(Value::Null),
        "/a: found null; allowed: a string or a number or true or false or a list or an object [type]",
    );
}

#[test]
fn programs_get_an_array_of_what_people_read() {
    let found = refusal(
        "renamed",
        json!({ "firstThing": 0, "Other": "", "typ": true }),
    );
    let expected = json!([
        { "pointer": "/firstThing", "code": "min", "found": "0", "allowed": "at least 1" },
        {
            "pointer": "/typ",
            "code": "unknown",
            "found": "the unknown field \"typ\"",
            "allowed": "one of \"firstThing\", \"Other\", \"type\"",
            "hint": "did you mean \"type\"?"
        }
    ]);
    assert_eq!(
        serde_json::to_value(&found).expect("violations are JSON"),
        expected
    );
}

#[test]
fn models_are_told_what_to_do_next() {
    let found = refusal("renamed", json!({ "firstThing": 0, "Other": "" }));
    let expected = "The arguments were refused; nothing was done.\n\
                    - /firstThing: found 0; allowed: at least 1 [min]\n\
                    Mend these and call again.";
    assert_eq!(found.for_model(), expected);
}

#[test]
fn text_that_was_found_stays_on_its_line_and_is_short() {
    let chosen = |text: &str| json!({ "a": text, "c": "a", "d": "" });
    let found = refusal("chosen", chosen("a\nb\"c\u{202e}\u{0}"));
    let line = "/a: found \"a\\nb\\\"c\\u202e\\u0000\"; allowed: one of \"small\", \"medium\", \"large\" [one_of]";
    assert_eq!(found.to_string(), line);
    for text in [
        "🦀".repeat(10_000),
        "\u{0}".repeat(10_000),
        "\u{1F3F4}\u{E0067}".repeat(999),
    ] {
        let found = refusal("chosen", chosen(&text));
        assert!(found.for_model().len() <= 400, "{}", found.for_model());
    }
    let found = refusal(
        "flags",
        json!({ "a": true, "x\n- /a: found nothing wrong": 1 }),
    );
    assert_eq!(found.to_string().lines().count(), 1, "{found}");
}
