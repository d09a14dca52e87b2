//! From tokens to the model, noting every mistake on the way.

pub(crate) mod attrs;
mod told;

use enact_macro_support::keys::{self, Known, bare};
use enact_macro_support::{Diag, docs};
use proc_macro2::TokenStream;
use syn::{Attribute, Data, DeriveInput, Expr, Fields, Path, parse_quote};

pub(crate) use self::told::is_malformed;
use crate::model::{Item, Keys, Kind, Shape, Variant};

const OWN_KEYS: [&str; 5] = ["type", "source", "version", "dataschema", "extensions"];
const ITEM_KEYS: [&str; 3] = ["crate", "open", "no_new"];
const OFTEN: [&str; 1] = ["check"];

pub(crate) fn item(tokens: TokenStream, input: &DeriveInput, diag: &mut Diag) -> Item {
    let known: Vec<&str> = OWN_KEYS.into_iter().chain(ITEM_KEYS).collect();
    let known = Known {
        once: &known,
        often: &OFTEN,
    };
    let found = keys::of_list(tokens, known, diag);
    let mut told = Keys::default();
    let mut root: Path = parse_quote! { ::enact };
    for key in &found {
        if key.is("crate") {
            root = path(key.expr(diag, "crate = ::my::enact"), diag).unwrap_or(root);
        } else {
            told::read(&mut told, key, diag);
        }
    }
    again(&input.attrs, diag);
    let mut own = input.clone();
    own.attrs.retain(|attr| !is_signal(attr));
    let shape = shape(&mut own, &told, diag);
    let case = match shape {
        Shape::Several(_) => attrs::take_case(&mut own.attrs, diag),
        Shape::One | Shape::Union => None,
    };
    Item {
        description: docs::description(&own.attrs),
        input: own,
        root,
        keys: told,
        shape,
        case,
    }
}

/// Notes a second `#[signal(…)]` on one item.
fn again(attrs: &[Attribute], diag: &mut Diag) {
    for attr in attrs.iter().filter(|attr| is_signal(attr)) {
        diag.note(
            attr.path(),
            "`#[signal(…)]` is given twice: write all keys in one",
        );
    }
}

fn shape(input: &mut DeriveInput, keys: &Keys, diag: &mut Diag) -> Shape {
    match &mut input.data {
        Data::Struct(_) => Shape::One,
        Data::Union(data) => {
            diag.note(
                data.union_token,
                "a union can't be read from JSON: write a struct or an enum",
            );
            Shape::Union
        }
        Data::Enum(data) => {
            let says = |variant: &syn::Variant| variant.attrs.iter().any(is_signal);
            if keys.typed.is_some() && !data.variants.iter().any(says) {
                return Shape::One;
            }
            let known = attrs::known(&input.attrs);
            let variants = data.variants.iter_mut();
            let variants = variants.map(|it| variant(it, &known, keys, diag)).collect();
            Shape::Several(variants)
        }
    }
}

fn variant(variant: &mut syn::Variant, known: &[&str], around: &Keys, diag: &mut Diag) -> Variant {
    let mut written = variant.clone();
    let ident = &written.ident;
    let kind = match &written.fields {
        _ if written.attrs.iter().any(is_signal) => {
            strip(variant, known);
            gated(&written.fields, diag);
            own(&written.attrs, around, diag)
        }
        Fields::Unnamed(fields) if fields.unnamed.len() == 1 => {
            Kind::Held(Box::new(fields.unnamed[0].ty.clone()))
        }
        _ => {
            strip(variant, known);
            diag.note(
                ident,
                format!(
                    "`{ident}` has no type: write `#[signal(type = \"order.created\")]` on it, or \
                     let it hold one signal"
                ),
            );
            Kind::Faulty
        }
    };
    for field in &mut written.fields {
        let gate = attrs::gate(&field.attrs);
        field.attrs = gate.into_iter().chain(attrs::go(&field.attrs)).collect();
    }
    Variant {
        ident: written.ident,
        gate: attrs::gate(&written.attrs),
        description: docs::description(&written.attrs),
        renamed: attrs::when(&written.attrs, "rename"),
        cased: attrs::when(&written.attrs, "rename_all"),
        attrs: attrs::go(&written.attrs),
        fields: written.fields,
        kind,
    }
}

/// Notes each field without a name that is not always there, whose number would be another's then.
fn gated(fields: &Fields, diag: &mut Diag) {
    let Fields::Unnamed(fields) = fields else {
        return;
    };
    for gate in fields
        .unnamed
        .iter()
        .flat_map(|field| attrs::gate(&field.attrs))
    {
        diag.note(
            gate,
            "a field that is not always there needs a name: write the variant's fields in braces",
        );
    }
}

fn own(attrs: &[Attribute], around: &Keys, diag: &mut Diag) -> Kind {
    let known: Vec<&str> = OWN_KEYS.into_iter().chain(["open"]).collect();
    let known = Known {
        once: &known,
        often: &OFTEN,
    };
    let told = attrs.iter().filter(|attr| is_signal(attr));
    let (lists, bare): (Vec<_>, Vec<_>) = told.partition(|attr| attr.meta.require_list().is_ok());
    let mut keys = Keys::default();
    for key in &keys::of_lists(lists.iter().copied(), known, diag) {
        told::read(&mut keys, key, diag);
    }
    keys.inherit(around);
    for attr in &bare {
        diag.note(attr, NO_TYPE);
    }
    if let (None, [], [list, ..]) = (&keys.typed, &*bare, &*lists) {
        diag.note(list.path(), NO_TYPE);
    }
    Kind::Own(Box::new(keys))
}

fn is_signal(attr: &Attribute) -> bool {
    attrs::is(attr.path(), "signal")
}

/// Takes out of a variant what is said again on the struct that stands for it, and what the enum's
/// own derives do not know.
fn strip(variant: &mut syn::Variant, known: &[&str]) {
    variant.attrs = attrs::stay(&variant.attrs, known);
    for field in &mut variant.fields {
        field.attrs = attrs::stay(&field.attrs, known);
    }
}

/// What is said where a signal has no type.
pub(crate) const NO_TYPE: &str =
    "a signal needs a type: write `#[signal(type = \"order.created\")]`";

fn path(expr: Option<&Expr>, diag: &mut Diag) -> Option<Path> {
    match bare(expr?) {
        Expr::Path(path) if path.qself.is_none() => Some(path.path.clone()),
        other => {
            diag.note(other, "write a path here: `crate = ::my::enact`");
            None
        }
    }
}
