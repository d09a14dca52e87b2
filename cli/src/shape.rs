//! How values are written on the command line, read from the schema.

use serde_json::{Map, Number, Value};

/// How deep a reference may lead to another.
const MOST_REFERENCES: usize = 16;

/// How a value is written on the command line.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Shape {
    Text,
    Integer,
    Number,
    Boolean,
    /// One of these scalars.
    OneOf(Vec<Value>),
    /// Scalars, one for each time the flag is given.
    Many(Box<Self>),
    /// JSON text; the word says of what.
    Json(&'static str),
}

impl Shape {
    /// The shape of a schema whose references are followed.
    pub(crate) fn of(root: &Value, map: &Map<String, Value>) -> Self {
        if map.contains_key("x-any") {
            return Self::Json("any JSON");
        }
        if let Some(choices) = choices(map) {
            return Self::OneOf(choices);
        }
        match text(map, "type") {
            Some("string") => Self::Text,
            Some("integer") => Self::Integer,
            Some("number") => Self::Number,
            Some("boolean") => Self::Boolean,
            Some("array") => Self::list(root, map),
            Some("object") => Self::Json("object"),
            Some("null") => Self::Json("null"),
            _ => Self::Json("JSON"),
        }
    }

    fn list(root: &Value, map: &Map<String, Value>) -> Self {
        let items = map
            .get("items")
            .filter(|_| !map.contains_key("prefixItems"));
        let Some(items) = items else {
            return Self::Json("list");
        };
        let (items, nullable) = resolve(root, items);
        // A list of lists is no list of scalars; it may even be a list of itself.
        if nullable || text(&items, "type") == Some("array") {
            return Self::Json("list");
        }
        match Self::of(root, &items) {
            Self::Many(_) | Self::Json(_) => Self::Json("list"),
            scalar => Self::Many(Box::new(scalar)),
        }
    }

    /// The shape of a whole schema.
    pub(crate) fn of_root(schema: &Value) -> Self {
        Self::of(schema, &resolve(schema, schema).0)
    }

    /// The shape in words.
    pub(crate) fn words(&self) -> String {
        match self {
            Self::Text => "text".to_owned(),
            Self::Integer => "integer".to_owned(),
            Self::Number => "number".to_owned(),
            Self::Boolean => "true|false".to_owned(),
            Self::OneOf(choices) => choices.iter().map(plain).collect::<Vec<_>>().join("|"),
            Self::Many(scalar) => format!("list of {}", scalar.words()),
            Self::Json(word) => (*word).to_owned(),
        }
    }

    /// The value that a text stands for; one that doesn't fit stays text.
    pub(crate) fn value(&self, text: &str) -> Value {
        let read = match self {
            Self::Text | Self::Many(_) | Self::Json(_) => None,
            Self::Integer | Self::Number => {
                serde_json::from_str::<Number>(text).ok().map(Value::Number)
            }
            Self::Boolean => text.parse().ok().map(Value::Bool),
            Self::OneOf(choices) => choices.iter().find(|choice| plain(choice) == text).cloned(),
        };
        match (read, self) {
            (Some(value), _) => value,
            (None, Self::Many(scalar)) => scalar.value(text),
            (None, _) => text.into(),
        }
    }
}

/// A value as it is written on a command line: text as itself, all else as JSON.
pub(crate) fn plain(value: &Value) -> String {
    value
        .as_str()
        .map_or_else(|| value.to_string(), str::to_owned)
}

/// The keywords of a schema with references followed, and whether null is allowed too.
pub(crate) fn resolve(root: &Value, schema: &Value) -> (Map<String, Value>, bool) {
    let mut map = schema.as_object().cloned().unwrap_or_default();
    let mut nullable = false;
    for _ in 0..MOST_REFERENCES {
        let inner = match map.remove("$ref") {
            Some(reference) => definition(root, &reference),
            None => match other_than_null(&map) {
                Some(arm) => {
                    nullable = true;
                    map.remove("anyOf");
                    Some(arm)
                }
                None => break,
            },
        };
        for (keyword, value) in inner.unwrap_or_default() {
            map.entry(keyword).or_insert(value);
        }
    }
    if let Some(kind) = kind_beside_null(&map) {
        nullable = true;
        map.insert("type".to_owned(), kind);
    }
    (map, nullable)
}

fn definition(root: &Value, reference: &Value) -> Option<Map<String, Value>> {
    let pointer = reference.as_str()?.strip_prefix('#')?;
    root.pointer(pointer)?.as_object().cloned()
}

fn other_than_null(map: &Map<String, Value>) -> Option<Map<String, Value>> {
    let arms = map.get("anyOf")?.as_array()?;
    let is_null = |arm: &Value| arm.get("type").and_then(Value::as_str) == Some("null");
    match arms.as_slice() {
        [arm, null] | [null, arm] if is_null(null) => arm.as_object().cloned(),
        _ => None,
    }
}

fn kind_beside_null(map: &Map<String, Value>) -> Option<Value> {
    match map.get("type")?.as_array()?.as_slice() {
        [kind, null] | [null, kind] if null == "null" => Some(kind.clone()),
        _ => None,
    }
}

/// The scalars that a schema lists, where it lists all it allows.
fn choices(map: &Map<String, Value>) -> Option<Vec<Value>> {
    if let Some(only) = map.get("const") {
        return Some(vec![only.clone()]);
    }
    let listed = match (map.get("enum"), map.get("oneOf")) {
        (Some(Value::Array(values)), _) => values.clone(),
        (None, Some(Value::Array(arms))) => {
            let arms = arms.iter().map(|arm| choices(arm.as_object()?));
            arms.collect::<Option<Vec<_>>>()?.concat()
        }
        _ => return None,
    };
    let scalars: Vec<Value> = listed
        .into_iter()
        .filter(|value| !value.is_null())
        .collect();
    let plain = scalars
        .iter()
        .all(|value| !value.is_array() && !value.is_object());
    (plain && !scalars.is_empty()).then_some(scalars)
}

/// A keyword whose value is text.
pub(crate) fn text<'m>(map: &'m Map<String, Value>, key: &str) -> Option<&'m str> {
    map.get(key)?.as_str()
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::Shape;

    #[track_caller]
    fn check(schema: &Value, expected: &str) {
        assert_eq!(Shape::of_root(schema).words(), expected);
    }

    #[test]
    fn null_beside_a_type_does_not_change_the_shape() {
        check(&json!({ "type": ["integer", "null"] }), "integer");
        check(
            &json!({ "anyOf": [{ "enum": ["a", 1] }, { "type": "null" }] }),
            "a|1",
        );
        check(
            &json!({ "anyOf": [{ "type": "string" }, { "type": "integer" }] }),
            "JSON",
        );
    }

    #[test]
    fn only_lists_of_scalars_are_given_item_by_item() {
        check(
            &json!({ "type": "array", "items": { "type": "boolean" } }),
            "list of true|false",
        );
        check(
            &json!({ "type": "array", "items": { "type": "object" } }),
            "list",
        );
        check(
            &json!({ "type": "array", "items": { "type": ["string", "null"] } }),
            "list",
        );
        check(
            &json!({ "type": "array", "prefixItems": [{ "type": "string" }] }),
            "list",
        );
    }

    #[test]
    fn a_schema_that_refers_to_itself_has_an_end() {
        check(
            &json!({ "type": "array", "items": { "$ref": "#" } }),
            "list",
        );
        let circle = json!({ "$ref": "#/$defs/A", "$defs": { "A": { "$ref": "#/$defs/A" } } });
        check(&circle, "JSON");
    }
}
