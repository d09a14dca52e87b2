//! Compiles a canonical schema into nodes; what it can't check faithfully is a defect.

use std::collections::HashMap;

use serde_json::{Map, Number, Value};

use super::node::{
    Field, Id, Kinds, ListRules, Node, NumberRules, RecordRules, Rest, TextRules, Union,
};
use super::shape::{Shape, common_tag};
use super::Reader;
use enact_grammar::format::Format;
use enact_grammar::pattern::Pattern;
use crate::params::place::Place;
use crate::params::rules::Len;
use crate::params::schema::{ALIAS, ANY, CLASS, SchemaDefects};

impl Reader {
    pub(crate) fn compile(name: &str, schema: Value) -> Self {
        let mut compiler = Compiler {
            root: &schema,
            nodes: Vec::new(),
            definitions: HashMap::new(),
            defects: SchemaDefects::new(name),
        };
        let root = compiler.schema(&schema, &Place::Root);
        compiler.check_samples(&schema, &Place::Root);
        let Compiler { nodes, defects, .. } = compiler;
        let has_secrets = nodes.iter().any(|node| node.secret || node.class.is_some());
        let defects = (!defects.defects.is_empty()).then_some(defects);
        Self { schema, nodes, root, has_secrets, defects }
    }
}

/// Keywords that say nothing a value could break, and those that other code reads.
const NOTES: [&str; 17] = [
    "$defs",
    "$comment",
    "title",
    "description",
    "default",
    "examples",
    "deprecated",
    "readOnly",
    "writeOnly",
    "contentEncoding",
    "contentMediaType",
    // Written for aliases, which the fields themselves carry.
    "dependentSchemas",
    "unevaluatedProperties",
    "$ref",
    "const",
    "enum",
    "type",
];
const ASSERTIONS: [&str; 23] = [
    "minimum",
    "maximum",
    "exclusiveMinimum",
    "exclusiveMaximum",
    "multipleOf",
    "minLength",
    "maxLength",
    "pattern",
    "format",
    "items",
    "prefixItems",
    "minItems",
    "maxItems",
    "uniqueItems",
    "properties",
    "required",
    "additionalProperties",
    "propertyNames",
    "minProperties",
    "maxProperties",
    "anyOf",
    "oneOf",
    "allOf",
];

pub(super) type Schema = Map<String, Value>;

pub(super) struct Compiler<'s> {
    pub(super) root: &'s Value,
    pub(super) nodes: Vec<Node>,
    definitions: HashMap<&'s str, Id>,
    defects: SchemaDefects,
}

impl<'s> Compiler<'s> {
    fn schema(&mut self, schema: &'s Value, place: &Place<'_>) -> Id {
        match schema {
            Value::Object(map) => match reference(map) {
                Some(name) if map.len() == 1 => self.definition(name, place),
                _ => {
                    let id = self.reserve();
                    let node = self.node(map, place);
                    self.nodes[id.0 as usize] = node;
                    id
                }
            },
            Value::Bool(true) => self.add(Node::default()),
            Value::Bool(false) => self.add(Node { kinds: Kinds::NONE, ..Node::default() }),
            _ => {
                self.defect(place, "a schema must be an object");
                self.add(Node::default())
            }
        }
    }

    pub(super) fn add(&mut self, node: Node) -> Id {
        let id = self.reserve();
        self.nodes[id.0 as usize] = node;
        id
    }

    fn reserve(&mut self) -> Id {
        let id = u32::try_from(self.nodes.len()).expect("a schema has fewer nodes than memory has bytes");
        self.nodes.push(Node::default());
        Id(id)
    }

    /// Compiles a definition once; a recursive one refers to itself by its reserved place.
    fn definition(&mut self, name: &'s str, place: &Place<'_>) -> Id {
        if let Some(id) = self.definitions.get(name) {
            return *id;
        }
        let id = self.reserve();
        self.definitions.insert(name, id);
        match self.root.get("$defs").and_then(|all| all.get(name)) {
            Some(Value::Object(map)) => {
                let defs = Place::Key(&Place::Root, "$defs");
                let node = self.node(map, &Place::Key(&defs, name));
                self.nodes[id.0 as usize] = node;
            }
            _ => self.defect(place, format_args!("there is no definition {name:?}")),
        }
        id
    }

