//! Reads the canonical schema into a [`Shape`], and complains of what no action can contain.

mod bounds;
mod object;
mod union;

use serde_json::{Map, Value};

use self::bounds::{LIST, NUMBER, TEXT, bounds};
use crate::tool::shape::{About, Kind, Literal, Node, Shape};

/// Deeper than any schema a derive writes, shallow enough for any stack.
pub(super) const DEPTH: usize = 96;

/// What is wrong at one place, before it is known for whom.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Fault {
    pub(super) field: String,
    pub(super) keyword: String,
    pub(super) why: String,
    pub(super) cure: String,
}

impl Fault {
    pub(super) fn new(field: &str, keyword: &str, why: &str, cure: &str) -> Self {
        Self {
            field: field.to_owned(),
            keyword: keyword.to_owned(),
            why: why.to_owned(),
            cure: cure.to_owned(),
        }
    }
}

/// The pointer of `key` below `field`.
pub(super) fn below(field: &str, key: &str) -> String {
    format!("{field}/{}", key.replace('~', "~0").replace('/', "~1"))
}

/// Reads a whole canonical schema.
pub(super) fn read(schema: &Value) -> Result<Shape, Vec<Fault>> {
    let mut reader = Reader {
        document: schema,
        faults: Vec::new(),
    };
    let root = reader.node(schema, "", 0);
    let defs = schema["$defs"].as_object().into_iter().flatten();
    let defs = defs
        .map(|(name, node)| {
            (
                name.clone(),
                reader.node(node, &format!("/$defs/{name}"), 0),
            )
        })
        .collect();
    if reader.faults.is_empty() {
        Ok(Shape { root, defs })
    } else {
        Err(reader.faults)
    }
}

struct Reader<'a> {
    document: &'a Value,
    faults: Vec<Fault>,
}

impl Reader<'_> {
    fn fault(&mut self, field: &str, keyword: &str, why: &str, cure: &str) {
        self.faults.push(Fault::new(field, keyword, why, cure));
    }

    fn node(&mut self, schema: &Value, field: &str, depth: usize) -> Node {
        if depth > DEPTH {
            self.fault(field, "properties", "it nests too deeply", "flatten it");
            return any(About::default());
        }
        let schema = match schema {
            Value::Bool(true) => return any(About::default()),
            Value::Object(schema) => schema,
            _ => {
                self.fault(field, "false", "no value satisfies it", "remove the param");
                return any(About::default());
            }
        };
        if schema.contains_key("x-any") {
            return any(about(schema));
        }
        self.known(schema, field);
        if schema.contains_key("allOf") || schema.contains_key("not") {
            return match self.without_all_of(schema, field) {
                Some(schema) => self.node(&Value::Object(schema), field, depth + 1),
                None => any(about(schema)),
            };
        }
        if let Some(target) = schema.get("$ref").and_then(Value::as_str) {
            return self.reference(schema, target, field, depth);
        }
        for (keyword, exclusive) in [("oneOf", true), ("anyOf", false)] {
            if schema.contains_key(keyword) && !object::is_alternative(&schema[keyword]) {
                return self.union(schema, keyword, exclusive, field, depth);
            }
        }
        if let Some(node) = literals(schema) {
            return node;
        }
        self.typed(schema, field, depth)
    }

    fn known(&mut self, schema: &Map<String, Value>, field: &str) {
        for keyword in schema.keys() {
            if !KNOWN.contains(&keyword.as_str()) && !keyword.starts_with("x-") {
                self.fault(
                    field,
                    keyword,
                    "no tool can say it",
                    "describe the param with other constraints, or check it in code",
                );
            }
        }
    }

    fn reference(
        &mut self,
        schema: &Map<String, Value>,
        target: &str,
        field: &str,
        depth: usize,
    ) -> Node {
        let name = target
            .strip_prefix("#/$defs/")
            .map(|name| name.replace("~1", "/").replace("~0", "~"));
        let found = name
            .as_ref()
            .and_then(|name| self.document["$defs"].get(name));
        let (Some(name), Some(definition)) = (name, found) else {
            self.fault(
                field,
                "$ref",
                "it leads nowhere",
                "refer to `#/$defs/…` of the same schema",
            );
            return any(about(schema));
        };
        if schema
            .keys()
            .all(|key| key == "$ref" || ABOUT.contains(&key.as_str()) || key.starts_with("x-"))
        {
            return Node {
                about: about(schema),
                nullable: false,
                kind: Kind::Ref(name),
            };
        }
        // Constraints beside a reference hold together with the definition's.
        let mut own = schema.clone();
        own.remove("$ref");
        let definition = definition.clone();
        match self.merged(&definition, &own, field) {
            Some(merged) => self.node(&Value::Object(merged), field, depth + 1),
            None => any(about(schema)),
        }
    }

    /// The node that satisfies both; the outer one has the word where only one can.
    fn merged(
        &mut self,
        base: &Value,
        outer: &Map<String, Value>,
        field: &str,
    ) -> Option<Map<String, Value>> {
        let mut merged = base.as_object()?.clone();
        for (key, value) in outer {
            match merged.get(key) {
                Some(old) if key == "description" => {
                    let both = join(value.as_str()?, old.as_str()?);
                    merged.insert(key.clone(), Value::from(both));
                }
                Some(old)
                    if old != value && !ABOUT.contains(&key.as_str()) && !key.starts_with("x-") =>
                {
                    self.fault(field, key, "it is set twice", "set it in one place");
                    return None;
                }
                _ => {
                    merged.insert(key.clone(), value.clone());
                }
            }
        }
        Some(merged)
    }

    fn typed(&mut self, schema: &Map<String, Value>, field: &str, depth: usize) -> Node {
        let kind = match schema.get("type") {
            Some(Value::String(name)) => self.kind(name, schema, field, depth),
            Some(Value::Array(names)) => return self.types(schema, names, field, depth),
            _ if schema.contains_key("properties") => self.kind("object", schema, field, depth),
            _ if schema
                .keys()
                .all(|key| ABOUT.contains(&key.as_str()) || key.starts_with("x-")) =>
            {
                Kind::Any
            }
            _ => {
                self.fault(field, "type", "it is missing", "give the param a type");
                Kind::Any
            }
        };
        Node {
            about: about(schema),
            nullable: false,
            kind,
        }
    }

    fn kind(&mut self, name: &str, schema: &Map<String, Value>, field: &str, depth: usize) -> Kind {
        match name {
            "null" => Kind::Null,
            "boolean" => Kind::Bool,
            "integer" => Kind::Integer(bounds(schema, NUMBER)),
            "number" => Kind::Number(bounds(schema, NUMBER)),
            "string" => Kind::Text(bounds(schema, TEXT)),
            "array" => self.array(schema, field, depth),
            "object" => Kind::Object(self.object(schema, field, depth)),
            _ => {
                self.fault(field, "type", "there is no such type", "use a type of JSON");
                Kind::Any
            }
        }
    }

    fn array(&mut self, schema: &Map<String, Value>, field: &str, depth: usize) -> Kind {
        if let Some(Value::Array(items)) = schema.get("prefixItems") {
            if !matches!(schema.get("items"), None | Some(Value::Bool(false))) {
                let cure = "use a list, or a tuple of fixed length";
                self.fault(field, "prefixItems", "further items follow it", cure);
            }
            let items = items.iter().enumerate();
            return Kind::Tuple(
                items
                    .map(|(at, item)| self.node(item, &format!("{field}/{at}"), depth + 1))
                    .collect(),
            );
        }
        let items = match schema.get("items") {
            Some(items) => self.node(items, &below(field, "*"), depth + 1),
            None => any(About::default()),
        };
        Kind::List {
            items: Box::new(items),
            bounds: bounds(schema, LIST),
        }
    }
}

