//! From tokens to the model, noting every mistake on the way.

mod field;
mod rules;
mod serde;
mod spec;

use enact_macro_support::{Diag, docs, keys};
use quote::ToTokens;
use syn::{Attribute, Data, DeriveInput, Expr, Fields, Path, parse_quote};

pub(crate) use self::rules::number;
use crate::model::{Item, Role, Shape, SpecKeys, Style, Variant};

const SPEC_KEYS: [&str; 14] = [
    "name", "title", "category", "version", "tags", "writes", "effect", "timeout", "deadline",
    "grace", "undo_timeout", "retry", "undo", "needs",
];
const ITEM_KEYS: [&str; 4] = ["crate", "open", "check", "no_new"];

pub(crate) fn item(input: &DeriveInput, role: Role, diag: &mut Diag) -> Item {
    let known: Vec<&str> = match role {
        Role::Action => SPEC_KEYS.into_iter().chain(ITEM_KEYS).collect(),
        Role::Params => ITEM_KEYS.to_vec(),
    };
    let found = keys::of_attributes(&input.attrs, role.attribute(), &known, diag);
    let serde = serde::item(&input.attrs);
    let names = serde::Names::of(&input.attrs);
    let shape = shape(input, role, &names, diag);
    let mut item = Item {
        role,
        ident: input.ident.clone(),
        vis: input.vis.clone(),
        generics: input.generics.clone(),
        description: docs::description(&input.attrs),
        attrs: repeated(&input.attrs),
        root: parse_quote!(::enact),
        open: false,
        no_new: false,
        checks: Vec::new(),
        spec: SpecKeys::default(),
        shape,
        serde,
    };
    for key in &found {
        match key.name.to_string().as_str() {
            "crate" => {
                if let Some(path) = path(key, diag, "crate = ::my::enact") {
                    item.root = path;
                }
            }
            "open" => {
                key.flag(diag);
                item.open = true;
            }
            "no_new" => {
                key.flag(diag);
                item.no_new = true;
            }
            "check" => item.checks.extend(path(key, diag, "check = my_check")),
            _ => spec::read(&mut item.spec, key, diag),
        }
    }
    item
}

fn shape(input: &DeriveInput, role: Role, names: &serde::Names, diag: &mut Diag) -> Shape {
    match &input.data {
        Data::Struct(data) => match &data.fields {
            Fields::Named(_) | Fields::Unit => {
                Shape::Record(field::all(&data.fields, names, diag))
            }
            Fields::Unnamed(fields) => {
                if role == Role::Action {
                    diag.note(
                        fields,
                        "params need names: write `struct Name { /// What it is. field: Type }`",
                    );
                }
                Shape::Tuple(field::all(&data.fields, names, diag))
            }
        },
        Data::Enum(data) => {
            if role == Role::Action {
                diag.note(
                    data.enum_token,
                    "an action is a struct: put the enum, with `#[derive(Params)]`, in a field of it",
                );
            }
            Shape::Enum(data.variants.iter().map(|it| variant(it, names, diag)).collect())
        }
        Data::Union(data) => {
            diag.note(data.union_token, "a union can't be read from JSON: write a struct or an enum");
            Shape::Record(Vec::new())
        }
    }
}

fn variant(variant: &syn::Variant, names: &serde::Names, diag: &mut Diag) -> Variant {
    let own = serde::Names::of(&variant.attrs);
    let fields = names.within(&own);
    Variant {
        ident: variant.ident.clone(),
        attrs: repeated(&variant.attrs),
        wire: names.variant(&variant.ident, &variant.attrs, diag),
        skipped: serde::is_skipped(&variant.attrs),
        style: match variant.fields {
            Fields::Unit => Style::Unit,
            Fields::Unnamed(_) => Style::Tuple,
            Fields::Named(_) => Style::Record,
        },
        fields: field::all(&variant.fields, &fields, diag),
    }
}

/// The attributes that the mirror repeats.
fn repeated(attrs: &[Attribute]) -> Vec<Attribute> {
    let names = ["doc", "serde", "schemars", "cfg", "deprecated"];
    attrs.iter().filter(|attr| names.iter().any(|name| attr.path().is_ident(name))).cloned().collect()
}

fn path(key: &keys::Key, diag: &mut Diag, example: &str) -> Option<Path> {
    match key.expr(diag, example)? {
        Expr::Path(path) => Some(path.path.clone()),
        other => {
            diag.note(other, format!("write a path here: `{example}`"));
            None
        }
    }
}

/// The text of a string literal.
fn text(key: &keys::Key, diag: &mut Diag, example: &str) -> Option<String> {
    let expr = key.expr(diag, example)?;
    let text = string(expr);
    if text.is_none() {
        diag.note(expr, format!("write text in quotes: `{example}`"));
    }
    text
}

fn string(expr: &Expr) -> Option<String> {
    match expr {
        Expr::Lit(syn::ExprLit { lit: syn::Lit::Str(text), .. }) => Some(text.value()),
        _ => None,
    }
}

/// A value's tokens, for the span of a mistake.
fn tokens(value: impl ToTokens) -> proc_macro2::TokenStream {
    value.into_token_stream()
}