    pub(super) fn node(&mut self, map: &'s Schema, place: &Place<'_>) -> Node {
        if map.get(ANY) == Some(&Value::Bool(true)) {
            return Node { secret: flag(map, "writeOnly"), class: text(map, CLASS), ..Node::default() };
        }
        for keyword in map.keys() {
            let known = NOTES.contains(&keyword.as_str()) || ASSERTIONS.contains(&keyword.as_str());
            if !known && !keyword.starts_with("x-") {
                self.defect(place, format_args!("`{keyword}` can't be checked; take it out, or say the same with #[param(…)]"));
            }
        }
        let union = self.union(map, place);
        let kinds = self.kinds(map, union.as_ref(), place);
        Node {
            kinds,
            constants: constants(map),
            number: number_rules(map),
            text: self.text_rules(map, place),
            list: self.list_rules(map, place),
            record: self.record_rules(map, place),
            union,
            all: self.parts(map, place),
            secret: flag(map, "writeOnly"),
            class: text(map, CLASS),
        }
    }

    fn kinds(&mut self, map: &Schema, union: Option<&Union>, place: &Place<'_>) -> Kinds {
        let named = match map.get("type") {
            None => None,
            Some(Value::String(name)) => Kinds::named(name),
            Some(Value::Array(names)) => names
                .iter()
                .map(|name| name.as_str().and_then(Kinds::named))
                .try_fold(Kinds::NONE, |all, kind| Some(all.or(kind?))),
            Some(_) => None,
        };
        if named.is_none() && map.contains_key("type") {
            self.defect(place, "`type` must name JSON types");
        }
        named.unwrap_or(match union {
            Some(Union::Tagged { .. }) => Kinds::RECORD,
            Some(Union::Keyed { units, arms }) => match (units.is_empty(), arms.is_empty()) {
                (true, _) => Kinds::RECORD,
                (false, true) => Kinds::STRING,
                (false, false) => Kinds::RECORD.or(Kinds::STRING),
            },
            Some(Union::Nullable(_) | Union::First(_)) | None => Kinds::ANY,
        })
    }

    fn text_rules(&mut self, map: &Schema, place: &Place<'_>) -> Option<Box<TextRules>> {
        let len = len(map, "minLength", "maxLength");
        let pattern = map.get("pattern").and_then(Value::as_str);
        let pattern = match pattern.filter(|it| !belongs_to_format(map, it)).map(Pattern::new) {
            Some(Ok(pattern)) => Some(pattern),
            Some(Err(error)) => {
                self.defect(place, error);
                None
            }
            None => None,
        };
        let format = map.get("format").and_then(Value::as_str);
        let known = format.and_then(Format::from_name);
        if let (Some(format), None) = (format, known) {
            let names: Vec<&str> = Format::ALL.iter().map(|format| format.name()).collect();
            self.defect(place, format_args!("the format {format:?} can't be checked; known are {}", names.join(", ")));
        }
        let rules = TextRules { len, pattern, format: known };
        (rules.len.is_some() || rules.pattern.is_some() || rules.format.is_some())
            .then(|| Box::new(rules))
    }

    fn list_rules(&mut self, map: &'s Schema, place: &Place<'_>) -> Option<Box<ListRules>> {
        let first: Box<[Id]> = match map.get("prefixItems") {
            Some(Value::Array(items)) => {
                let place = Place::Key(place, "prefixItems");
                items.iter().enumerate().map(|(i, item)| self.schema(item, &Place::Index(&place, i))).collect()
            }
            _ => Box::default(),
        };
        let mut length = len(map, "minItems", "maxItems");
        let rest = match map.get("items") {
            None | Some(Value::Bool(true)) => Rest::Open,
            Some(Value::Bool(false)) => {
                let most = first.len() as u64;
                let min = length.map_or(0, |len| len.min);
                let max = length.and_then(|len| len.max).map_or(most, |max| max.min(most));
                length = Some(Len { min, max: Some(max) });
                Rest::Closed
            }
            Some(items) => Rest::Each(self.schema(items, &Place::Key(place, "items"))),
        };
        let rules = ListRules { first, rest, len: length, unique: flag(map, "uniqueItems") };
        let empty = rules.first.is_empty() && rules.rest == Rest::Open && rules.len.is_none() && !rules.unique;
        (!empty).then(|| Box::new(rules))
    }

