//! Writes a [`Shape`] as a vendor's schema, and beside it the codec of what it had to change.

mod choice;
mod circle;
mod finish;
mod map;
mod object;

use std::collections::HashMap;

use serde_json::{Map, Value, json};

use crate::tool::codec::{Arm, Codec, Codecs};
use crate::tool::describe;
use crate::tool::read::{DEPTH, Fault, below};
use crate::tool::rules::{Refs, Rules, Structures};
use crate::tool::shape::{Bound, Kind, Node, Shape};

/// More places than any tool needs; a definition written in each place it is used can double.
const PLACES: usize = 20_000;

/// The vendor's schema and its codec.
pub(super) fn lower(
    canonical: &Value,
    shape: &Shape,
    rules: &Rules,
) -> Result<(Value, Codecs), Vec<Fault>> {
    // Defaults and examples are printed in the vendor's form, which takes the codecs of
    // definitions that may not be written yet: the first round makes them.
    let codecs = Codecs {
        root: Codec::Same,
        names: HashMap::new(),
        canonical: canonical.clone(),
        vendor: Value::Null,
    };
    let (_, codecs, _) = Lower::new(shape, rules, codecs).run();
    let (schema, codecs, faults) = Lower::new(shape, rules, codecs).run();
    if faults.is_empty() {
        Ok((schema, codecs))
    } else {
        Err(faults)
    }
}

struct Lower<'a> {
    shape: &'a Shape,
    rules: &'a Rules,
    known: Codecs,
    faults: Vec<Fault>,
    /// Definitions to write, in the order they were met.
    names: Vec<String>,
    /// Definitions being written in place.
    open: Vec<String>,
    unions: Vec<(String, Vec<Arm>)>,
    places: usize,
    depth: usize,
}

/// A schema without its description, what the description must say, and its codec.
struct Piece {
    schema: Map<String, Value>,
    notes: Vec<String>,
    codec: Codec,
}

impl Piece {
    fn new(schema: Value) -> Self {
        let schema = if let Value::Object(schema) = schema {
            schema
        } else {
            Map::new()
        };
        Self {
            schema,
            notes: Vec::new(),
            codec: Codec::Same,
        }
    }
}

impl<'a> Lower<'a> {
    fn new(shape: &'a Shape, rules: &'a Rules, known: Codecs) -> Self {
        Self {
            shape,
            rules,
            known,
            faults: Vec::new(),
            names: Vec::new(),
            open: Vec::new(),
            unions: Vec::new(),
            places: 0,
            depth: 0,
        }
    }

    fn run(mut self) -> (Value, Codecs, Vec<Fault>) {
        let shape = self.shape;
        let (mut schema, root) = self.node(&shape.root, "", false);
        if schema["type"] != "object" && self.faults.is_empty() {
            self.fault(
                "",
                "oneOf",
                "the params must be one object, not a choice between several",
                "give the enum a param of its own instead of flattening it",
            );
        }
        let mut names = HashMap::new();
        let mut defs = Map::new();
        while let Some(name) = self.names.get(defs.len()).cloned() {
            let (def, codec) = match shape.def(&name) {
                Some(node) => self.node(node, &format!("/$defs/{name}"), node.nullable),
                None => (json!({}), Codec::Same),
            };
            defs.insert(name.clone(), def);
            names.insert(name, codec);
        }
        if !defs.is_empty() {
            schema["$defs"] = Value::Object(defs);
        }
        self.refuse_circles();
        let canonical = std::mem::take(&mut self.known.canonical);
        let codecs = Codecs {
            root,
            names,
            canonical,
            vendor: schema.clone(),
        };
        for (field, arms) in std::mem::take(&mut self.unions) {
            if codecs.is_ambiguous(&arms) {
                self.fault(
                    &field,
                    "anyOf",
                    "two of its variants would look the same there but mean different things",
                    "tag the enum, or give the variants different keys",
                );
            }
        }
        (schema, codecs, self.faults)
    }

    fn fault(&mut self, field: &str, keyword: &str, why: &str, cure: &str) {
        let fault = Fault::new(field, keyword, why, cure);
        if !self.faults.contains(&fault) {
            self.faults.push(fault);
        }
    }

    /// A whole schema: its kind, null if wanted, and its description.
    fn node(&mut self, node: &Node, field: &str, null: bool) -> (Value, Codec) {
        let piece = self.piece(node, field);
        let texts = [node.about.description.clone()]
            .into_iter()
            .chain(piece.notes);
        let mut texts: Vec<_> = texts.collect();
        let mut schema = if null {
            self.nullable(piece.schema)
        } else {
            piece.schema
        };
        self.say(&node.about, &piece.codec, &mut schema, &mut texts);
        let description = describe::all(texts.iter().map(String::as_str));
        (
            Value::Object(self.described(schema, &description)),
            piece.codec,
        )
    }

