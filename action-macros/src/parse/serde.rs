//! What serde's own attributes say that concerns names; the rest is serde's business.

use enact_macro_support::Diag;
use enact_macro_support::keys::{self, Key, Value};
use syn::ext::IdentExt as _;
use syn::{Attribute, Ident};

use super::string;
use crate::model::SerdeItem;

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
            keys.iter().find(|key| key.is(name)).and_then(text).map_or(Case::None, |it| Case::of(&it))
        };
        Self { own: case("rename_all"), fields: case("rename_all_fields") }
    }

    /// The names inside a variant: its own rule, else the enum's rule for fields.
    pub(super) fn within(self, variant: &Self) -> Self {
        let own = if variant.own == Case::None { self.fields } else { variant.own };
        Self { own, fields: Case::None }
    }

    pub(super) fn field(self, name: &str) -> String {
        self.own.of_field(name)
    }

    pub(super) fn variant(self, ident: &Ident, attrs: &[Attribute], diag: &mut Diag) -> String {
        field(attrs, diag).rename.unwrap_or_else(|| self.own.of_variant(&ident.unraw().to_string()))
    }
}

/// What serde's attributes on a field say.
#[derive(Debug, Default)]
pub(super) struct SerdeField {
    pub(super) rename: Option<String>,
    pub(super) aliases: Vec<String>,
    pub(super) flatten: bool,
    pub(super) skipped: bool,
    pub(super) default: bool,
    /// Read by a function or another type, so that its own rules are unknown.
    pub(super) elsewhere: bool,
}

pub(super) fn field(attrs: &[Attribute], diag: &mut Diag) -> SerdeField {
    let mut told = SerdeField::default();
    for key in keys::foreign(attrs, "serde") {
        match key.name.unraw().to_string().as_str() {
            "rename" => match &key.value {
                Value::List(_) => diag.note(
                    &key,
                    "params have one name for reading and writing: write `rename = \"…\"`",
                ),
                _ => told.rename = text(&key),
            },
            "alias" => told.aliases.extend(text(&key)),
            "flatten" => told.flatten = true,
            "skip" | "skip_deserializing" => told.skipped = true,
            "default" => told.default = true,
            "with" | "deserialize_with" => told.elsewhere = true,
            _ => {}
        }
    }
    told
}

pub(super) fn is_skipped(attrs: &[Attribute]) -> bool {
    keys::foreign(attrs, "serde").iter().any(|key| key.is("skip") || key.is("skip_deserializing"))
}

pub(super) fn item(attrs: &[Attribute]) -> SerdeItem {
    let mut told = SerdeItem::default();
    for key in keys::foreign(attrs, "serde").into_iter().chain(keys::foreign(attrs, "schemars")) {
        match key.name.unraw().to_string().as_str() {
            "tag" => told.tag = text(&key).map(|it| (it, key)),
            "content" => told.content = text(&key).map(|it| (it, key)),
            "untagged" => told.untagged = true,
            "default" => told.default = true,
            "deny_unknown_fields" => told.denies = true,
            "rename" => told.renamed = true,
            "transparent" | "from" | "try_from" => told.elsewhere = true,
            _ => {}
        }
    }
    told
}

fn text(key: &Key) -> Option<String> {
    match &key.value {
        Value::Is(expr) => string(expr),
        Value::Flag | Value::List(_) => None,
    }
}

/// serde's `rename_all` rules.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Case {
    #[default]
    None,
    Lower,
    Upper,
    Pascal,
    Camel,
    Snake,
    ScreamingSnake,
    Kebab,
    ScreamingKebab,
}

impl Case {
    fn of(rule: &str) -> Self {
        match rule {
            "lowercase" => Self::Lower,
            "UPPERCASE" => Self::Upper,
            "PascalCase" => Self::Pascal,
            "camelCase" => Self::Camel,
            "snake_case" => Self::Snake,
            "SCREAMING_SNAKE_CASE" => Self::ScreamingSnake,
            "kebab-case" => Self::Kebab,
            "SCREAMING-KEBAB-CASE" => Self::ScreamingKebab,
            // serde's own derive refuses any other.
            _ => Self::None,
        }
    }

    /// From `snake_case`.
    fn of_field(self, name: &str) -> String {
        match self {
            Self::None | Self::Lower | Self::Snake => name.to_owned(),
            Self::Upper | Self::ScreamingSnake => name.to_uppercase(),
            Self::Pascal => name.split('_').map(capital).collect(),
            Self::Camel => uncapital(&Self::Pascal.of_field(name)),
            Self::Kebab => name.replace('_', "-"),
            Self::ScreamingKebab => name.to_uppercase().replace('_', "-"),
        }
    }

    /// From `PascalCase`.
    fn of_variant(self, name: &str) -> String {
        match self {
            Self::None | Self::Pascal => name.to_owned(),
            Self::Lower => name.to_lowercase(),
            Self::Upper => name.to_uppercase(),
            Self::Camel => uncapital(name),
            Self::Snake => crate::check::snake(name),
            Self::ScreamingSnake => crate::check::snake(name).to_uppercase(),
            Self::Kebab => crate::check::snake(name).replace('_', "-"),
            Self::ScreamingKebab => crate::check::snake(name).to_uppercase().replace('_', "-"),
        }
    }
}

fn capital(word: &str) -> String {
    let mut chars = word.chars();
    chars.next().map(|first| first.to_ascii_uppercase()).into_iter().chain(chars).collect()
}

fn uncapital(word: &str) -> String {
    let mut chars = word.chars();
    chars.next().map(|first| first.to_ascii_lowercase()).into_iter().chain(chars).collect()
}
