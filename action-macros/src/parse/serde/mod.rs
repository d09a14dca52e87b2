//! What serde's own attributes say that concerns names; the rest is serde's business.

mod case;
mod known;

use enact_macro_support::Diag;
use enact_macro_support::keys::{self, Key, Value};
use syn::ext::IdentExt as _;
use syn::{Attribute, Ident};

use self::case::Case;
use super::string;
use crate::model::{Reading, SerdeItem};

/// How names are spelled on the wire.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Names {
    own: Case,
    fields: Case,
}

impl Names {
    pub(super) fn of(attrs: &[Attribute]) -> Self {
        let keys = keys::foreign(attrs, "serde");
        let case = |name: &str| {
            keys.iter()
                .find(|key| key.is(name))
                .and_then(text)
                .map_or(Case::None, |it| Case::of(&it))
        };
        Self {
            own: case("rename_all"),
            fields: case("rename_all_fields"),
        }
    }

    /// The names inside a variant: its own rule, else the enum's rule for fields.
    pub(super) fn within(self, variant: Self) -> Self {
        let own = if variant.own == Case::None {
            self.fields
        } else {
            variant.own
        };
        Self {
            own,
            fields: Case::None,
        }
    }

    pub(super) fn field(self, name: &str) -> String {
        self.own.of_field(name)
    }

    pub(super) fn variant(self, ident: &Ident) -> String {
        self.own.of_variant(&ident.unraw().to_string())
    }
}

/// What serde's attributes on a field or a variant say.
#[derive(Default)]
pub(super) struct Told {
    pub(super) rename: Option<(String, Key)>,
    pub(super) aliases: Vec<(String, Key)>,
    pub(super) flatten: Option<Key>,
    pub(super) untagged: bool,
    pub(super) default: Option<Key>,
    /// How it is read, if not by its type.
    pub(super) reading: Option<Reading>,
}

pub(super) fn field(attrs: &[Attribute], diag: &mut Diag) -> Told {
    told(attrs, &known::OF_FIELD, diag)
}

pub(super) fn variant(attrs: &[Attribute], diag: &mut Diag) -> Told {
    told(attrs, &known::OF_VARIANT, diag)
}

fn told(attrs: &[Attribute], known: &[&str], diag: &mut Diag) -> Told {
    let mut told = Told::default();
    known::refuse_described(attrs, &[], diag);
    for key in known::read(attrs, known, diag) {
        match key.name.to_string().as_str() {
            "rename" => told.rename = text(&key).map(|name| (name, key)),
            "alias" => told.aliases.extend(text(&key).map(|name| (name, key))),
            "flatten" => told.flatten = Some(key),
            "untagged" => told.untagged = true,
            "other" => diag.note(
                &key.name,
                "the schema names every variant, and another name is refused before this one is \
                 reached: take it out",
            ),
            "skip" | "skip_deserializing" => told.reading = Some(Reading::Skipped),
            "default" => told.default = Some(key),
            "with" | "deserialize_with" => told.reading = Some(Reading::Elsewhere),
            _ => {}
        }
    }
    told
}

pub(super) fn item(attrs: &[Attribute], diag: &mut Diag) -> SerdeItem {
    let mut told = SerdeItem::default();
    known::refuse_described(attrs, &["rename"], diag);
    for key in known::read(attrs, &known::OF_ITEM, diag) {
        match key.name.to_string().as_str() {
            "tag" => told.tag = text(&key).map(|it| (it, key)),
            "content" => told.content = text(&key).map(|it| (it, key)),
            "untagged" => told.untagged = Some(key),
            "default" => told.default = Some(key),
            "deny_unknown_fields" => told.denies = Some(key),
            "rename" => told.renamed = text(&key),
            "transparent" => told.transparent = true,
            "from" | "try_from" => told.from = text(&key).map(|it| (it, key)),
            "into" => told.into = text(&key).map(|it| (it, key)),
            _ => {}
        }
    }
    for key in keys::foreign(attrs, "schemars") {
        match key.name.to_string().as_str() {
            "rename" => told.renamed = text(&key),
            "inline" => told.inline = true,
            _ => {}
        }
    }
    told
}

fn text(key: &Key) -> Option<String> {
    match &key.value {
        Value::Is(expr) => string(expr),
        Value::Flag | Value::List(_) | Value::Broken => None,
    }
}
