//! Compiles a canonical schema into nodes; what it can't check faithfully is a defect.

mod circle;
mod keyword;
mod number;
mod record;
mod shadow;
mod union;

use std::collections::HashMap;

use serde_json::{Map, Value};

use self::keyword::{ASSERTIONS, NOTES, belongs_to_format, flag, len, secrecy, text};
pub(super) use self::keyword::{constants, reference, required_names};
use super::Reader;
use super::node::{Id, Kinds, ListRules, Node, Rest, TextRules, Union};
use crate::params::hidden::take_out_defaults;
use crate::params::place::Place;
use crate::params::rules::Len;
use crate::params::schema::{self, ALIAS, ANY, CLASS, KEYED, RULED, SINGLE, SchemaDefects};
use enact_grammar::format::Format;
use enact_grammar::pattern::Pattern;

impl Reader {
    pub(crate) fn compile(name: &str, mut schema: Value) -> Self {
        let mut compiler = Compiler {
            root: &schema,
            nodes: Vec::new(),
            definitions: HashMap::new(),
            defects: SchemaDefects::new(name),
        };
        let root = compiler.schema(&schema, &Place::Root);
        compiler.check_circles();
        compiler.spread_kinds();
        compiler.spread_secrets();
        if compiler.defects.defects.is_empty() {
            compiler.check_shadows();
            compiler.check_samples(&schema, &Place::Root);
        }
        let Compiler { nodes, defects, .. } = compiler;
        schema::take_out_marks(&mut schema);
        take_out_defaults(&mut schema);
        let has_secrets = nodes
            .iter()
            .any(|node| node.is_secret() || node.class.is_some());
        let defects = (!defects.defects.is_empty()).then_some(defects);
        Self {
            schema,
            nodes,
            root,
            has_secrets,
            defects,
        }
    }
}

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
            Value::Bool(false) => self.add(Node {
                kinds: Kinds::NONE,
                ..Node::default()
            }),
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
        let id = u32::try_from(self.nodes.len())
            .expect("a schema has fewer nodes than memory has bytes");
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
        match self.target(name) {
            Some(Value::Object(map)) => {
                let defs = Place::Key(&Place::Root, "$defs");
                let node = self.node(map, &Place::Key(&defs, name));
                self.nodes[id.0 as usize] = node;
            }
            _ => self.defect(place, format_args!("there is no definition {name:?}")),
        }
        id
    }

    /// The schema that a reference means.
    pub(super) fn target(&self, name: &str) -> Option<&'s Value> {
        self.root.get("$defs")?.get(name)
    }

    pub(super) fn node(&mut self, map: &'s Schema, place: &Place<'_>) -> Node {
        let node = self.plain_node(map, place);
        if flag(map, SINGLE) {
            self.check_single(map, place);
        }
        self.check_single_items(map, place);
        node
    }

    fn plain_node(&mut self, map: &'s Schema, place: &Place<'_>) -> Node {
        if map.get(ANY) == Some(&Value::Bool(true)) {
            return Node {
                secrecy: secrecy(map),
                class: text(map, CLASS),
                ..Node::default()
            };
        }
        for keyword in map.keys() {
            let known = NOTES.contains(&keyword.as_str()) || ASSERTIONS.contains(&keyword.as_str());
            if !known && !keyword.starts_with("x-") {
                self.defect(place, format_args!("`{keyword}` can't be checked; take it out, or say the same with #[param(…)]"));
            }
        }
        let union = self.union(map, place);
        let record = self.record_rules(map, place);
        self.check_flattened(record.as_deref(), union.as_ref(), place);
        let kinds = self.kinds(map, union.as_ref(), place);
        Node {
            kinds,
            takes: kinds,
            constants: constants(map),
            number: number::rules(map),
            text: self.text_rules(map, place),
            list: self.list_rules(map, place),
            record,
            union,
            all: self.parts(map, place),
            secrecy: secrecy(map),
            ruled: flag(map, RULED),
            keyed: flag(map, KEYED),
            class: text(map, CLASS),
        }
    }

    fn kinds(&mut self, map: &Schema, union: Option<&Union>, place: &Place<'_>) -> Kinds {
        let named = match map.get("type") {
            Some(Value::String(name)) => Kinds::named(name),
            Some(Value::Array(names)) => names
                .iter()
                .map(|name| name.as_str().and_then(Kinds::named))
                .try_fold(Kinds::NONE, |all, kind| Some(all.or(kind?))),
            Some(_) | None => None,
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
        let pattern = match pattern
            .filter(|it| !belongs_to_format(map, it))
            .map(Pattern::new)
        {
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
            self.defect(
                place,
                format_args!(
                    "the format {format:?} can't be checked; known are {}",
                    names.join(", ")
                ),
            );
        }
        let rules = TextRules {
            len,
            pattern,
            format: known,
        };
        (rules.len.is_some() || rules.pattern.is_some() || rules.format.is_some())
            .then(|| Box::new(rules))
    }

    fn list_rules(&mut self, map: &'s Schema, place: &Place<'_>) -> Option<Box<ListRules>> {
        let first: Box<[Id]> = match map.get("prefixItems") {
            Some(Value::Array(items)) => {
                let place = Place::Key(place, "prefixItems");
                items
                    .iter()
                    .enumerate()
                    .map(|(i, item)| self.schema(item, &Place::Index(&place, i)))
                    .collect()
            }
            _ => Box::default(),
        };
        let mut length = len(map, "minItems", "maxItems");
        let rest = match map.get("items") {
            None | Some(Value::Bool(true)) => Rest::Open,
            Some(Value::Bool(false)) => {
                let most = first.len() as u64;
                let min = length.map_or(0, |len| len.min);
                let max = length
                    .and_then(|len| len.max)
                    .map_or(most, |max| max.min(most));
                length = Some(Len {
                    min,
                    max: Some(max),
                });
                Rest::Closed
            }
            Some(items) => Rest::Each(self.schema(items, &Place::Key(place, "items"))),
        };
        let rules = ListRules {
            first,
            rest,
            len: length,
            unique: flag(map, "uniqueItems"),
        };
        let empty = rules.first.is_empty()
            && rules.rest == Rest::Open
            && rules.len.is_none()
            && !rules.unique;
        (!empty).then(|| Box::new(rules))
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
            self.defect(
                place,
                "`oneOf` beside `anyOf` can't be checked; flatten one enum at most",
            );
        }
        parts.into()
    }

    pub(super) fn defect(&mut self, place: &Place<'_>, what: impl std::fmt::Display) {
        let pointer = place.pointer();
        let line = format!(
            "  {}: {what}",
            if pointer.is_empty() {
                "(root)"
            } else {
                &pointer
            }
        );
        if !self.defects.defects.contains(&line) {
            self.defects.note(&pointer, what);
        }
    }
}
