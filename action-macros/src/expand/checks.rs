//! The body of `Param::check`: each field's rules on the value in memory. Each call carries the
//! span of its rule, so that a rule which does not fit the type is shown there.

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::spanned::Spanned as _;
use syn::{Ident, Path, Type};

use enact_macro_support::keys::Key;

use super::rules::{inner, table};
use crate::model::{Field, Item, Reading, Rules, Shape, Style, Variant};

/// The method, where there is anything to check.
pub(super) fn method(item: &Item) -> Option<TokenStream> {
    if item.fields().next().is_none() && item.checks.is_empty() {
        return None;
    }
    let body = body(item);
    Some(quote! {
        fn check(&self, __report: &mut __enact::Report<'_>) {
            #body
        }
    })
}

fn body(item: &Item) -> TokenStream {
    let fields = match &item.shape {
        Shape::Record(fields) | Shape::Tuple(fields) if item.serde.transparent => fields
            .iter()
            .map(|field| inside(item, field, &own(field)))
            .collect(),
        Shape::Record(fields) => fields
            .iter()
            .map(|field| nested(item, field, &own(field)))
            .collect(),
        Shape::Tuple(fields) if fields.len() == 1 => fields
            .iter()
            .map(|field| inside(item, field, &own(field)))
            .collect(),
        Shape::Tuple(fields) => fields
            .iter()
            .map(|field| indexed(item, field, &own(field)))
            .collect(),
        Shape::Enum(variants) => arms(item, variants),
    };
    let checks = item.checks.iter().map(|path| with(path, &quote! { self }));
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
    if field.is_flattened() || inside.is_empty() {
        return inside;
    }
    let wire = &field.wire;
    quote! { { let __report = &mut __report.at(#wire); #inside } }
}

fn indexed(item: &Item, field: &Field, value: &TokenStream) -> TokenStream {
    let (index, inside) = (field.index, inside(item, field, value));
    quote! { __report.item(#index, |__report| { #inside }); }
}

/// The checks of one value.
fn inside(item: &Item, field: &Field, value: &TokenStream) -> TokenStream {
    if field.is_skipped() {
        return TokenStream::new();
    }
    let ty = &field.ty;
    let hide = field
        .rules
        .secret
        .as_ref()
        .map(|_| quote! { __report.hide(); });
    let kind = if field.reading == Reading::Opaque {
        quote! { OpaqueType }
    } else {
        quote! { FieldType }
    };
    let param = (field.is_typed() && !is_reference(&field.ty)).then(|| {
        // The type may be of another macro than the method, which would not know its report.
        let report = quote! { __report };
        quote_spanned! { ty.span()=> <#ty as __enact::#kind>::check(#value, #report); }
    });
    // Rules there have had their error.
    if field.is_flattened() || is_reference(&field.ty) {
        return quote! { #param };
    }
    let table = table(item, field);
    let rules = ruled(&field.rules, &table, value);
    quote! { #hide #param #rules }
}

/// References have had their error, and what is wrong elsewhere is shown beside it.
fn is_reference(ty: &Type) -> bool {
    matches!(ty, Type::Reference(_))
}

fn ruled(rules: &Rules, table: &Ident, value: &TokenStream) -> TokenStream {
    let mut calls = TokenStream::new();
    let mut call = |key: &Key, what: &str, rest: TokenStream| {
        // rustc blames the argument of a call for its type: it stands where the rule does, and so
        // does the binding, for the two to have one meaning.
        let span = key.name.span();
        let (what, blamed) = (Ident::new(what, span), Ident::new("__value", span));
        let call = quote_spanned! { span=> __enact::#what::check(#blamed, #rest); };
        calls.extend(quote! { let #blamed = #value; #call });
    };
    let by_table = || quote! { &#table, __report };
    if let Some((_, key)) = rules.numbers().into_iter().flatten().next() {
        call(key, "NumberRules", by_table());
    }
    let text = rules.pattern.as_ref().map(|(_, key)| key);
    if let Some(key) = text.or_else(|| rules.format.as_ref().map(|(_, key)| key)) {
        call(key, "TextRules", by_table());
    }
    if let Some((_, _, key)) = &rules.len {
        call(key, "LenRule", by_table());
    }
    if let Some(key) = &rules.unique {
        call(key, "UniqueRule", quote! { __report });
    }
    if let Some((_, key)) = &rules.one_of {
        call(key, "OneOfRule", by_table());
    }
    for (each, what, rules) in [
        ("items", "ItemRules", &rules.items),
        ("keys", "KeyRules", &rules.keys),
    ] {
        if let Some((rules, key)) = rules {
            let inside = ruled(rules, &inner(table, each), &quote! { __item });
            call(
                key,
                what,
                quote! { __report, |__item, __report| { #inside } },
            );
        }
    }
    calls.extend(rules.checks.iter().map(|(path, _)| with(path, value)));
    calls
}

/// A call of the user's own check; in a closure, so that `&String` goes where `&str` is asked for.
fn with(path: &Path, value: &TokenStream) -> TokenStream {
    let check = quote_spanned! { path.span()=> |__value| #path(__value) };
    quote! { __enact::check_with(#value, #check, __report); }
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
        Style::Record => {
            let names = variant.fields.iter().map(|field| &field.ident);
            quote! { Self::#ident { #(#names: #bindings),* } }
        }
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
    let bare = variant.untagged || item.serde.untagged.is_some();
    if bare || variant.style == Style::Unit {
        return checks;
    }
    let wrapper = match (&item.serde.tag, &item.serde.content) {
        (Some(_), Some((content, _))) => content,
        (Some(_), None) => return checks,
        (None, _) => &variant.wire,
    };
    quote! { { let __report = &mut __report.at(#wrapper); #checks } }
}
