//! A refused plan is mended by what the refusal says, and by nothing else.

use enact::prelude::*;
use enact::workflow::Plan;
use serde_json::{Value, json};

/// A good plan with something misspelt: what stands there, and what is sent instead.
const PLANTS: [(&str, &str); 18] = [
    ("\"steps\":[", "\"stesp\":["),
    ("\"deadline\":", "\"deadlien\":"),
    ("\"saga\":", "\"sagas\":"),
    ("\"step\":\"first\"", "\"setp\":\"first\""),
    ("\"action\":\"say\"", "\"acton\":\"say\""),
    ("\"action\":\"say\"", "\"action\":\"sya\""),
    ("\"action\":\"make\"", "\"action\":\"mkae\""),
    ("{\"word\":\"hello\"}", "{\"wrod\":\"hello\"}"),
    ("\"bright\"", "\"brihgt\""),
    ("\"/params/count\"", "\"/params/cuont\""),
    ("\"/steps/first\"", "\"/steps/frist\""),
    ("\"/steps/made/id\"", "\"/step/made/id\""),
    ("\"/items/loop\"", "\"/items/lop\""),
    ("\"when\":", "\"wehn\":"),
    ("\"exists\":", "\"exsits\":"),
    ("\"times\":", "\"tiems\":"),
    ("\"for_each\":", "\"foreach\":"),
    ("\"max\":", "\"mx\":"),
];

fn good() -> String {
    let plan = json!({
        "enact": 1,
        "name": "test",
        "params": { "count": { "type": "integer", "default": 1 } },
        "deadline": "1h",
        "saga": true,
        "steps": [
            { "step": "first", "action": "say", "params": { "word": "hello" }, "retry": { "times": 2 } },
            { "step": "made", "action": "make", "params": { "what": { "ref": "/steps/first" } } },
            { "step": "sum", "action": "add", "params": { "a": { "ref": "/params/count" }, "b": 1 } },
            { "step": "wall", "action": "paint", "params": { "tone": "bright" } },
            { "branch": "again", "when": [
                { "if": { "exists": { "ref": "/steps/made/id" } },
                  "then": [{ "step": "more", "action": "say", "params": { "word": "more" } }] }
            ] },
            { "for_each": "loop", "in": ["x"], "max": 2, "do": [
                { "step": "one", "action": "say", "params": { "word": { "ref": "/items/loop" } } }
            ] }
        ]
    });
    plan.to_string()
}

/// Does to the plan what each line of the refusal proposes, and says how many lines proposed.
fn mend(plan: &mut Value, refusal: &str) -> usize {
    let hints = refusal.lines().filter_map(|line| {
        let (pointer, rest) = line.strip_prefix("- ")?.split_once(": found ")?;
        let (_, meant) = rest.rsplit_once("; did you mean ")?;
        let meant: String = serde_json::from_str(meant.strip_suffix('?')?).ok()?;
        Some((
            pointer,
            meant,
            ["[plan.unknown_key]", "[plan.param: unknown]"]
                .iter()
                .any(|code| rest.contains(code)),
        ))
    });
    hints
        .map(|(pointer, meant, is_key)| apply(plan, pointer, meant, is_key))
        .count()
}

fn apply(plan: &mut Value, pointer: &str, meant: String, is_key: bool) {
    let (outer, last) = pointer
        .rsplit_once('/')
        .expect("no hint is about the whole");
    let outer = plan.pointer_mut(outer).and_then(Value::as_object_mut);
    let outer = outer.expect("it points into the plan");
    if is_key {
        let value = outer.remove(last).expect("the key is there");
        outer.insert(meant, value);
    } else if let Some(rest) = meant.strip_prefix('/') {
        // The beginning of a reference; what stands behind it stays.
        let found = outer[last]
            .as_str()
            .expect("a reference is text")
            .to_owned();
        let behind = 2 + rest.matches('/').count();
        let tokens = std::iter::once(meant.as_str()).chain(found.split('/').skip(behind));
        outer[last] = Value::String(tokens.collect::<Vec<_>>().join("/"));
    } else {
        outer[last] = Value::String(meant);
    }
}

/// Mends until the plan is accepted; how many times it was sent, 9 at most.
fn mended(mut plan: Value) -> usize {
    let mut sent = 1;
    while let Err(mistakes) = Plan::check(&plan, Registry::global()) {
        let refusal = mistakes.into_failure().for_model();
        assert!(sent < 9 && mend(&mut plan, &refusal) > 0, "{refusal}");
        sent += 1;
    }
    sent
}

#[test]
fn each_misspelling_is_mended_at_the_first_try() {
    assert_eq!(mended(serde_json::from_str(&good()).unwrap()), 1);
    for (is, instead) in PLANTS {
        let text = good();
        assert!(text.contains(is), "{is} is in the plan");
        let plan = serde_json::from_str(&text.replacen(is, instead, 1)).unwrap();
        assert_eq!(mended(plan), 2, "{instead}");
    }
}

#[test]
fn all_at_once_are_mended_in_a_few() {
    // Without the ones that hide others: what is inside of a misspelt key is not looked into.
    let plain = PLANTS
        .iter()
        .filter(|(is, _)| !["\"action\":\"say\""].contains(is));
    let text = plain.fold(good(), |text, (is, instead)| text.replacen(is, instead, 1));
    let sent = mended(serde_json::from_str(&text).unwrap());
    assert!(sent <= 6, "sent {sent} times");
}
