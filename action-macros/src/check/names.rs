//! Names on the wire: what every model vendor accepts, each once.

use enact_macro_support::Diag;
use enact_macro_support::keys::Key;
use enact_macro_support::name::{LONGEST, fault, refusal, words};
use proc_macro2::{Ident, TokenStream};
use quote::ToTokens;
use syn::ext::IdentExt as _;

use super::siblings;
use crate::model::{Field, Item, Role, Shape, Style, Variant};
use crate::parse::value;

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
    let Some(refusal) = refusal(&name) else {
        return;
    };
    let tokens = match &item.spec.name {
        Some((_, tokens)) => tokens.clone(),
        None => item.ident.to_token_stream(),
    };
    diag.note(tokens, refusal);
}

fn of_fields(fields: &[Field], diag: &mut Diag) {
    let mut seen = Seen::of("params");
    for field in fields
        .iter()
        .filter(|field| !field.is_flattened() && !field.is_skipped())
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
        .filter(|field| !field.is_flattened() && !field.is_skipped())
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
