//! What a schema allows, in words.

use serde_json::{Map, Value};

use crate::shape::{plain, resolve};

/// The bounds of the integer types, which say nothing to a person.
const TYPE_BOUNDS: [i128; 8] = [
    i32::MIN as i128,
    i32::MAX as i128,
    i64::MIN as i128,
    i64::MAX as i128,
    i16::MIN as i128,
    i16::MAX as i128,
    u32::MAX as i128,
    u64::MAX as i128,
];

/// What the schema allows beyond its type, each rule in words.
pub(crate) fn words(root: &Value, map: &Map<String, Value>) -> Vec<String> {
    let mut words = Vec::new();
    words.extend(range(map));
    for (least, most, unit) in [
        ("minLength", "maxLength", "characters"),
        ("minItems", "maxItems", "items"),
        ("minProperties", "maxProperties", "keys"),
    ] {
        words.extend(count(map, least, most, unit));
    }
    let said = [
        ("multipleOf", "a multiple of"),
        ("format", "format"),
        ("pattern", "matches"),
    ];
    for (keyword, verb) in said {
        if let Some(value) = map.get(keyword) {
            words.push(format!("{verb} {}", plain(value)));
        }
    }
    if map.get("uniqueItems") == Some(&Value::Bool(true)) {
        words.push("no two alike".to_owned());
    }
    if let Some(items) = map
        .get("items")
        .filter(|_| !map.contains_key("prefixItems"))
    {
        let (items, _) = resolve(root, items);
        // A list within a list is described by its schema.
        if !items.contains_key("items") {
            words.extend(
                self::words(root, &items)
                    .into_iter()
                    .map(|rule| format!("each {rule}")),
            );
        }
    }
    words
}

fn range(map: &Map<String, Value>) -> Option<String> {
    let bound = |keyword: &str| map.get(keyword).filter(|bound| !is_type_bound(bound));
    let least = bound("minimum").map(ToString::to_string);
    let most = bound("maximum").map(ToString::to_string);
    let above = bound("exclusiveMinimum").map(|bound| format!("above {bound}"));
    let below = bound("exclusiveMaximum").map(|bound| format!("below {bound}"));
    match (least, most) {
        (Some(least), Some(most)) => Some(format!("{least} to {most}")),
        (least, most) => {
            let low = above.or_else(|| least.map(|least| format!("at least {least}")));
            let high = below.or_else(|| most.map(|most| format!("at most {most}")));
            let both: Vec<String> = [low, high].into_iter().flatten().collect();
            (!both.is_empty()).then(|| both.join(" and "))
        }
    }
}

fn is_type_bound(bound: &Value) -> bool {
    let whole = bound
        .as_i64()
        .map(i128::from)
        .or_else(|| bound.as_u64().map(i128::from));
    match whole {
        Some(whole) => TYPE_BOUNDS.contains(&whole),
        None => bound
            .as_f64()
            .is_some_and(|bound| bound.abs() >= f64::from(f32::MAX)),
    }
}

fn count(map: &Map<String, Value>, least: &str, most: &str, unit: &str) -> Option<String> {
    let number = |keyword: &str| map.get(keyword).and_then(Value::as_u64);
    Some(match (number(least).unwrap_or(0), number(most)) {
        (0, None) => return None,
        (least, Some(most)) if least == most => format!("exactly {least} {unit}"),
        (0, Some(most)) => format!("at most {most} {unit}"),
        (least, Some(most)) => format!("{least} to {most} {unit}"),
        (least, None) => format!("at least {least} {unit}"),
    })
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::words;

    #[track_caller]
    fn check(schema: &Value, expected: &[&str]) {
        let map = schema.as_object().expect("a schema is an object");
        assert_eq!(words(schema, map), expected);
    }

    #[test]
    fn bounds_of_the_type_are_not_told() {
        check(&json!({ "minimum": i64::MIN, "maximum": i64::MAX }), &[]);
        check(
            &json!({ "minimum": 0, "maximum": u64::MAX }),
            &["at least 0"],
        );
        check(&json!({ "minimum": 1, "maximum": 3 }), &["1 to 3"]);
    }

    #[test]
    fn exclusive_bounds_have_their_own_words() {
        check(
            &json!({ "exclusiveMinimum": 0, "maximum": 1.5 }),
            &["above 0 and at most 1.5"],
        );
    }

    #[test]
    fn items_are_described_each() {
        let schema = json!({ "maxItems": 4, "uniqueItems": true, "items": { "minLength": 2 } });
        check(
            &schema,
            &[
                "at most 4 items",
                "no two alike",
                "each at least 2 characters",
            ],
        );
    }
}
