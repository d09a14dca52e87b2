//! Names on the wire: what every model vendor accepts, each once.

use enact_macro_support::Diag;
use proc_macro2::TokenStream;
use quote::ToTokens;

use super::siblings;
use crate::model::{Field, Item, Role, Shape, Style};

/// The longest name that every vendor accepts.
const LONGEST: usize = 64;

pub(super) fn check(item: &Item, diag: &mut Diag) {
    if item.role == Role::Action {
        of_action(item, diag);
    }
    for fields in siblings(item) {
        of_fields(fields, diag);
    }
    if let Shape::Enum(_) = &item.shape {
        of_variants(item, diag);
    }
}

/// The action's name: as given, else the struct's name in snake case.
pub(crate) fn action_name(item: &Item) -> String {
    match &item.spec.name {
        Some((name, _)) => name.clone(),
        None => words(&item.ident.to_string()),
    }
}

fn of_action(item: &Item, diag: &mut Diag) {
    let name = action_name(item);
    let Some(fault) = fault(&name, &['_', '-']) else { return };
    let tokens = match &item.spec.name {
        Some((_, tokens)) => tokens.clone(),
        None => item.ident.to_token_stream(),
    };
    diag.note(
        tokens,
        format!(
            "{name:?} is no name for an action: {fault}; vendors accept a letter or `_`, then \
             letters, digits, `_` and `-`, 64 in all"
        ),
    );
}

fn of_fields(fields: &[Field], diag: &mut Diag) {
    let mut seen: Vec<&str> = Vec::new();
    for field in fields.iter().filter(|field| !field.flatten && !field.skipped) {
        let Some(ident) = &field.ident else { continue };
        property(&field.wire, ident.to_token_stream(), diag);
        for name in std::iter::once(&field.wire).chain(&field.aliases) {
            if seen.contains(&name.as_str()) {
                diag.note(ident, format!("two params are called {name:?} on the wire: rename one of them"));
            }
            seen.push(name);
        }
    }
}

fn of_variants(item: &Item, diag: &mut Diag) {
    let Shape::Enum(variants) = &item.shape else { return };
    let mut seen: Vec<&str> = Vec::new();
    for variant in variants.iter().filter(|variant| !variant.skipped) {
        // Without a tag, the name of a variant that holds something is a property.
        let external = !item.serde.untagged && item.serde.tag.is_none();
        if external && variant.style != Style::Unit {
            property(&variant.wire, variant.ident.to_token_stream(), diag);
        }
        if seen.contains(&variant.wire.as_str()) && !item.serde.untagged {
            let name = &variant.wire;
            diag.note(&variant.ident, format!("two variants are called {name:?} on the wire: rename one of them"));
        }
        seen.push(&variant.wire);
    }
    for (name, key) in item.serde.tag.iter().chain(&item.serde.content) {
        property(name, key.to_token_stream(), diag);
    }
}

fn property(name: &str, tokens: TokenStream, diag: &mut Diag) {
    if let Some(fault) = fault(name, &['_']) {
        diag.note(
            tokens,
            format!(
                "{name:?} is no name for a param: {fault}; vendors accept a letter or `_`, then \
                 letters, digits and `_`, 64 in all"
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
    if let Some(odd) = name.chars().find(|c| !c.is_ascii_alphanumeric() && !marks.contains(c)) {
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
        assert_eq!(parted, ["get_weather", "get_http_status", "ping", "step2_do", "a", "x_y"]);
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
