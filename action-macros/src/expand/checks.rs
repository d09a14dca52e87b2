//! The body of `Param::check`: each field's rules on the value in memory. Each call carries the
//! span of its rule, so that a rule which does not fit the type is shown there.

use proc_macro2::{Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::Ident;
use syn::spanned::Spanned as _;

use super::rules::{inner, table};
use crate::model::{Field, Item, Rules, Shape, Style, Variant};

pub(super) fn body(item: &Item) -> TokenStream {
    let fields = match &item.shape {
        Shape::Record(fields) => {
            fields.iter().map(|field| nested(item, field, &own(field))).collect()
        }
        Shape::Tuple(fields) if fields.len() == 1 => {
            fields.iter().map(|field| inside(item, field, &own(field))).collect()
        }
        Shape::Tuple(fields) => {
            fields.iter().map(|field| indexed(item, field, &own(field))).collect()
        }
        Shape::Enum(variants) => arms(item, variants),
    };
    let checks = item.checks.iter().map(|path| {
        quote_spanned! { path.span()=> __enact::check_with(self, #path, __report); }
    });
    quote! {
        #fields
        #(#checks)*
    }
}

fn own(field: &Field) -> TokenStream {
    let index = syn::Index::from(field.index);
    match &field.ident {
        Some(ident) => quote! { &self.#ident },
        None => quote! { &self.#index },
    }
}

/// A field under its name.
fn nested(item: &Item, field: &Field, value: &TokenStream) -> TokenStream {
    let inside = inside(item, field, value);
    if field.flatten || inside.is_empty() {
        return inside;
    }
    let wire = &field.wire;
    quote! { __report.field(#wire, |__report| { #inside }); }
}

fn indexed(item: &Item, field: &Field, value: &TokenStream) -> TokenStream {
    let (index, inside) = (field.index, inside(item, field, value));
    quote! { __report.item(#index, |__report| { #inside }); }
}

/// The checks of one value.
fn inside(item: &Item, field: &Field, value: &TokenStream) -> TokenStream {
    if field.skipped {
        return TokenStream::new();
    }
    let ty = &field.ty;
    let hide = field.rules.secret.as_ref().map(|_| quote! { __report.hide(); });
    let param = (!field.opaque).then(|| {
        quote_spanned! { ty.span()=> <#ty as __enact::Param>::check(#value, __report); }
    });
    let table = table(item, field);
    let rules = ruled(&field.rules, &table, value);
    quote! { #hide #param #rules }
}

fn ruled(rules: &Rules, table: &Ident, value: &TokenStream) -> TokenStream {
    let mut calls = TokenStream::new();
    let mut call = |span: Span, function: &str, rest: TokenStream| {
        let function = Ident::new(function, span);
        calls.extend(quote_spanned! { span=> __enact::#function(#value, #rest); });
    };
    let numbers = [&rules.min, &rules.max, &rules.exclusive_min, &rules.exclusive_max, &rules.multiple_of];
    if let Some((_, key)) = numbers.into_iter().flatten().next() {
        call(key.name.span(), "check_number", quote! { &#table, __report });
    }
    let text = rules.pattern.as_ref().map(|(_, key)| key);
    if let Some(key) = text.or(rules.format.as_ref().map(|(_, key)| key)) {
        call(key.name.span(), "check_text", quote! { &#table, __report });
    }
    if let Some((_, _, key)) = &rules.len {
        call(key.name.span(), "check_len", quote! { &#table, __report });
    }
    if let Some(key) = &rules.unique {
        call(key.name.span(), "check_unique", quote! { __report });
    }
    if let Some((_, key)) = &rules.one_of {
        call(key.name.span(), "check_one_of", quote! { &#table, __report });
    }
    for (each, function, rules) in
        [("items", "check_items", &rules.items), ("keys", "check_keys", &rules.keys)]
    {
        if let Some((rules, key)) = rules {
            let inside = ruled(rules, &inner(table, each), &quote! { __item });
            call(key.name.span(), function, quote! { __report, |__item, __report| { #inside } });
        }
    }
    for (path, key) in &rules.checks {
        call(key.name.span(), "check_with", quote! { #path, __report });
    }
    calls
}

fn arms(item: &Item, variants: &[Variant]) -> TokenStream {
    if variants.is_empty() {
        return TokenStream::new();
    }
    let arms = variants.iter().map(|variant| arm(item, variant));
    quote! { match self { #(#arms)* } }
}

fn arm(item: &Item, variant: &Variant) -> TokenStream {
    let ident = &variant.ident;
    let bindings: Vec<Ident> = variant.fields.iter().map(Field::binding).collect();
    let pattern = match variant.style {
        Style::Unit => quote! { Self::#ident },
        Style::Tuple => quote! { Self::#ident(#(#bindings),*) },
        Style::Record => quote! { Self::#ident { #(#bindings),* } },
    };
    if variant.skipped {
        return quote! { Self::#ident { .. } => {} };
    }
    let checks: TokenStream = variant
        .fields
        .iter()
        .zip(&bindings)
        .map(|(field, binding)| match variant.style {
            Style::Record => nested(item, field, &quote! { #binding }),
            Style::Tuple if variant.fields.len() == 1 => inside(item, field, &quote! { #binding }),
            Style::Tuple | Style::Unit => indexed(item, field, &quote! { #binding }),
        })
        .collect();
    let unused = bindings.iter().map(|binding| quote! { let _ = #binding; });
    let checks = under_wrapper(item, variant, checks);
    quote! { #pattern => { #(#unused)* #checks } }
}

/// Where a variant's content stands: under its name, under the content key, or in the open.
fn under_wrapper(item: &Item, variant: &Variant, checks: TokenStream) -> TokenStream {
    if variant.style == Style::Unit {
        return checks;
    }
    let wrapper = match (&item.serde.tag, &item.serde.content) {
        (Some(_), Some((content, _))) => content,
        (Some(_), None) => return checks,
        (None, _) if item.serde.untagged => return checks,
        (None, _) => &variant.wire,
    };
    quote! { __report.field(#wrapper, |__report| { #checks }); }
}