    fn piece(&mut self, node: &Node, field: &str) -> Piece {
        self.places += 1;
        if self.places > PLACES || self.depth > 2 * DEPTH {
            if self.places <= PLACES + 1 || self.depth > 2 * DEPTH {
                let cure = "make it smaller, or split the action";
                self.fault(
                    "",
                    "$ref",
                    "its types are too large when written out in place",
                    cure,
                );
            }
            return Piece::new(json!({"type": "null"}));
        }
        self.depth += 1;
        let piece = self.kind(node, field);
        self.depth -= 1;
        piece
    }

    fn kind(&mut self, node: &Node, field: &str) -> Piece {
        match &node.kind {
            Kind::Any if self.rules.structures == Structures::Kept => Piece::new(json!({"anyOf": [
                {"type": "null"}, {"type": "boolean"}, {"type": "number"}, {"type": "string"},
                {"type": "array"}, {"type": "object"},
            ]})),
            Kind::Any => {
                let mut piece = Piece::new(json!({"type": "string"}));
                piece
                    .notes
                    .push("Any JSON value, written as JSON text.".to_owned());
                piece.codec = Codec::Json;
                piece
            }
            Kind::Null => Piece::new(json!({"type": "null"})),
            Kind::Bool => Piece::new(json!({"type": "boolean"})),
            Kind::Integer(bounds) => self.bounded("integer", bounds),
            Kind::Number(bounds) => self.bounded("number", bounds),
            Kind::Text(bounds) => self.bounded("string", bounds),
            Kind::Literals(literals) => self.literals(literals, field),
            Kind::List { items, bounds } => {
                let mut piece = self.bounded("array", bounds);
                let null = self.shape.takes_null(items);
                let (items, codec) =
                    self.node(items, &below(field, "*"), self.null_arm(items, null));
                piece.schema.insert("items".to_owned(), items);
                piece.codec = Codec::list(codec);
                piece
            }
            Kind::Tuple(items) => self.tuple(items, field),
            Kind::Object(object) if object.is_map() => self.map(object, field),
            Kind::Object(object) => self.object(object, field),
            Kind::Union { arms, exclusive } => self.union(arms, *exclusive, field),
            Kind::Ref(name) => self.reference(name, field),
        }
    }

    /// Whether null must be added to the node's schema for it to take null.
    fn null_arm(&self, node: &Node, wanted: bool) -> bool {
        wanted
            && match &node.kind {
                Kind::Any | Kind::Null => false,
                Kind::Ref(_) if self.rules.refs != Refs::Inline => node.nullable,
                _ => true,
            }
    }

    fn reference(&mut self, name: &str, field: &str) -> Piece {
        if self.rules.refs != Refs::Inline {
            if !self.names.iter().any(|known| known == name) {
                self.names.push(name.to_owned());
            }
            let target = name.replace('~', "~0").replace('/', "~1");
            let mut piece = Piece::new(json!({"$ref": format!("#/$defs/{target}")}));
            piece.codec = Codec::Named(name.to_owned());
            return piece;
        }
        let shape = self.shape;
        let Some(node) = shape.def(name) else {
            return Piece::new(json!({"type": "null"}));
        };
        if self.open.iter().any(|open| open == name) {
            self.fault(
                field,
                "$ref",
                &format!("`{name}` contains itself"),
                "limit the nesting with a type for each level, or take that part as text",
            );
            return Piece::new(json!({"type": "null"}));
        }
        self.open.push(name.to_owned());
        let mut piece = self.piece(node, field);
        self.open.pop();
        let mut texts = vec![node.about.description.clone()];
        texts.append(&mut piece.notes);
        self.say(&node.about, &piece.codec, &mut piece.schema, &mut texts);
        texts.retain(|text| !text.is_empty());
        piece.notes = texts;
        piece
    }

    /// A type with its bounds, as keywords where they exist and in words where not.
    fn bounded(&self, name: &str, bounds: &[Bound]) -> Piece {
        let mut piece = Piece::new(json!({"type": name}));
        let mut words = Vec::new();
        let plain = self.rules.structures == Structures::Kept;
        for bound in bounds
            .iter()
            .filter(|bound| plain || !bound.is_machine_edge())
        {
            let inclusive = inclusive(name, bound).filter(|_| !self.rules.takes(bound));
            let bound = inclusive.as_ref().unwrap_or(bound);
            if self.rules.takes(bound) {
                piece
                    .schema
                    .insert(bound.keyword().to_owned(), bound.value());
            } else {
                words.push(bound.clone());
            }
        }
        piece.notes = describe::bounds(&words.iter().collect::<Vec<_>>());
        piece
    }
}

/// The same limit on whole numbers, with the limit itself included.
fn inclusive(name: &str, bound: &Bound) -> Option<Bound> {
    if name != "integer" {
        return None;
    }
    match bound {
        Bound::ExclusiveMinimum(limit) => {
            Some(Bound::Minimum(limit.as_i64()?.checked_add(1)?.into()))
        }
        Bound::ExclusiveMaximum(limit) => {
            Some(Bound::Maximum(limit.as_i64()?.checked_sub(1)?.into()))
        }
        _ => None,
    }
}
