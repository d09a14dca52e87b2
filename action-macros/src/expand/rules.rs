//! The rules of each field as a static table, and the line that writes it into the schema.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::{Expr, Ident, Type};

use crate::check::literal_json;
use crate::model::{Field, Item, Literal, Number, Rules};

/// The field's place among all fields, which names its table.
pub(super) fn position(item: &Item, field: &Field) -> usize {
    item.fields()
        .position(|other| std::ptr::eq(other, field))
        .unwrap_or_default()
}

/// The name of the field's table.
pub(super) fn table(item: &Item, field: &Field) -> Ident {
    format_ident!("__RULES_{}", position(item, field))
}

/// The name of the table of a table's items or keys.
pub(super) fn inner(table: &Ident, what: &str) -> Ident {
    format_ident!("{table}_{what}")
}

/// The tables of every field that has rules.
pub(super) fn statics(item: &Item) -> TokenStream {
    let ruled = item.fields().filter(|field| field.rules.any());
    ruled
        .map(|field| table_of(&table(item, field), &field.rules))
        .collect()
}

fn table_of(name: &Ident, rules: &Rules) -> TokenStream {
    let mut before = TokenStream::new();
    let mut fields = TokenStream::new();
    let numbers = [
        ("min", &rules.min),
        ("max", &rules.max),
        ("exclusive_min", &rules.exclusive_min),
        ("exclusive_max", &rules.exclusive_max),
        ("multiple_of", &rules.multiple_of),
    ];
    let some = quote! { __enact::std::option::Option::Some };
    for (key, bound) in numbers {
        if let Some((bound, _)) = bound {
            let (key, bound) = (format_ident!("{key}"), number(*bound));
            fields.extend(quote! { #key: #some(#bound), });
        }
    }
    if let Some((min, max, _)) = &rules.len {
        let max = match max {
            Some(max) => quote! { #some(#max) },
            None => quote! { __enact::std::option::Option::None },
        };
        fields.extend(quote! { len: #some(__enact::Len { min: #min, max: #max }), });
    }
    if let Some((pattern, _)) = &rules.pattern {
        fields.extend(quote! { pattern: #some(__enact::LazyPattern::new(#pattern)), });
    }
    if let Some((format, _)) = &rules.format {
        let variant = format_ident!("{}", format!("{format:?}"));
        fields.extend(quote! { format: #some(__enact::Format::#variant), });
    }
    if rules.unique.is_some() {
        fields.extend(quote! { unique: true, });
    }
    if let Some((list, _)) = &rules.one_of {
        let list = list.iter().map(literal);
        fields.extend(quote! { one_of: &[#(#list),*], });
    }
    if rules.secret.is_some() {
        fields.extend(quote! { secret: true, });
    }
    if let Some((class, _)) = &rules.class {
        fields.extend(quote! { class: #some(#class), });
    }
    for (key, rules) in [("items", &rules.items), ("keys", &rules.keys)] {
        if let Some((rules, _)) = rules {
            let (inner, key) = (inner(name, key), format_ident!("{key}"));
            before.extend(table_of(&inner, rules));
            fields.extend(quote! { #key: #some(&#inner), });
        }
    }
    quote! {
        #before
        static #name: __enact::Rules = __enact::Rules { #fields ..__enact::Rules::NONE };
    }
}

pub(super) fn number(number: Number) -> TokenStream {
    match number {
        Number::Int(int) => quote! { __enact::Bound::Int(#int) },
        Number::Uint(uint) => quote! { __enact::Bound::Uint(#uint) },
        Number::Float(float) => quote! { __enact::Bound::Float(#float) },
    }
}

pub(super) fn literal(literal: &Literal) -> TokenStream {
    match literal {
        Literal::Text(text) => quote! { __enact::Literal::Text(#text) },
        Literal::Number(bound) => {
            let bound = number(*bound);
            quote! { __enact::Literal::Number(#bound) }
        }
    }
}

/// The attribute that writes the rules and the examples into the field's schema.
pub(super) fn transform(item: &Item, field: &Field) -> TokenStream {
    if field.is_flattened() || field.is_skipped() {
        return TokenStream::new();
    }
    let write = field.rules.any().then(|| {
        let table = table(item, field);
        let all = counts(&field.rules, &field.ty, "COUNTS");
        let each = field
            .rules
            .items
            .as_ref()
            .map(|(items, _)| counts(items, &field.ty, "EACH"));
        let each = each.unwrap_or_else(|| quote! { __enact::Counts::Characters });
        quote! { #table.write(__schema, #all, #each); }
    });
    let examples = field.examples.iter().map(|example| {
        let json = example_json(field, example);
        quote! { __enact::example(__schema, #json); }
    });
    let examples: TokenStream = examples.collect();
    if write.is_none() && examples.is_empty() {
        return TokenStream::new();
    }
    quote! {
        #[schemars(transform = |__schema: &mut __enact::schemars::Schema| { #write #examples })]
    }
}

fn counts(rules: &Rules, ty: &Type, what: &str) -> TokenStream {
    let what = format_ident!("{what}");
    match &rules.len {
        Some(_) => quote! { __enact::Of::<#ty>::#what },
        None => quote! { __enact::Counts::Characters },
    }
}

fn example_json(field: &Field, example: &Expr) -> TokenStream {
    if literal_json(example) {
        return quote! { __enact::serde_json::json!(#example) };
    }
    let ty = &field.ty;
    quote! {
        __enact::serde_json::to_value::<#ty>(#example).unwrap_or_default()
    }
}

impl Rules {
    /// Whether there is anything to check or to write.
    pub(crate) fn any(&self) -> bool {
        self.all().iter().any(|key| !key.is("check"))
    }
}