    fn record_rules(&mut self, map: &'s Schema, place: &Place<'_>) -> Option<Box<RecordRules>> {
        let fields = self.fields(map, place);
        let mut required = vec![0; fields.len().div_ceil(64).max(1)];
        for name in required_names(map) {
            match fields.iter().position(|field| *field.name == *name) {
                Some(slot) => required[slot / 64] |= 1 << (slot % 64),
                None => self.defect(place, format_args!("{name:?} is required but not described")),
            }
        }
        let rest = match map.get("additionalProperties") {
            None | Some(Value::Bool(true)) => Rest::Open,
            Some(Value::Bool(false)) => Rest::Closed,
            Some(each) => Rest::Each(self.schema(each, &Place::Key(place, "additionalProperties"))),
        };
        let keys = map.get("propertyNames").map(|keys| self.schema(keys, &Place::Key(place, "propertyNames")));
        let sealed = match map.get("unevaluatedProperties") {
            None | Some(Value::Bool(true)) => false,
            Some(Value::Bool(false)) => true,
            Some(_) => {
                self.defect(place, "flattening a map beside an enum can't be checked; give the map a field of its own");
                false
            }
        };
        let rules = RecordRules {
            fields,
            required: required.into(),
            rest,
            sealed,
            keys,
            len: len(map, "minProperties", "maxProperties"),
        };
        let empty = rules.fields.is_empty() && rules.rest == Rest::Open && !sealed && keys.is_none() && rules.len.is_none();
        (!empty).then(|| Box::new(rules))
    }

    fn fields(&mut self, map: &'s Schema, place: &Place<'_>) -> Box<[Field]> {
        let Some(Value::Object(properties)) = map.get("properties") else { return Box::default() };
        let place = Place::Key(place, "properties");
        let slot = |index: usize, property: &Value| {
            let proper = property.get(ALIAS).and_then(Value::as_str);
            proper.and_then(|proper| properties.keys().position(|key| key == proper)).unwrap_or(index)
        };
        properties
            .iter()
            .enumerate()
            .map(|(index, (name, property))| Field {
                name: name.as_str().into(),
                node: self.schema(property, &Place::Key(&place, name)),
                slot: slot(index, property),
            })
            .collect()
    }

    /// The schemas that apply besides the node's own keywords.
    fn parts(&mut self, map: &'s Schema, place: &Place<'_>) -> Box<[Id]> {
        let mut parts = Vec::new();
        if let Some(name) = reference(map) {
            parts.push(self.definition(name, place));
        }
        if let Some(Value::Array(all)) = map.get("allOf") {
            let place = Place::Key(place, "allOf");
            let parted = |part: &Value| {
                let pattern = part.get("pattern").and_then(Value::as_str);
                part.get(ALIAS).is_some() || pattern.is_some_and(|it| belongs_to_format(map, it))
            };
            for (index, part) in all.iter().enumerate().filter(|(_, part)| !parted(part)) {
                parts.push(self.schema(part, &Place::Index(&place, index)));
            }
        }
        // Both at once: `union` takes the first.
        if let (Some(_), Some(Value::Array(_))) = (map.get("oneOf"), map.get("anyOf")) {
            self.defect(place, "`oneOf` beside `anyOf` can't be checked; flatten one enum at most");
        }
        parts.into()
    }