fn any(about: About) -> Node {
    Node {
        about,
        nullable: false,
        kind: Kind::Any,
    }
}

/// An enum or a const of plain values; null among them makes the node nullable.
fn literals(schema: &Map<String, Value>) -> Option<Node> {
    let values = match (schema.get("enum"), schema.get("const")) {
        (Some(Value::Array(values)), _) => values.clone(),
        (_, Some(value)) => vec![value.clone()],
        _ => return None,
    };
    let nullable = values.contains(&Value::Null);
    let values = values.into_iter().filter(|value| !value.is_null());
    let literals: Vec<_> = values
        .map(|value| Literal {
            value,
            meaning: String::new(),
        })
        .collect();
    let kind = if literals.is_empty() {
        Kind::Null
    } else {
        Kind::Literals(literals)
    };
    Some(Node {
        about: about(schema),
        nullable,
        kind,
    })
}

fn about(schema: &Map<String, Value>) -> About {
    let flag = |key: &str| schema.get(key) == Some(&Value::Bool(true));
    About {
        description: schema
            .get("description")
            .and_then(Value::as_str)
            .unwrap_or_default()
            .trim()
            .to_owned(),
        default: schema.get("default").cloned(),
        examples: schema
            .get("examples")
            .and_then(Value::as_array)
            .cloned()
            .unwrap_or_default(),
        deprecated: flag("deprecated"),
        secret: flag("writeOnly"),
    }
}

/// Both texts, the first one first; once where they agree.
pub(super) fn join(first: &str, second: &str) -> String {
    match (first.trim(), second.trim()) {
        (first, "") => first.to_owned(),
        ("", second) => second.to_owned(),
        (first, second) if first.contains(second) => first.to_owned(),
        (first, second) => {
            let stop = if first.ends_with(['.', '!', '?', ':', ';']) {
                ""
            } else {
                "."
            };
            let space = if first.contains('\n') || second.contains('\n') {
                "\n"
            } else {
                " "
            };
            format!("{first}{stop}{space}{second}")
        }
    }
}

const ABOUT: &[&str] = &[
    "description",
    "default",
    "examples",
    "deprecated",
    "writeOnly",
    "title",
    "$schema",
    "$defs",
];
#[rustfmt::skip]
const KNOWN: &[&str] = &[
    "$defs", "$ref", "$schema", "additionalProperties", "allOf", "anyOf", "const", "default",
    "deprecated", "description", "enum", "examples", "exclusiveMaximum", "exclusiveMinimum",
    "format", "items", "maxItems", "maxLength", "maxProperties", "maximum", "minItems",
    "minLength", "minProperties", "minimum", "multipleOf", "not", "oneOf", "pattern",
    "prefixItems", "properties", "propertyNames", "required", "title", "type", "uniqueItems",
    "writeOnly",
];
