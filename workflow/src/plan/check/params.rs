//! The params of a step against its action: literals by the action's own check, references by
//! their types.

use std::panic::{AssertUnwindSafe, catch_unwind};

use enact_action_core::params::{Code as Rule, Violation};
use enact_action_core::registry::Entry;
use serde_json::{Map, Value};

use super::digest::bytes;
use super::shape::Shape;
use crate::plan::limits::MOST_PARAMS_BYTES;
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
    // Params that are no object have been noted as such, or are a reference.
    if !json.is_object() && sketch.holes.is_empty() {
        return;
    }
    let checked = catch_unwind(AssertUnwindSafe(|| entry.check(json)));
    match checked {
        Ok(Ok(())) => {}
        Ok(Err(violations)) => {
            let kept = violations.iter().filter(|one| sketch.blames(entry, one));
            kept.for_each(|violation| notes.push(sketch.mistake(violation)));
        }
        Err(_) if sketch.holes.is_empty() => {
            let found = format!("params on which the check of {:?} panics", entry.name());
            notes.add(place, Code::Param, found, "params that it can check");
        }
        Err(_) => {}
    }
    for hole in &sketch.holes {
        hole.fits(entry, notes);
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
    /// In the params.
    at: String,
    /// In the plan.
    pointer: String,
    shape: Shape<'j>,
    /// Whether its default stands there, which must fit too.
    defaulted: bool,
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
                    at: at.pointer(),
                    pointer: given.pointer.clone(),
                    shape: shape.clone(),
                    defaulted: default.is_some(),
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
                let fill = |(key, member): &(&'j str, Given<'j>)| {
                    let shape = shape.inside(key).unwrap_or(Shape::Any);
                    ((*key).to_owned(), self.fill(member, &shape, &at.key(key)))
                };
                Value::Object(members.iter().map(fill).collect())
            }
        }
    }

    /// Whether a violation is the plan's doing, and not that of what stands in for a reference.
    fn blames(&self, entry: &'static Entry, violation: &Violation) -> bool {
        self.holes
            .iter()
            .all(|hole| !hole.excuses(entry, violation))
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
    /// Whether the violation may come from what stands in for the reference.
    fn excuses(&self, entry: &'static Entry, violation: &Violation) -> bool {
        let (Some(hole), Some(there)) =
            (place::tokens(&self.at), place::tokens(&violation.pointer))
        else {
            return true;
        };
        let common = hole.iter().zip(&there).take_while(|(a, b)| a == b).count();
        if common == hole.len() {
            // At the reference, or inside of its default.
            let named = there.len() == hole.len() && is_of_the_key(violation.code);
            return !self.defaulted && !named;
        }
        if common == there.len() && is_of_the_whole(violation.code) {
            return true;
        }
        chooses(entry.schema(), &hole[..common])
    }

    fn fits(&self, entry: &'static Entry, notes: &mut Notes) {
        let Some(tokens) = place::tokens(&self.at) else {
            return;
        };
        let schema = entry.schema();
        let whole = Some(Shape::Schema(schema, schema));
        // A field that is not there has been noted.
        let Some(wanted) = tokens
            .iter()
            .fold(whole, |shape, token| shape?.inside(token))
        else {
            return;
        };
        let (found, wanted) = (self.shape.kinds(), wanted.kinds());
        if !found.meets(wanted) {
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

/// Whether, on that way into it, the schema leaves a choice that a reference could decide.
fn chooses(schema: &Value, way: &[String]) -> bool {
    let mut shape = Shape::Schema(schema, schema);
    for token in way {
        if shape.chooses() {
            return true;
        }
        match shape.inside(token) {
            Some(inner) => shape = inner,
            None => return false,
        }
    }
    shape.chooses()
}