    fn union(&mut self, map: &'s Schema, place: &Place<'_>) -> Option<Union> {
        let (keyword, arms) = match (map.get("oneOf"), map.get("anyOf")) {
            (Some(Value::Array(arms)), _) => ("oneOf", arms),
            (None, Some(Value::Array(arms))) => ("anyOf", arms),
            _ => return None,
        };
        let place = Place::Key(place, keyword);
        let shapes: Vec<Shape<'s>> = arms.iter().map(|arm| self.shape(arm)).collect();
        let compiled = |compiler: &mut Self, arms: &'s [Value]| -> Vec<Id> {
            arms.iter().enumerate().map(|(i, arm)| compiler.schema(arm, &Place::Index(&place, i))).collect()
        };
        if let [arm, Value::Object(null)] | [Value::Object(null), arm] = arms.as_slice()
            && null.len() == 1
            && null.get("type").is_some_and(|kind| kind == "null")
        {
            return Some(Union::Nullable(self.schema(arm, &place)));
        }
        if let Some(key) = common_tag(&shapes) {
            let ids = compiled(self, arms);
            let names = shapes.iter().map(|shape| shape.tag(key).unwrap_or_default().into());
            return Some(Union::Tagged { key: key.into(), arms: names.zip(ids).collect() });
        }
        if let Some(union) = self.keyed(&shapes, &place) {
            return Some(union);
        }
        if keyword == "oneOf" {
            self.defect(&place, "these arms can't be told apart; give the enum a tag, or make it untagged");
        }
        Some(Union::First(compiled(self, arms).into()))
    }

    fn keyed(&mut self, shapes: &[Shape<'s>], place: &Place<'_>) -> Option<Union> {
        let mut units = Vec::new();
        let mut arms = Vec::new();
        for (index, shape) in shapes.iter().enumerate() {
            match shape {
                Shape::Units(names) => units.extend(names.iter().map(|name| Box::from(*name))),
                Shape::Record { only: Some((name, inner)), .. } => {
                    let id = self.schema(inner, &Place::Index(place, index));
                    arms.push((Box::from(*name), id));
                }
                Shape::Record { only: None, .. } | Shape::Other => return None,
            }
        }
        Some(Union::Keyed { units: units.into(), arms: arms.into() })
    }

    pub(super) fn defect(&mut self, place: &Place<'_>, what: impl std::fmt::Display) {
        let pointer = place.pointer();
        let line = format!("  {}: {what}", if pointer.is_empty() { "(root)" } else { &pointer });
        if !self.defects.defects.contains(&line) {
            self.defects.note(&pointer, what);
        }
    }
}

/// The definition that a schema refers to.
pub(super) fn reference(map: &Schema) -> Option<&str> {
    map.get("$ref").and_then(Value::as_str).and_then(|path| path.strip_prefix("#/$defs/"))
}

/// Whether a pattern is what the format beside it publishes, and so checked with the format.
fn belongs_to_format(map: &Schema, pattern: &str) -> bool {
    let format = map.get("format").and_then(Value::as_str).and_then(Format::from_name);
    format.and_then(Format::pattern) == Some(pattern)
}

pub(super) fn constants(map: &Schema) -> Option<Box<[Value]>> {
    match (map.get("const"), map.get("enum")) {
        (Some(only), _) => Some(Box::new([only.clone()])),
        (None, Some(Value::Array(list))) => Some(list.clone().into()),
        _ => None,
    }
}

pub(super) fn required_names(map: &Schema) -> impl Iterator<Item = &str> {
    map.get("required").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str)
}

fn flag(map: &Schema, keyword: &str) -> bool {
    map.get(keyword) == Some(&Value::Bool(true))
}

fn text(map: &Schema, keyword: &str) -> Option<Box<str>> {
    map.get(keyword).and_then(Value::as_str).map(Into::into)
}

fn len(map: &Schema, least: &str, most: &str) -> Option<Len> {
    let whole = |keyword| map.get(keyword).and_then(Value::as_u64);
    match (whole(least), whole(most)) {
        (None, None) => None,
        (min, max) => Some(Len { min: min.unwrap_or(0), max }),
    }
}

fn number_rules(map: &Schema) -> Option<Box<NumberRules>> {
    let bound = |keyword: &str| match map.get(keyword) {
        Some(Value::Number(bound)) => Some(bound.clone()),
        _ => None,
    };
    let mut rules = NumberRules {
        whole: None,
        min: bound("minimum"),
        max: bound("maximum"),
        exclusive_min: bound("exclusiveMinimum"),
        exclusive_max: bound("exclusiveMaximum"),
        multiple_of: bound("multipleOf"),
    };
    rules.whole = whole(&rules);
    let any: [&Option<Number>; 5] =
        [&rules.min, &rules.max, &rules.exclusive_min, &rules.exclusive_max, &rules.multiple_of];
    any.iter().any(|bound| bound.is_some()).then(|| Box::new(rules))
}

/// The integers between `min` and `max`, where nothing else is asked of them.
fn whole(rules: &NumberRules) -> Option<(i64, i64)> {
    if rules.exclusive_min.is_some() || rules.exclusive_max.is_some() || rules.multiple_of.is_some() {
        return None;
    }
    let end = |bound: &Option<Number>, open| bound.as_ref().map_or(Some(open), Number::as_i64);
    end(&rules.min, i64::MIN).zip(end(&rules.max, i64::MAX))
}
