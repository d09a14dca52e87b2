//! The rules that a literal is held against while a workflow compiles, and what they allow in words.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::rules::{literal, number};
use crate::model::{Field, Item, Literal, Number, Rules, Shape};

/// The table of every field that has such rules, where there is any.
pub(super) fn constant(item: &Item) -> Option<TokenStream> {
    let Shape::Record(fields) = &item.shape else {
        return None;
    };
    let rows: Vec<TokenStream> = fields.iter().filter_map(row).collect();
    (!rows.is_empty()).then(|| {
        quote! {
            const LIMITS: &'static [(&'static str, __enact::Limits)] = &[#(#rows),*];
        }
    })
}

fn row(field: &Field) -> Option<TokenStream> {
    let rules = &field.rules;
    let numbers = [
        "min",
        "max",
        "exclusive_min",
        "exclusive_max",
        "multiple_of",
    ]
    .into_iter()
    .zip(rules.numbers());
    let some = quote! { __enact::std::option::Option::Some };
    let mut keys = TokenStream::new();
    for (key, bound) in numbers {
        if let Some((bound, _)) = bound {
            let (key, bound) = (format_ident!("{key}"), number(*bound));
            keys.extend(quote! { #key: #some(#bound), });
        }
    }
    if let Some((min, max, _)) = &rules.len {
        let max = match max {
            Some(max) => quote! { #some(#max) },
            None => quote! { __enact::std::option::Option::None },
        };
        keys.extend(quote! { len: #some(__enact::Len { min: #min, max: #max }), });
    }
    if let Some((list, _)) = &rules.one_of {
        let list = list.iter().map(literal);
        keys.extend(quote! { one_of: &[#(#list),*], });
    }
    let ident = field.ident.as_ref().filter(|_| !keys.is_empty())?;
    let (name, allowed) = (ident.to_string(), allowed(&ident.to_string(), rules));
    let name = name.strip_prefix("r#").unwrap_or(&name);
    Some(quote! {
        (#name, __enact::Limits { #keys allowed: #allowed, ..__enact::Limits::NONE })
    })
}

/// What the rules allow, in words.
fn allowed(name: &str, rules: &Rules) -> String {
    let words = [
        "at least",
        "at most",
        "more than",
        "less than",
        "a multiple of",
    ];
    let mut parts: Vec<String> = words
        .into_iter()
        .zip(rules.numbers())
        .filter_map(|(word, bound)| {
            let (bound, _) = bound.as_ref()?;
            Some(format!("{word} {}", shown(*bound)))
        })
        .collect();
    parts.extend(rules.len.as_ref().map(|(min, max, _)| match max {
        Some(max) => format!("{min} to {max} characters"),
        None => format!("at least {min} characters"),
    }));
    if let Some((list, _)) = &rules.one_of {
        let list: Vec<String> = list.iter().map(listed).collect();
        parts.push(format!("one of {}", list.join(", ")));
    }
    format!("`{name}` refuses this; allowed: {}", parts.join(", "))
}

fn shown(number: Number) -> String {
    match number {
        Number::Int(int) => int.to_string(),
        Number::Uint(uint) => uint.to_string(),
        Number::Float(float) => float.to_string(),
    }
}

fn listed(literal: &Literal) -> String {
    match literal {
        Literal::Text(text) => format!("{text:?}"),
        Literal::Number(bound) => shown(*bound),
    }
}
