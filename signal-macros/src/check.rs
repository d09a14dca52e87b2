//! What one key alone can't show.

use enact_macro_support::Diag;

use crate::model::{Item, Keys, Kind, Shape, Variant};
use crate::parse::NO_TYPE;

pub(crate) fn item(item: &Item, diag: &mut Diag) {
    match &item.shape {
        Shape::Union => {}
        Shape::One => {
            if item.keys.typed.is_none() {
                diag.note(&item.input.ident, NO_TYPE);
            }
            generic(item, diag);
        }
        Shape::Several(variants) => {
            several(item, variants, diag);
            generic(item, diag);
        }
    }
}

fn generic(item: &Item, diag: &mut Diag) {
    if !item.input.generics.params.is_empty() {
        diag.note(
            &item.input.generics.params,
            "a signal can't be generic, since its type names one schema: derive `Params` for the \
             generic part and put it in a field",
        );
    }
}

fn several(item: &Item, variants: &[Variant], diag: &mut Diag) {
    if let Some(key) = &item.keys.typed {
        diag.note(
            &key.name,
            "the variants have types of their own: take this one out, or theirs",
        );
    }
    if let Some(dataschema) = &item.keys.dataschema {
        diag.note(
            dataschema,
            "variants of different types have schemas of their own: say this on each",
        );
    }
    if variants.is_empty() {
        diag.note(
            &item.input.ident,
            "an enum of signals needs variants: write some, each with its `#[signal(type = …)]`",
        );
    }
    unnamed(&item.keys, diag);
    let mut seen: Vec<(String, Option<u32>)> = Vec::new();
    for variant in variants {
        let Kind::Own(keys) = &variant.kind else {
            continue;
        };
        unnamed(keys, diag);
        let Some(ty) = &keys.ty else { continue };
        if !variant.gate.is_empty() {
            // Those that are never there together may be of one type; what is there, rustc tells.
            continue;
        }
        let this = (ty.value(), keys.version);
        if seen.contains(&this) {
            diag.note(
                ty,
                format!(
                    "another variant is of the type {:?}, and reading could not tell them apart: \
                     give one of them another",
                    ty.value()
                ),
            );
        }
        seen.push(this);
    }
}

/// Notes each check, which no variant could be given.
fn unnamed(keys: &Keys, diag: &mut Diag) {
    for key in keys.params.iter().filter(|key| key.is("check")) {
        diag.note(
            &key.name,
            "a check is a function of one struct, and a variant is none: write its fields as a \
             struct with `#[signal(type = …, check = …)]`, and let the variant hold that",
        );
    }
}
