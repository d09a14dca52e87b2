//! What the tools are called with: params that keep every rule and what is to come back, and params that break one.

use enact::Registry;
use enact::registry::Entry;
use enact::tool::Dialect;
use enact_tests::mill::Mill;
use serde_json::{Value, json};

/// Which values are made; any other number makes others.
const SEED: u64 = 7;

/// How many of each kind a tool is called with.
const EACH: usize = 3;

/// How many are made to find those.
const TRIES: usize = 20_000;

/// The most that JavaScript's numbers hold exactly, 2^53 - 1.
const EXACT: u64 = (1 << 53) - 1;

/// The cases of each tool, by its name.
pub(crate) fn of(registry: &Registry) -> Value {
    let each = registry
        .iter()
        .map(|entry| (entry.name().to_owned(), case(registry, entry)));
    each.collect()
}

fn case(registry: &Registry, entry: &Entry) -> Value {
    let alone = registry.filter(|other| other.name() == entry.name());
    let tool = alone
        .tools()
        .build(Dialect::Mcp)
        .expect("it is a tool")
        .remove(0);
    let shapes = enact_tests::shapes();
    let shape = shapes
        .iter()
        .find(|shape| shape.name == entry.name())
        .expect("every tool is a shape");
    let keeps = |params: &Value| entry.check(params.clone()).is_ok();
    let good = Mill::new(entry.schema(), SEED, 0.0)
        .take(TRIES)
        .filter(|params| exact(params) && keeps(params));
    let good: Vec<Value> = good
        .take(EACH)
        .map(|params| {
            let answer = (shape.round)(params.clone()).expect("it keeps every rule");
            // A set is written in any order.
            let answer = (shape.name != "sets").then_some(answer);
            json!({"arguments": tool.encode(params), "answer": answer})
        })
        .collect();
    let bad = Mill::new(entry.schema(), SEED, 0.3)
        .take(TRIES)
        .filter(|params| params.is_object() && exact(params) && !keeps(params));
    json!({"good": good, "bad": bad.take(EACH).collect::<Vec<_>>()})
}

/// Whether JavaScript's numbers hold all that are in there.
fn exact(value: &Value) -> bool {
    match value {
        Value::Number(number) => match (number.as_u64(), number.as_i64()) {
            (Some(number), _) => number <= EXACT,
            (None, Some(number)) => number.unsigned_abs() <= EXACT,
            (None, None) => number.as_f64().is_some_and(|number| number.abs() < 1e15),
        },
        Value::Array(items) => items.iter().all(exact),
        Value::Object(members) => members.values().all(exact),
        Value::Null | Value::Bool(_) | Value::String(_) => true,
    }
}
