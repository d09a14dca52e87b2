//! The params of an action as the command line sees them, read from the schema.

use std::collections::HashSet;

use serde_json::{Map, Value};

use crate::rules;
use crate::shape::{Shape, resolve, text};

/// Flags that every `run` has; a param of such a name is `--param-NAME`.
///
/// `--db` is one only of programs with a journal; names that change when a program gets one would break its scripts.
const TAKEN: [&str; 9] = [
    "color", "db", "dry-run", "dry_run", "help", "json", "output", "timeout", "yes",
];

/// One param.
#[derive(Debug)]
pub(crate) struct Param {
    /// Its name in JSON.
    pub(crate) name: String,
    /// Its other names in JSON.
    pub(crate) aliases: Vec<String>,
    /// Its flag, without the dashes; none where the name can't be one.
    pub(crate) flag: Option<String>,
    /// The other spellings of the flag.
    pub(crate) spellings: Vec<String>,
    pub(crate) shape: Shape,
    pub(crate) nullable: bool,
    pub(crate) need: Need,
    pub(crate) secret: bool,
    pub(crate) example: Option<Value>,
    /// What values are allowed, in words.
    pub(crate) rules: Vec<String>,
    pub(crate) description: String,
}

/// What happens where the param is not given.
#[derive(Debug, PartialEq)]
pub(crate) enum Need {
    Required,
    Optional,
    Default(Value),
}

impl Param {
    /// The params of a schema, in its order.
    pub(crate) fn all(schema: &Value) -> Vec<Self> {
        let none = Map::new();
        let properties = schema
            .get("properties")
            .and_then(Value::as_object)
            .unwrap_or(&none);
        let mut params: Vec<Self> = properties
            .iter()
            .filter(|(_, property)| alias_of(property).is_none())
            .map(|(name, property)| Self::read(schema, name, property))
            .collect();
        for (alias, property) in properties {
            let name = alias_of(property);
            if let Some(param) = params.iter_mut().find(|param| Some(&*param.name) == name) {
                param.aliases.push(alias.clone());
            }
        }
        name_flags(&mut params);
        params
    }

    fn read(root: &Value, name: &str, property: &Value) -> Self {
        let (map, nullable) = resolve(root, property);
        let example = map
            .get("examples")
            .and_then(|examples| examples.get(0))
            .cloned();
        Self {
            name: name.to_owned(),
            aliases: Vec::new(),
            flag: None,
            spellings: Vec::new(),
            shape: Shape::of(root, &map),
            nullable,
            need: Need::of(root, name, &map),
            secret: map.get("writeOnly") == Some(&Value::Bool(true)),
            example,
            rules: rules::words(root, &map),
            description: text(&map, "description").unwrap_or_default().to_owned(),
        }
    }

    /// The value that a text on the command line stands for.
    ///
    /// A text that doesn't fit stays text: reading the params then says what is wrong with it,
    /// together with all else that is.
    pub(crate) fn value(&self, text: &str) -> Value {
        if self.nullable && text == "null" && self.shape != Shape::Text {
            return Value::Null;
        }
        self.shape.value(text)
    }
}

impl Need {
    fn of(root: &Value, name: &str, map: &Map<String, Value>) -> Self {
        match map.get("default") {
            Some(default) if !default.is_null() => Self::Default(default.clone()),
            _ if is_required(root, name) => Self::Required,
            _ => Self::Optional,
        }
    }
}

/// Whether the param must be given: itself, or one of its spellings.
fn is_required(root: &Value, name: &str) -> bool {
    let list = |key| {
        root.get(key)
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
    };
    list("required").any(|key| key == name)
        || list("allOf").any(|rule| alias_of(rule) == Some(name))
}

fn alias_of(schema: &Value) -> Option<&str> {
    schema.get("x-alias")?.as_str()
}

/// Gives each param a flag of its own, the exact names before other spellings.
fn name_flags(params: &mut [Param]) {
    let mut taken: HashSet<String> = TAKEN.iter().map(|flag| (*flag).to_owned()).collect();
    for param in &mut *params {
        let flag = kebab(&param.name);
        let candidates = [flag.clone(), format!("param-{flag}")];
        param.flag = candidates
            .into_iter()
            .find(|flag| can_be_flag(flag) && taken.insert(flag.clone()));
    }
    for param in params.iter_mut().filter(|param| param.flag.is_some()) {
        let names = std::iter::once(&param.name).chain(&param.aliases);
        let spellings = names.flat_map(|name| [kebab(name), name.clone()]);
        param.spellings = spellings
            .filter(|name| can_be_flag(name) && taken.insert(name.clone()))
            .collect();
    }
}

fn kebab(name: &str) -> String {
    name.trim_start_matches('_').replace('_', "-")
}

fn can_be_flag(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_alphanumeric())
        && name
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.'))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::Param;

    #[test]
    fn a_param_of_the_name_of_a_flag_that_each_run_has_gets_another() {
        let names = [
            "color", "db", "dry_run", "help", "json", "output", "timeout", "yes",
        ];
        for name in names {
            let schema = json!({"properties": {name: {"type": "string"}}});
            let flag = Param::all(&schema).remove(0).flag;
            assert_eq!(flag, Some(format!("param-{}", super::kebab(name))));
        }
    }
}
