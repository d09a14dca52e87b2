//! From tokens to the model, noting every mistake on the way.

mod field;
mod rules;
mod serde;
mod spec;
mod this;

use enact_macro_support::keys::{self, Known, bare};
use enact_macro_support::{Diag, docs};
use syn::{Attribute, Data, DeriveInput, Expr, Fields, Path, parse_quote};

use self::field::Around;
pub(crate) use self::rules::{number, value};
use self::this::This;
use crate::model::{Descriptions, Item, Reading, Role, Shape, SpecKeys, Style, Variant};

const SPEC_KEYS: [&str; 16] = [
    "name",
    "title",
    "category",
    "version",
    "tags",
    "writes",
    "effect",
    "timeout",
    "deadline",
    "grace",
    "undo_timeout",
    "retry",
    "undo",
    "confirm",
    "dry_run",
    "needs",
];
const ITEM_KEYS: [&str; 3] = ["crate", "open", "no_new"];
/// Keys of what models do not choose by.
const PART_KEYS: [&str; 1] = ["terse"];

pub(crate) fn item(input: &DeriveInput, role: Role, diag: &mut Diag) -> Item {
    let known = known(role);
    let known = Known {
        once: &known,
        often: &["check"],
    };
    misnamed(&input.attrs, role, diag);
    let found = keys::of_attributes(&input.attrs, role.attribute(), known, diag);
    let serde = serde::item(&input.attrs, diag);
    let (this, names) = (This::of(input), serde::Names::of(&input.attrs));
    let shape = shape(
        input,
        role,
        Around {
            this: &this,
            names: &names,
        },
        diag,
    );
    let mut item = Item {
        role,
        ident: input.ident.clone(),
        vis: input.vis.clone(),
        generics: input.generics.clone(),
        description: docs::description(&input.attrs),
        attrs: repeated(&input.attrs),
        root: parse_quote! { ::enact },
        open: false,
        no_new: false,
        descriptions: Descriptions::Needed,
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
            "terse" => {
                key.flag(diag);
                item.descriptions = Descriptions::Free;
            }
            "check" => item.checks.extend(path(key, diag, "check = my_check")),
            _ => spec::read(&mut item.spec, key, diag),
        }
    }
    item
}

/// The keys that may be given once.
fn known(role: Role) -> Vec<&'static str> {
    match role {
        Role::Action => SPEC_KEYS.into_iter().chain(ITEM_KEYS).collect(),
        Role::Params => ITEM_KEYS.into_iter().chain(PART_KEYS).collect(),
    }
}

/// Notes the attribute of the other derive.
fn misnamed(attrs: &[Attribute], role: Role, diag: &mut Diag) {
    let (own, other) = match role {
        Role::Action => ("action", "params"),
        Role::Params => ("params", "action"),
    };
    for attr in attrs.iter().filter(|attr| attr.path().is_ident(other)) {
        diag.note(
            attr.path(),
            format!("`#[{other}(…)]` is for the other derive: write `#[{own}(…)]`"),
        );
    }
}

fn shape(input: &DeriveInput, role: Role, around: Around<'_>, diag: &mut Diag) -> Shape {
    match &input.data {
        Data::Struct(data) => match &data.fields {
            Fields::Named(_) | Fields::Unit => {
                Shape::Record(field::all(&data.fields, around, diag))
            }
            Fields::Unnamed(fields) => {
                if role == Role::Action {
                    diag.note(
                        fields,
                        "params need names: write `struct Name { /// What it is. field: Type }`",
                    );
                }
                Shape::Tuple(field::all(&data.fields, around, diag))
            }
        },
        Data::Enum(data) => {
            if role == Role::Action {
                diag.note(
                    data.enum_token,
                    "an action is a struct: put the enum, with `#[derive(Params)]`, in a field of it",
                );
            }
            Shape::Enum(
                data.variants
                    .iter()
                    .map(|it| variant(it, around, diag))
                    .collect(),
            )
        }
        Data::Union(data) => {
            diag.note(
                data.union_token,
                "a union can't be read from JSON: write a struct or an enum",
            );
            Shape::Record(Vec::new())
        }
    }
}

fn variant(variant: &syn::Variant, around: Around<'_>, diag: &mut Diag) -> Variant {
    let own = serde::Names::of(&variant.attrs);
    let within = Around {
        names: &around.names.within(own),
        ..around
    };
    let told = serde::variant(&variant.attrs, diag);
    let named = || around.names.variant(&variant.ident);
    Variant {
        ident: variant.ident.clone(),
        attrs: repeated(&variant.attrs),
        wire: told
            .rename
            .as_ref()
            .map_or_else(named, |(name, _)| name.clone()),
        renamed: told.rename.map(|(_, key)| key),
        aliases: told.aliases,
        untagged: told.untagged,
        skipped: told.reading == Some(Reading::Skipped),
        style: match variant.fields {
            Fields::Unit => Style::Unit,
            Fields::Unnamed(_) => Style::Tuple,
            Fields::Named(_) => Style::Record,
        },
        fields: field::all(&variant.fields, within, diag),
    }
}

/// The attributes that the mirror repeats.
fn repeated(attrs: &[Attribute]) -> Vec<Attribute> {
    let names = ["doc", "serde", "schemars", "cfg", "deprecated"];
    attrs
        .iter()
        .filter(|attr| names.iter().any(|name| attr.path().is_ident(name)))
        .cloned()
        .collect()
}

fn path(key: &keys::Key, diag: &mut Diag, example: &str) -> Option<Path> {
    match bare(key.expr(diag, example)?) {
        Expr::Path(path) if path.qself.is_none() => Some(path.path.clone()),
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
    match bare(expr) {
        Expr::Lit(syn::ExprLit {
            lit: syn::Lit::Str(text),
            ..
        }) => Some(text.value()),
        _ => None,
    }
}
