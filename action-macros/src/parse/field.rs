//! Fields: what `#[param(…)]` and serde's attributes say of each.

use enact_macro_support::keys::{self, Key, Value};
use enact_macro_support::{Diag, docs};
use syn::ext::IdentExt as _;
use syn::Fields;

use super::{repeated, rules, serde};
use crate::model::{Field, FieldDefault};

pub(super) fn all(fields: &Fields, names: &serde::Names, diag: &mut Diag) -> Vec<Field> {
    fields.iter().enumerate().map(|(index, field)| one(index, field, names, diag)).collect()
}

fn one(index: usize, field: &syn::Field, names: &serde::Names, diag: &mut Diag) -> Field {
    let told = serde::field(&field.attrs, diag);
    let wire = match (&told.rename, &field.ident) {
        (Some(rename), _) => rename.clone(),
        (None, Some(ident)) => names.field(&ident.unraw().to_string()),
        (None, None) => index.to_string(),
    };
    let mut parsed = Field {
        ident: field.ident.clone(),
        index,
        ty: field.ty.clone(),
        attrs: repeated(&field.attrs),
        description: docs::description(&field.attrs),
        wire,
        aliases: told.aliases,
        flatten: told.flatten,
        skipped: told.skipped,
        serde_default: told.default,
        default: None,
        examples: Vec::new(),
        opaque: told.elsewhere,
        rules: crate::model::Rules::default(),
    };
    for key in &keys::of_attributes(&field.attrs, "param", &rules::FIELD_KEYS, diag) {
        match key.name.to_string().as_str() {
            "default" => parsed.default = default(key, diag),
            "example" => parsed.examples.extend(key.expr(diag, "example = \"Paris\"").cloned()),
            "opaque" => {
                key.flag(diag);
                parsed.opaque = true;
            }
            _ => rules::read(&mut parsed.rules, key, diag),
        }
    }
    parsed
}

fn default(key: &Key, diag: &mut Diag) -> Option<FieldDefault> {
    match &key.value {
        Value::Flag => Some(FieldDefault::Trait),
        Value::Is(expr) => Some(FieldDefault::Is(expr.clone())),
        Value::List(_) => {
            diag.note(key, "write `default = value`, or `default` alone for the type's own");
            None
        }
    }
}
