//! What is known of a value before it is there: which JSON types it may have, and what is in it.

use std::rc::Rc;

use serde_json::Value;

use super::kinds::Kinds;
use super::schema::{self, Inside};
use crate::plan::place;

/// How many keys a text lists.
const MOST_KEYS: usize = 16;

/// What is known of a value.
#[derive(Clone)]
pub(super) enum Shape<'j> {
    /// Nothing.
    Any,
    /// It is this.
    Literal(&'j Value),
    /// A schema describes it; the first is the document that its references point into.
    Schema(&'j Value, &'j Value),
    /// A list of these.
    List(Rc<Self>),
    /// A list of exactly these.
    Tuple(Rc<[Self]>),
    /// An object of exactly these.
    Object(Rc<[(&'j str, Self)]>),
    /// One of these; none of them is itself one of several.
    Either(Rc<[Self]>),
    /// The first, and where that is null or nothing, the second.
    Defaulted(Rc<Self>, &'j Value),
    /// Something of these types.
    Of(Kinds),
}

/// How many alternatives are told apart; plans could else multiply them without bound.
const MOST_ALTERNATIVES: usize = 64;

impl Shape<'_> {
    /// One of these.
    pub(super) fn either(all: impl IntoIterator<Item = Self>) -> Self {
        let mut flat = Vec::new();
        for one in all {
            match one {
                Self::Any => return Self::Any,
                Self::Either(several) => flat.extend(several.iter().cloned()),
                one @ Self::Defaulted(..) => flat.push(Self::Of(one.kinds())),
                one => flat.push(one),
            }
        }
        if flat.len() > MOST_ALTERNATIVES {
            let kinds = flat.iter().map(Self::kinds);
            return Self::Of(kinds.fold(Kinds::NONE, Kinds::or));
        }
        match flat.as_slice() {
            [one] => one.clone(),
            _ => Self::Either(flat.into()),
        }
    }

    /// The types that it may have.
    pub(super) fn kinds(&self) -> Kinds {
        match self {
            Self::Any => Kinds::ANY,
            Self::Literal(value) => Kinds::of(value),
            Self::Schema(root, schema) => schema::kinds(root, schema, 0),
            Self::List(_) | Self::Tuple(_) => Kinds::LIST,
            Self::Object(_) => Kinds::OBJECT,
            Self::Either(all) => all
                .iter()
                .fold(Kinds::NONE, |kinds, one| kinds.or(one.kinds())),
            Self::Defaulted(first, default) => {
                first.kinds().without(Kinds::NULL).or(Kinds::of(default))
            }
            Self::Of(kinds) => *kinds,
        }
    }

    /// What is under a key or an index; none, where surely nothing is.
    pub(super) fn inside(&self, token: &str) -> Option<Self> {
        match self {
            Self::Any => Some(Self::Any),
            Self::Literal(Value::Object(map)) => map.get(token).map(Self::Literal),
            Self::Literal(Value::Array(list)) => list.get(place::index(token)?).map(Self::Literal),
            Self::Literal(_) => None,
            Self::Schema(root, schema) => match schema::inside(root, schema, token, 0) {
                Inside::Unknown => Some(Self::Any),
                Inside::Nothing => None,
                Inside::One(inner) => Some(Self::Schema(root, inner)),
                Inside::Several(all) => Some(Self::either(
                    all.into_iter().map(|one| Self::Schema(root, one)),
                )),
            },
            Self::List(item) => place::index(token).map(|_| (**item).clone()),
            Self::Tuple(items) => items.get(place::index(token)?).cloned(),
            Self::Object(members) => {
                let member = members.iter().find(|(key, _)| *key == token);
                member.map(|(_, shape)| shape.clone())
            }
            Self::Either(all) => {
                let inner: Vec<Self> = all.iter().filter_map(|one| one.inside(token)).collect();
                (!inner.is_empty()).then(|| Self::either(inner))
            }
            Self::Defaulted(first, default) => {
                let both = [first.inside(token), Self::Literal(default).inside(token)];
                let both: Vec<Self> = both.into_iter().flatten().collect();
                (!both.is_empty()).then(|| Self::either(both))
            }
            Self::Of(kinds) => kinds
                .meets(Kinds::LIST.or(Kinds::OBJECT))
                .then_some(Self::Any),
        }
    }

    /// What an item of it is.
    pub(super) fn item(&self) -> Self {
        match self {
            Self::List(item) => (**item).clone(),
            Self::Tuple(items) => Self::either(items.iter().cloned()),
            Self::Literal(Value::Array(list)) => Self::either(list.iter().map(Self::Literal)),
            Self::Schema(_, schema) if schema.get("prefixItems").is_some() => Self::Any,
            Self::Schema(..) => self.inside("0").unwrap_or(Self::Any),
            Self::Any
            | Self::Literal(_)
            | Self::Object(_)
            | Self::Either(_)
            | Self::Defaulted(..)
            | Self::Of(_) => Self::Any,
        }
    }
}

impl Shape<'_> {
    /// Whether there are several forms of it that differ in more than null.
    pub(super) fn chooses(&self) -> bool {
        match self {
            Self::Schema(root, schema) => schema::chooses(root, schema, 0),
            Self::Either(_) => true,
            Self::Any
            | Self::Literal(_)
            | Self::List(_)
            | Self::Tuple(_)
            | Self::Object(_)
            | Self::Defaulted(..)
            | Self::Of(_) => false,
        }
    }

    /// What it is, and what keys it has, for texts.
    pub(super) fn describe(&self) -> String {
        let keys: Vec<&str> = match self {
            Self::Literal(Value::Object(map)) => map.keys().map(String::as_str).collect(),
            Self::Object(members) => members.iter().map(|(key, _)| *key).collect(),
            Self::Schema(root, schema) => schema::properties(root, schema, 0),
            Self::Any
            | Self::Literal(_)
            | Self::List(_)
            | Self::Tuple(_)
            | Self::Either(_)
            | Self::Defaulted(..)
            | Self::Of(_) => Vec::new(),
        };
        let keys = &keys[..keys.len().min(MOST_KEYS)];
        match keys {
            [] => self.kinds().to_string(),
            keys => format!("{} with {}", self.kinds(), keys.join(", ")),
        }
    }
}
