//! Values with references in them, as they are written.

use serde_json::{Map, Value};

use super::fields::Fields;
use crate::plan::mistake::{Code, Notes};
use crate::plan::place::{self, Place};
use crate::plan::words;

/// A value, and where it stands.
pub(in crate::plan) struct Given<'j> {
    /// Behind `literal`, where it is wrapped so.
    pub(in crate::plan) pointer: String,
    pub(in crate::plan) form: Form<'j>,
}

pub(in crate::plan) enum Form<'j> {
    Literal(&'j Value),
    /// None, where it is malformed.
    Link(Option<Link<'j>>),
    List(Vec<Given<'j>>),
    Object(Vec<(&'j str, Given<'j>)>),
}

/// A reference as it is written.
pub(in crate::plan) struct Link<'j> {
    pub(in crate::plan) text: &'j str,
    pub(in crate::plan) root: Root,
    /// The tokens behind the root.
    pub(in crate::plan) tokens: Vec<String>,
    pub(in crate::plan) default: Option<&'j Value>,
}

/// What a reference begins with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::plan) enum Root {
    Params,
    Steps,
    Item,
    Items,
}

const ROOTS: [&str; 4] = ["params", "steps", "item", "items"];
const ALLOWED: &str = "a JSON pointer that begins with \"/params/\", \"/steps/\", \"/item\" or \
                       \"/items/\"";

impl<'j> Given<'j> {
    /// Reads a value that may hold references.
    pub(super) fn read(json: &'j Value, place: &Place<'_>, notes: &mut Notes) -> Self {
        let form = match json {
            Value::Array(list) => Self::list(json, list, place, notes),
            Value::Object(map) if map.contains_key("ref") => {
                Form::Link(Link::read(json, place, notes))
            }
            Value::Object(map) => match map.get("literal") {
                Some(literal) if map.len() == 1 => {
                    return Self {
                        pointer: place.key("literal").pointer(),
                        form: Form::Literal(literal),
                    };
                }
                Some(_) | None => Self::object(json, map, place, notes),
            },
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {
                Form::Literal(json)
            }
        };
        let pointer = place.pointer();
        Self { pointer, form }
    }

    fn list(json: &'j Value, list: &'j [Value], place: &Place<'_>, notes: &mut Notes) -> Form<'j> {
        let items = list.iter().enumerate();
        let items: Vec<Self> = items
            .map(|(index, item)| Self::read(item, &place.index(index), notes))
            .collect();
        let literal = items.iter().zip(list).all(|(item, json)| item.is(json));
        if literal {
            Form::Literal(json)
        } else {
            Form::List(items)
        }
    }

    fn object(
        json: &'j Value,
        map: &'j Map<String, Value>,
        place: &Place<'_>,
        notes: &mut Notes,
    ) -> Form<'j> {
        let members: Vec<(&str, Self)> = map
            .iter()
            .map(|(key, member)| (key.as_str(), Self::read(member, &place.key(key), notes)))
            .collect();
        let literal = members
            .iter()
            .zip(map.values())
            .all(|((_, member), json)| member.is(json));
        if literal {
            Form::Literal(json)
        } else {
            Form::Object(members)
        }
    }

    /// Whether it is literally this JSON, unwrapped.
    fn is(&self, json: &Value) -> bool {
        matches!(self.form, Form::Literal(literal) if std::ptr::eq(literal, json))
    }
}

impl<'j> Link<'j> {
    /// Reads `{"ref": …, "default": …}`.
    pub(super) fn read(json: &'j Value, place: &Place<'_>, notes: &mut Notes) -> Option<Self> {
        let fields = Fields::read(json, place, "a reference", &["ref", "default"], notes)?;
        let found = fields.require("ref", place, ALLOWED, notes)?;
        let here = place.key("ref");
        let tokens = found
            .as_str()
            .and_then(place::tokens)
            .filter(|tokens| !tokens.is_empty());
        let (Some(text), Some(mut tokens)) = (found.as_str(), tokens) else {
            let hint =
                "write an object that only has the key \"ref\" as {\"literal\": {\"ref\": …}}";
            let hint = (!found.is_string()).then(|| hint.to_owned());
            notes.hinted(&here, Code::Shape, words::value(found), ALLOWED, hint);
            return None;
        };
        let first = tokens.remove(0);
        let Some(root) = Root::of(&first) else {
            let hint =
                words::nearest(&first, ROOTS).map(|near| words::did_you_mean(&format!("/{near}")));
            notes.hinted(&here, Code::UnknownRef, words::text(text), ALLOWED, hint);
            return None;
        };
        let default = fields.get("default");
        if tokens.is_empty() && root.needs_name() {
            let allowed = format!("a name behind it: \"/{first}/<name>\"");
            notes.add(&here, Code::Shape, words::text(text), allowed);
            return None;
        }
        Some(Self {
            text,
            root,
            tokens,
            default,
        })
    }
}

impl Root {
    fn of(token: &str) -> Option<Self> {
        match token {
            "params" => Some(Self::Params),
            "steps" => Some(Self::Steps),
            "item" => Some(Self::Item),
            "items" => Some(Self::Items),
            _ => None,
        }
    }

    /// Whether the first token behind it is a name.
    const fn needs_name(self) -> bool {
        match self {
            Self::Steps | Self::Items => true,
            Self::Params | Self::Item => false,
        }
    }
}
