//! Every shape as a tool of every vendor: the vendor's schema accepts what is encoded, and
//! decoding gives the same params back, also where the arguments have gone as text.
//!
//! `ENACT_CASES=100000 cargo test --release -p enact-tests --test tools` is the long run;
//! `ENACT_SEED` makes other values.

use enact::Registry;
use enact::registry::Entry;
use enact::testing::json_of;
use enact::tool::{Dialect, Tool, ToolError};
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use serde_json::Value;

use enact_tests::Shape;

/// How many values the short run takes, over all shapes.
const CASES: u64 = 1500;

#[test]
fn encoding_and_decoding_are_inverse_for_every_vendor() {
    let (seed, wanted) = (number("ENACT_SEED", 42), number("ENACT_CASES", CASES));
    let registry = Registry::open().unwrap();
    let each = wanted.div_ceil(registry.len() as u64);
    let (mut built, mut refused) = (0, Vec::new());
    for entry in registry.iter() {
        let values = values(entry, seed, each);
        for dialect in Dialect::ALL {
            match one(&registry, entry, dialect) {
                Ok(tool) => {
                    built += 1;
                    check(entry, &tool, &values, seed);
                }
                Err(error) => refused.push((entry.name(), dialect, error)),
            }
        }
    }
    println!(
        "{built} tools of {} actions with {each} values each, ENACT_SEED={seed}, {} refused",
        registry.len(),
        refused.len()
    );
    // What contains itself, or is an enum at the root, is no tool for every vendor.
    let excused = ["chain", "forest", "knots", "parted", "plan", "query"];
    let surprises: Vec<_> = refused
        .iter()
        .filter(|(name, ..)| !excused.contains(name))
        .collect();
    assert!(surprises.is_empty(), "{surprises:#?}");
    assert!(built > 270, "{built}");
}

fn number(name: &str, otherwise: u64) -> u64 {
    match std::env::var(name) {
        Ok(number) => number.parse().expect("a number"),
        Err(_) => otherwise,
    }
}

fn one(registry: &Registry, entry: &Entry, dialect: Dialect) -> Result<Tool, ToolError> {
    let alone = registry
        .allow([entry.name()])
        .expect("the entry is of this registry");
    Ok(alone.tools().build(dialect)?.remove(0))
}

/// Values that keep every rule, the same for the same seed.
fn values(entry: &Entry, seed: u64, count: u64) -> Vec<Value> {
    let mut bytes = [0; 32];
    bytes[..8].copy_from_slice(&seed.to_le_bytes());
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &bytes);
    let config = Config {
        max_local_rejects: u32::MAX,
        ..Config::default()
    };
    let mut runner = TestRunner::new_with_rng(config, rng);
    let strategy = json_of(entry);
    (0..count)
        .map(|_| {
            strategy
                .new_tree(&mut runner)
                .expect("its rules leave values")
                .current()
        })
        .collect()
}

fn check(entry: &Entry, tool: &Tool, values: &[Value], seed: u64) {
    // A tool without params may come without a schema.
    let mut schema = vendor_schema(tool)
        .cloned()
        .unwrap_or_else(|| serde_json::json!({}));
    if tool.dialect() == Dialect::GeminiOpenApi {
        as_json_schema(&mut schema);
    }
    let vendor = jsonschema::options()
        .should_validate_formats(true)
        .build(&schema)
        .expect("it is a schema");
    for value in values {
        let encoded = tool.encode(value.clone());
        let told = || {
            format!(
                "{} for {}, ENACT_SEED={seed}\n{value}\n{encoded}",
                entry.name(),
                tool.dialect()
            )
        };
        assert!(
            vendor.is_valid(&encoded),
            "the vendor's schema refuses {}\n{schema:#}",
            told()
        );
        let text = serde_json::from_str(&encoded.to_string()).expect("it is JSON");
        for arguments in [encoded.clone(), text] {
            let decoded = tool.decode(arguments).expect("it is an object");
            assert_eq!(
                read(entry, decoded),
                read(entry, value.clone()),
                "{}",
                told()
            );
        }
    }
}

/// What the action itself makes of the params, written again: defaults and nulls are then alike.
/// A set is written in any order, so its items are sorted.
fn read(entry: &Entry, params: Value) -> Value {
    let mut written = written(entry, params);
    if entry.name() == "sets" {
        let lists = written
            .as_object_mut()
            .into_iter()
            .flat_map(serde_json::Map::values_mut)
            .filter_map(Value::as_array_mut);
        lists.for_each(|list| list.sort_by_key(ToString::to_string));
    }
    written
}

fn written(entry: &Entry, params: Value) -> Value {
    let shapes = enact_tests::shapes();
    let shape: &Shape = shapes
        .iter()
        .find(|shape| shape.name == entry.name())
        .expect("every action is a shape");
    (shape.round)(params).expect("what was generated is valid")
}

fn vendor_schema(tool: &Tool) -> Option<&Value> {
    let json = tool.json();
    let places = [
        "/function/parameters",
        "/parameters",
        "/input_schema",
        "/parametersJsonSchema",
        "/inputSchema",
    ];
    places.iter().find_map(|place| json.pointer(place))
}

/// OpenAPI 3.0 says `nullable` where JSON Schema has a type of its own.
fn as_json_schema(schema: &mut Value) {
    match schema {
        Value::Object(map) => {
            map.values_mut().for_each(as_json_schema);
            if map.remove("nullable") == Some(Value::Bool(true)) {
                let inner = Value::Object(std::mem::take(map));
                *schema = serde_json::json!({ "anyOf": [inner, { "type": "null" }] });
            }
        }
        Value::Array(list) => list.iter_mut().for_each(as_json_schema),
        _ => {}
    }
}
