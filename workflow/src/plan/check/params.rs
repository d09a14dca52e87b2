//! The params of a step against its action: literals by the action's own check, references by
//! their types.

use std::panic::{AssertUnwindSafe, catch_unwind};

use enact_action_core::params::{Code as Rule, Violation};
use enact_action_core::registry::Entry;
use serde_json::{Map, Value};

use super::digest::bytes;
use super::kinds::Kinds;
use super::shape::Shape;
use crate::plan::limits::{MOST_PARAMS_BYTES, MOST_REFERENCES};
use crate::plan::mistake::{Code, Mistake, Notes};
use crate::plan::place::{self, Place};
use crate::plan::read::{Form, Given};
use crate::plan::words;

/// Notes what of the params surely can't be read.
pub(super) fn check<'j>(
    entry: &'static Entry,
    given: Option<&Given<'j>>,
    shape: &Shape<'j>,
    place: &Place<'_>,
    notes: &mut Notes,
) {
    let mut sketch = Sketch {
        holes: Vec::new(),
        moved: vec![(String::new(), place.pointer())],
    };
    let json = match given {
        Some(given) => sketch.fill(given, shape, &Place::ROOT),
        None => Value::Object(Map::new()),
    };
    let size = bytes(&json);
    if size > MOST_PARAMS_BYTES {
        let found = words::many(size, "byte");
        let allowed = format!("at most {MOST_PARAMS_BYTES} bytes of params");
        notes.add(place, Code::Limit, found, allowed);
        return;
    }
    if sketch.holes.len() > MOST_REFERENCES {
        let found = words::many(sketch.holes.len(), "reference");
        let allowed = format!("at most {MOST_REFERENCES} references in the params of a step");
        notes.add(place, Code::Limit, found, allowed);
        return;
    }
    // Params that are no object have been noted as such, or are a reference.
    if !json.is_object() && sketch.holes.is_empty() {
        return;
    }
    let schema = entry.schema();
    sketch
        .holes
        .iter_mut()
        .for_each(|hole| hole.choice = choice(schema, &hole.at));
    sketch.literals(entry, json, place, notes);
    for hole in &sketch.holes {
        hole.fits(schema, notes);
    }
}

/// Params in which something stands in for what references will read.
struct Sketch<'j> {
    holes: Vec<Hole<'j>>,
    /// Pointers into the params, each with the place in the plan; deeper ones stand later.
    moved: Vec<(String, String)>,
}

/// Where a reference stands.
struct Hole<'j> {
    /// The way to it in the params.
    at: Vec<String>,
    /// In the plan.
    pointer: String,
    shape: Shape<'j>,
    /// Whether its default stands there, which must fit too.
    defaulted: bool,
    /// How far on the way the schema first leaves a choice, which the reference could decide.
    choice: Option<usize>,
}

