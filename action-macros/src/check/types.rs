//! Rules and samples against the type, where it is spelled as one that every reader knows. Of other
//! types, rustc says whether a rule fits.

use std::cmp::Ordering::{Greater, Less};

use enact_grammar::number::compare;
use enact_macro_support::Diag;
use serde_json::Number as Json;
use syn::{GenericArgument, PathArguments, Type};

use crate::model::{Field, Literal, Rules, last_segment};
use crate::parse::value;

pub(super) fn check(field: &Field, diag: &mut Diag) {
    if let Some(kind) = kind(&field.ty) {
        rules(&field.rules, &kind, diag);
    }
}

/// Why a default or an example is no value of the type.
pub(super) fn misfit(ty: &Type, sample: &Literal) -> Option<String> {
    match (kind(ty)?, sample) {
        (Kind::Integer { name, .. } | Kind::Float(name), Literal::Text(_)) => {
            Some(format!("is text, and a `{name}` is a number"))
        }
        (Kind::Text, Literal::Number(_)) => {
            Some("is a number, and a `String` is text: write it in quotes".to_owned())
        }
        (Kind::Integer { name, least, most }, Literal::Number(number)) => {
            let number = number.json();
            if compare(&number, &least) == Less || compare(&number, &most) == Greater {
                Some(format!("is no `{name}`, which goes from {least} to {most}"))
            } else {
                let whole = enact_grammar::number::is_multiple_of(&number, &1.into());
                (!whole).then(|| format!("is no `{name}`: write a whole number"))
            }
        }
        (Kind::Float(_), Literal::Number(_)) | (Kind::Text, Literal::Text(_)) => None,
    }
}

/// A type of the standard library, by its name.
enum Kind {
    Integer {
        name: String,
        least: Json,
        most: Json,
    },
    Float(String),
    Text,
}

impl Kind {
    fn of(name: &str) -> Option<Self> {
        let integer = |least: Json, most: Json| Self::Integer {
            name: name.to_owned(),
            least,
            most,
        };
        Some(match name {
            "u8" => integer(u8::MIN.into(), u8::MAX.into()),
            "u16" => integer(u16::MIN.into(), u16::MAX.into()),
            "u32" => integer(u32::MIN.into(), u32::MAX.into()),
            "u64" => integer(u64::MIN.into(), u64::MAX.into()),
            "i8" => integer(i8::MIN.into(), i8::MAX.into()),
            "i16" => integer(i16::MIN.into(), i16::MAX.into()),
            "i32" => integer(i32::MIN.into(), i32::MAX.into()),
            "i64" => integer(i64::MIN.into(), i64::MAX.into()),
            "f32" | "f64" => Self::Float(name.to_owned()),
            "String" => Self::Text,
            _ => return None,
        })
    }
}

fn kind(ty: &Type) -> Option<Kind> {
    let segment = last_segment(ty)?;
    let name = segment.ident.to_string();
    match &segment.arguments {
        PathArguments::None => Kind::of(&name),
        PathArguments::AngleBracketed(inside) if name == "Option" || name == "Box" => {
            match inside.args.first() {
                Some(GenericArgument::Type(inside)) => kind(inside),
                _ => None,
            }
        }
        PathArguments::AngleBracketed(_) | PathArguments::Parenthesized(_) => None,
    }
}

fn rules(rules: &Rules, kind: &Kind, diag: &mut Diag) {
    if let Kind::Integer { name, least, most } = kind {
        for (bound, key) in rules.min.iter().chain(&rules.exclusive_min) {
            if compare(&bound.json(), most) == Greater {
                diag.note(
                    value(key),
                    format!("no `{name}` is so large: the greatest is {most}"),
                );
            }
        }
        for (bound, key) in rules.max.iter().chain(&rules.exclusive_max) {
            if compare(&bound.json(), least) == Less {
                diag.note(
                    value(key),
                    format!("no `{name}` is so small: the least is {least}"),
                );
            }
        }
    }
    let Some((list, key)) = &rules.one_of else {
        return;
    };
    match (kind, list.first()) {
        (Kind::Integer { name, .. }, Some(Literal::Text(_))) => {
            diag.note(
                &key.name,
                format!("this lists text, and a `{name}` is a number: write numbers"),
            );
        }
        (Kind::Text, Some(Literal::Number(_))) => {
            diag.note(
                &key.name,
                "this lists numbers, and a `String` is text: write text in quotes",
            );
        }
        _ => {}
    }
}
