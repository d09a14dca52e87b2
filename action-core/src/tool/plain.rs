//! Takes out of a canonical schema what a model need not be told: other spellings of a name, and
//! patterns that only spell out the format beside them.

use enact_grammar::format::Format;
use serde_json::{Map, Value};

use crate::params::schema::ALIAS;

/// The schema in plain words: one name for each param, each format by its name.
pub(super) fn plain(schema: &Value) -> Value {
    let mut schema = schema.clone();
    strip(&mut schema);
    schema
}

fn strip(schema: &mut Value) {
    match schema {
        Value::Array(list) => list.iter_mut().for_each(strip),
        Value::Object(map) => {
            if map.contains_key("dependentSchemas") {
                strip_record(map);
            }
            strip_format(map);
            map.values_mut().for_each(strip);
        }
        _ => {}
    }
}

/// A format's own pattern goes; a pattern of the author's that had to stand apart comes back.
fn strip_format(map: &mut Map<String, Value>) {
    let format = map
        .get("format")
        .and_then(Value::as_str)
        .and_then(Format::from_name);
    let Some(own) = format.and_then(Format::pattern) else {
        return;
    };
    if map.get("pattern").is_some_and(|pattern| pattern == own) {
        map.remove("pattern");
    }
    if let Some(Value::Array(parts)) = map.get_mut("allOf") {
        parts.retain(|part| part.get("pattern").is_none_or(|pattern| pattern != own));
        if parts.is_empty() {
            map.remove("allOf");
        }
    }
}

fn strip_record(map: &mut Map<String, Value>) {
    map.remove("dependentSchemas");
    if let Some(Value::Object(properties)) = map.get_mut("properties") {
        properties.retain(|_, property| property.get(ALIAS).is_none());
    }
    let mut needed = Vec::new();
    if let Some(Value::Array(parts)) = map.get_mut("allOf") {
        needed.extend(parts.iter().filter_map(|part| part.get(ALIAS).cloned()));
        parts.retain(|part| part.get(ALIAS).is_none());
        if parts.is_empty() {
            map.remove("allOf");
        }
    }
    if !needed.is_empty() {
        let required = map
            .entry("required")
            .or_insert_with(|| Value::Array(Vec::new()));
        if let Value::Array(required) = required {
            required.extend(needed);
        }
    }
    let composed = ["allOf", "anyOf", "oneOf", "$ref"]
        .iter()
        .any(|key| map.contains_key(*key));
    if !composed && let Some(rest) = map.remove("unevaluatedProperties") {
        map.insert("additionalProperties".to_owned(), rest);
    }
}

#[cfg(test)]
mod tests {
    use enact_grammar::format::Format;
    use schemars::json_schema;
    use serde_json::json;

    use super::plain;
    use crate::params::schema::{alias, close};

    #[test]
    fn what_aliases_have_added_is_taken_out_again() {
        let record = json_schema!({
            "type": "object",
            "properties": { "city": { "type": "string" }, "land": { "type": "string" } },
            "required": ["city"],
        });
        let mut once = record.clone();
        close(&mut once);
        let mut aliased = record;
        alias(&mut aliased, "city", &["town"]);
        alias(&mut aliased, "land", &["country"]);
        close(&mut aliased);
        let within = |schema: &schemars::Schema| json!({ "items": schema });
        assert_eq!(plain(&within(&aliased)), within(&once));
    }

    #[test]
    fn a_format_stands_by_its_name_and_the_author_s_pattern_stays() {
        let own = Format::Email.pattern().unwrap();
        let canonical = json!({
            "type": "string", "format": "email", "pattern": "@example", "allOf": [{ "pattern": own }],
        });
        let told = json!({ "type": "string", "format": "email", "pattern": "@example" });
        assert_eq!(plain(&canonical), told);
        let alone = json!({ "type": "string", "format": "email", "pattern": own });
        assert_eq!(
            plain(&alone),
            json!({ "type": "string", "format": "email" })
        );
    }
}