impl<'j> Sketch<'j> {
    fn fill(&mut self, given: &Given<'j>, shape: &Shape<'j>, at: &Place<'_>) -> Value {
        match &given.form {
            Form::Literal(value) => {
                self.moved.push((at.pointer(), given.pointer.clone()));
                (*value).clone()
            }
            Form::Link(link) => {
                let default = link.as_ref().and_then(|link| link.default);
                if default.is_some() {
                    let outer = Place::At(&given.pointer);
                    self.moved
                        .push((at.pointer(), outer.key("default").pointer()));
                }
                self.holes.push(Hole {
                    at: place::tokens(&at.pointer()).unwrap_or_default(),
                    pointer: given.pointer.clone(),
                    shape: shape.clone(),
                    defaulted: default.is_some(),
                    choice: None,
                });
                default.cloned().unwrap_or_default()
            }
            Form::List(items) => {
                let fill = |(index, item): (usize, &Given<'j>)| {
                    let token = index.to_string();
                    let shape = shape.inside(&token).unwrap_or(Shape::Any);
                    self.fill(item, &shape, &at.index(index))
                };
                Value::Array(items.iter().enumerate().map(fill).collect())
            }
            Form::Object(members) => {
                let shapes: &[(&str, Shape<'j>)] = if let Shape::Object(shapes) = shape {
                    shapes
                } else {
                    &[]
                };
                // Both are in the order of the plan.
                let mut shapes = shapes.iter().map(|(_, shape)| shape);
                let fill = |(key, member): &(&'j str, Given<'j>)| {
                    let shape = shapes.next().unwrap_or(&Shape::Any);
                    ((*key).to_owned(), self.fill(member, shape, &at.key(key)))
                };
                Value::Object(members.iter().map(fill).collect())
            }
        }
    }

    /// Checks what stands there literally, as the action itself does.
    fn literals(&self, entry: &'static Entry, json: Value, place: &Place<'_>, notes: &mut Notes) {
        match catch_unwind(AssertUnwindSafe(|| entry.check(json))) {
            Ok(Err(violations)) => {
                let blamed = violations.iter().filter(|violation| self.blames(violation));
                blamed.for_each(|violation| notes.push(self.mistake(violation)));
            }
            Err(_) if self.holes.is_empty() => {
                let found = format!("params on which the check of {:?} panics", entry.name());
                notes.add(place, Code::Param, found, "params that it can check");
            }
            Ok(Ok(())) | Err(_) => {}
        }
    }

    /// Whether a violation is the plan's doing, and not that of what stands in for a reference.
    fn blames(&self, violation: &Violation) -> bool {
        let there = place::tokens(&violation.pointer).unwrap_or_default();
        self.holes
            .iter()
            .all(|hole| !hole.excuses(violation.code, &there))
    }

    fn mistake(&self, violation: &Violation) -> Mistake {
        let found = self.moved.iter().rev().find_map(|(at, pointer)| {
            let rest = violation.pointer.strip_prefix(at.as_str())?;
            let whole = rest.is_empty() || rest.starts_with('/');
            whole.then(|| format!("{pointer}{rest}"))
        });
        Mistake {
            pointer: found.unwrap_or_default(),
            code: Code::Param,
            rule: Some(violation.code),
            found: violation.found.clone(),
            allowed: violation.allowed.clone(),
            hint: violation.hint.clone(),
        }
    }
}

impl Hole<'_> {
    /// Whether a violation there may come from what stands in for the reference.
    fn excuses(&self, rule: Rule, there: &[String]) -> bool {
        let hole = self.at.as_slice();
        let common = hole.iter().zip(there).take_while(|(a, b)| a == b).count();
        if common == hole.len() {
            // At the reference, or inside of its default.
            let named = there.len() == hole.len() && is_of_the_key(rule);
            return !self.defaulted && !named;
        }
        if common == there.len() && is_of_the_whole(rule) {
            return true;
        }
        self.choice.is_some_and(|depth| depth <= common)
    }

    /// The types that it may read; its default, which is checked as a literal, is none of them.
    fn kinds(&self) -> Kinds {
        match &self.shape {
            Shape::Defaulted(first, _) => first.kinds().without(Kinds::NULL),
            shape => shape.kinds(),
        }
    }

    fn fits(&self, schema: &Value, notes: &mut Notes) {
        let whole = Some(Shape::Schema(schema, schema));
        // A field that is not there has been noted.
        let Some(wanted) = self
            .at
            .iter()
            .fold(whole, |shape, token| shape?.inside(token))
        else {
            return;
        };
        let (found, wanted) = (self.kinds(), wanted.kinds());
        if found != Kinds::NONE && !found.meets(wanted) {
            let outer = Place::At(&self.pointer);
            notes.add(
                &outer.key("ref"),
                Code::Type,
                found.to_string(),
                wanted.to_string(),
            );
        }
    }
}

/// Whether the rule is about the key, whatever its value.
fn is_of_the_key(rule: Rule) -> bool {
    matches!(rule, Rule::Unknown | Rule::Twice)
}

/// Whether the rule is about all that is inside, references included.
fn is_of_the_whole(rule: Rule) -> bool {
    matches!(
        rule,
        Rule::Check | Rule::Unique | Rule::Variant | Rule::Unreadable | Rule::OneOf | Rule::Limit
    )
}

/// How far on the way into it the schema first leaves a choice.
fn choice(schema: &Value, way: &[String]) -> Option<usize> {
    let mut shape = Shape::Schema(schema, schema);
    for (depth, token) in way.iter().enumerate() {
        if shape.chooses() {
            return Some(depth);
        }
        shape = shape.inside(token)?;
    }
    None
}
