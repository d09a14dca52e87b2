//! Names on the wire: what every model vendor accepts, each once.

use enact_macro_support::Diag;
use enact_macro_support::keys::Key;
use proc_macro2::{Ident, TokenStream};
use quote::ToTokens;
use syn::ext::IdentExt as _;

use super::siblings;
use crate::model::{Field, Item, Role, Shape, Style, Variant};
use crate::parse::value;

/// The longest name that every vendor accepts.
const LONGEST: usize = 64;

pub(super) fn check(item: &Item, diag: &mut Diag) {
    if item.role == Role::Action {
        of_action(item, diag);
    }
    for fields in siblings(item) {
        of_fields(fields, diag);
    }
    if let Shape::Enum(variants) = &item.shape {
        of_variants(item, variants, diag);
    }
}

/// The action's name: as given, else the struct's name in snake case.
pub(crate) fn action_name(item: &Item) -> String {
    match &item.spec.name {
        Some((name, _)) => name.clone(),
        None => words(&item.ident.unraw().to_string()),
    }
}

fn of_action(item: &Item, diag: &mut Diag) {
    let name = action_name(item);
    let Some(fault) = fault(&name, &['_', '-']) else {
        return;
    };
    let tokens = match &item.spec.name {
        Some((_, tokens)) => tokens.clone(),
        None => item.ident.to_token_stream(),
    };
    diag.note(
        tokens,
        format!(
            "{name:?} is no name for an action: {fault}; write a letter or `_`, then letters, \
             digits, `_` and `-`, at most {LONGEST}: that is what every vendor accepts"
        ),
    );
}

fn of_fields(fields: &[Field], diag: &mut Diag) {
    let mut seen = Seen::of("params");
    for field in fields
        .iter()
        .filter(|field| !field.flatten && !field.is_skipped())
    {
        let Some(ident) = &field.ident else { continue };
        let tokens = place(ident, field.renamed.as_ref());
        property(&field.wire, &tokens, diag);
        seen.add(&field.wire, &tokens, diag);
        for (alias, key) in &field.aliases {
            property(alias, &value(key), diag);
            seen.add(alias, &value(key), diag);
        }
    }
}

fn of_variants(item: &Item, variants: &[Variant], diag: &mut Diag) {
    for variant in variants {
        let inside = variant.fields.iter().flat_map(|field| &field.aliases);
        for (_, key) in variant.aliases.iter().chain(inside) {
            diag.note(
                key,
                "the schema of an enum has no place for an alias, so it would never be read: take it out",
            );
        }
    }
    let serde = &item.serde;
    for (name, key) in serde.tag.iter().chain(&serde.content) {
        property(name, &value(key), diag);
    }
    if serde.untagged.is_some() {
        return;
    }
    let mut seen = Seen::of("variants");
    for variant in variants.iter().filter(|variant| !variant.skipped) {
        let tokens = place(&variant.ident, variant.renamed.as_ref());
        // Without a tag, the name of a variant that holds something is a property.
        if serde.tag.is_none() && variant.style != Style::Unit {
            property(&variant.wire, &tokens, diag);
        }
        seen.add(&variant.wire, &tokens, diag);
        if let (Some((tag, _)), None) = (&serde.tag, &serde.content) {
            beside_tag(tag, variant, diag);
        }
    }
}

/// The fields of a variant stand beside the tag.
fn beside_tag(tag: &str, variant: &Variant, diag: &mut Diag) {
    for field in variant
        .fields
        .iter()
        .filter(|field| !field.flatten && !field.is_skipped())
    {
        if let Some(ident) = &field.ident
            && field.wire == tag
        {
            diag.note(
                place(ident, field.renamed.as_ref()),
                format!("{tag:?} is the tag of this enum: rename the field or the tag"),
            );
        }
    }
}

/// Where a wire name comes from: `rename`, else the name in Rust.
fn place(ident: &Ident, renamed: Option<&Key>) -> TokenStream {
    renamed.map_or_else(|| ident.to_token_stream(), value)
}

/// The names met so far in one object.
struct Seen {
    what: &'static str,
    names: Vec<String>,
}

impl Seen {
    fn of(what: &'static str) -> Self {
        Self {
            what,
            names: Vec::new(),
        }
    }

    fn add(&mut self, name: &str, tokens: &TokenStream, diag: &mut Diag) {
        if self.names.iter().any(|seen| seen == name) {
            let what = self.what;
            diag.note(
                tokens,
                format!("two {what} are called {name:?} on the wire: rename one of them"),
            );
        }
        self.names.push(name.to_owned());
    }
}

fn property(name: &str, tokens: &TokenStream, diag: &mut Diag) {
    if let Some(fault) = fault(name, &['_']) {
        diag.note(
            tokens,
            format!(
                "{name:?} is no name for a param: {fault}; write a letter or `_`, then letters, \
                 digits and `_`, at most {LONGEST}: that is what every vendor accepts"
            ),
        );
    }
}

/// What keeps a name from being accepted by every vendor.
fn fault(name: &str, marks: &[char]) -> Option<String> {
    let first = name.chars().next();
    if first.is_none() {
        return Some("it is empty".to_owned());
    }
    if !first.is_some_and(|c| c.is_ascii_alphabetic() || c == '_') {
        return Some(format!("it begins with {:?}", first.unwrap_or_default()));
    }
    if let Some(odd) = name
        .chars()
        .find(|c| !c.is_ascii_alphanumeric() && !marks.contains(c))
    {
        return Some(format!("it has a {odd:?} in it"));
    }
    (name.len() > LONGEST).then(|| format!("it is {} long", name.len()))
}

/// `GetHTTPStatus` as `get_http_status`.
fn words(name: &str) -> String {
    let chars: Vec<char> = name.chars().collect();
    let mut words = String::new();
    for (index, c) in chars.iter().enumerate() {
        let before = index.checked_sub(1).map(|index| chars[index]);
        let after = chars.get(index + 1);
        let begins = c.is_uppercase()
            && before.is_some_and(|before| {
                !before.is_uppercase() && before != '_'
                    || before.is_uppercase() && after.is_some_and(|after| after.is_lowercase())
            });
        if begins {
            words.push('_');
        }
        words.extend(c.to_lowercase());
    }
    words
}

/// As serde writes a variant in `snake_case`.
pub(crate) fn snake(name: &str) -> String {
    let mut snake = String::new();
    for (index, c) in name.char_indices() {
        if index > 0 && c.is_uppercase() {
            snake.push('_');
        }
        snake.push(c.to_ascii_lowercase());
    }
    snake
}

#[cfg(test)]
mod tests {
    use super::{fault, words};

    #[test]
    fn words_part_where_a_reader_would_part_them() {
        let names = ["GetWeather", "GetHTTPStatus", "Ping", "Step2Do", "A", "X_Y"];
        let parted: Vec<_> = names.map(words).into();
        assert_eq!(
            parted,
            [
                "get_weather",
                "get_http_status",
                "ping",
                "step2_do",
                "a",
                "x_y"
            ]
        );
    }

    #[test]
    fn names_that_a_vendor_refuses_are_faulty() {
        for name in ["", "1st", "a.b", "a b", "ä", &"a".repeat(65)] {
            assert!(fault(name, &['_', '-']).is_some(), "{name}");
        }
        assert!(fault("a-b", &['_']).is_some());
        assert!(fault(&"a".repeat(64), &['_']).is_none());
    }
}
