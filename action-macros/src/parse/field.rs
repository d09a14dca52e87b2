//! Fields: what `#[param(…)]` and serde's attributes say of each.

use enact_macro_support::keys::{self, Key, Known, Value};
use enact_macro_support::{Diag, docs};
use syn::Fields;
use syn::ext::IdentExt as _;

use super::this::This;
use super::{repeated, rules, serde};
use crate::model::{Field, FieldDefault, Reading};

/// What all fields of one place have in common.
#[derive(Clone, Copy)]
pub(super) struct Around<'a> {
    pub(super) this: &'a This,
    pub(super) names: &'a serde::Names,
}

pub(super) fn all(fields: &Fields, around: Around<'_>, diag: &mut Diag) -> Vec<Field> {
    fields
        .iter()
        .enumerate()
        .map(|(index, field)| one(index, field, around, diag))
        .collect()
}

fn one(index: usize, field: &syn::Field, around: Around<'_>, diag: &mut Diag) -> Field {
    let told = serde::field(&field.attrs, diag);
    let ident = field.ident.as_ref();
    let wire = match (&told.rename, ident) {
        (Some((rename, _)), _) => rename.clone(),
        (None, Some(ident)) => around.names.field(&ident.unraw().to_string()),
        (None, None) => index.to_string(),
    };
    let mut parsed = Field {
        ident: field.ident.clone(),
        index,
        ty: around.this.in_type(&field.ty),
        attrs: repeated(&field.attrs),
        described: docs::description(&field.attrs).is_some(),
        wire,
        renamed: told.rename.map(|(_, key)| key),
        aliases: told.aliases,
        flatten: told.flatten,
        reading: told.reading.unwrap_or(Reading::Typed),
        default: told.default.as_ref().map(|_| FieldDefault::Serde),
        examples: Vec::new(),
        rules: crate::model::Rules::default(),
    };
    let known = Known {
        once: &rules::FIELD_KEYS,
        often: &rules::OFTEN,
    };
    for key in &keys::of_attributes(&field.attrs, "param", known, diag) {
        match key.name.to_string().as_str() {
            "default" => {
                if told.default.is_some() {
                    diag.note(
                        key,
                        "the default is given twice, here and to serde: take one out",
                    );
                }
                parsed.default = Some(default(key, around.this, diag));
            }
            "example" => {
                let example = key.expr(diag, "example = \"Paris\"");
                parsed
                    .examples
                    .extend(example.map(|expr| around.this.in_expr(expr)));
            }
            "opaque" => {
                key.flag(diag);
                parsed.reading = told.reading.unwrap_or(Reading::Opaque);
            }
            _ => rules::read(&mut parsed.rules, key, diag),
        }
    }
    parsed
}

fn default(key: &Key, this: &This, diag: &mut Diag) -> FieldDefault {
    match &key.value {
        Value::Is(expr) => FieldDefault::Is(this.in_expr(expr)),
        Value::List(_) => {
            diag.note(
                key,
                "write `default = value`, or `default` alone for the type's own",
            );
            FieldDefault::Trait(key.name.span())
        }
        Value::Flag | Value::Broken => FieldDefault::Trait(key.name.span()),
    }
}
