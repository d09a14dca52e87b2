//! The hidden mirror of the item, on which serde's and schemars' own derives work, so that their
//! attributes keep their meaning; the item's impls hand over to it.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::Ident;
use syn::ext::IdentExt as _;

use enact_macro_support::keys::Value;

use super::generics::{bounded, mirrored};
use super::{defaults, rules};
use crate::model::{Field, Item, Reading, Shape, Style, Variant};

pub(super) fn name(item: &Item) -> Ident {
    // Not `__` and the name alone, which for `D` is a type parameter of serde's derive.
    format_ident!("__{}Mirror", item.ident)
}

pub(super) fn mirror(item: &Item) -> TokenStream {
    let (name, attrs) = (name(item), &item.attrs);
    let generics = mirrored(item);
    let where_clause = &generics.where_clause;
    // The bounds on the mirror itself say all that is needed.
    let bound = (!generics.params.is_empty()).then(|| quote! { #[serde(bound = "")] });
    let remote = item.ident.to_string();
    let deny = denies(item).then(|| quote! { #[serde(deny_unknown_fields)] });
    let by_trait = item
        .serde
        .default
        .as_ref()
        .filter(|key| matches!(key.value, Value::Flag));
    let default = by_trait.map(|_| defaulted(item));
    let title = title(item);
    let shape = container_transform(item);
    let body = match &item.shape {
        Shape::Record(fields) => {
            let fields = fields.iter().map(|field| self::field(item, field));
            quote! { struct #name #generics #where_clause { #(#fields,)* } }
        }
        Shape::Tuple(fields) => {
            let fields = fields.iter().map(|field| self::field(item, field));
            quote! { struct #name #generics (#(#fields,)*) #where_clause; }
        }
        Shape::Enum(variants) => {
            let variants = variants.iter().map(|variant| self::variant(item, variant));
            quote! { enum #name #generics #where_clause { #(#variants,)* } }
        }
    };
    quote! {
        #[derive(__enact::serde::Serialize, __enact::serde::Deserialize, __enact::schemars::JsonSchema)]
        #[serde(crate = "__enact::serde", remote = #remote)]
        #[schemars(crate = "__enact::schemars")]
        #bound
        #deny
        #[schemars(rename = #title)]
        #shape
        #(#attrs)*
        #body
        #default
    }
}

/// serde's and schemars' derives ask the mirror for the default of the whole: it has the item's.
fn defaulted(item: &Item) -> TokenStream {
    let (Shape::Record(fields) | Shape::Tuple(fields)) = &item.shape else {
        return TokenStream::new();
    };
    let (name, ident) = (name(item), &item.ident);
    let (impl_generics, ty, clause) = bounded(item);
    let clause = if clause.is_empty() {
        quote! { where }
    } else {
        quote! { #clause, }
    };
    let members = fields.iter().map(|field| {
        let index = syn::Index::from(field.index);
        match &field.ident {
            Some(ident) => quote! { #ident: __whole.#ident },
            None => quote! { #index: __whole.#index },
        }
    });
    quote! {
        impl #impl_generics __enact::std::default::Default for #name #ty
            #clause #ident #ty: __enact::std::default::Default
        {
            fn default() -> Self {
                let __whole = <#ident #ty as __enact::std::default::Default>::default();
                Self { #(#members),* }
            }
        }
    }
}

fn denies(item: &Item) -> bool {
    let flattens = item.read_fields().any(Field::is_flattened);
    let tuple = matches!(item.shape, Shape::Tuple(_));
    !item.open && item.serde.denies.is_none() && !item.serde.is_elsewhere() && !flattens && !tuple
}

/// The schema's name; that of a generic type says with what it is filled.
pub(super) fn title(item: &Item) -> String {
    let name = item
        .serde
        .renamed
        .clone()
        .unwrap_or_else(|| item.ident.unraw().to_string());
    let filled: Vec<String> = item
        .generics
        .type_params()
        .map(|param| format!("{{{}}}", param.ident))
        .collect();
    if filled.is_empty() || item.serde.renamed.is_some() {
        name
    } else {
        format!("{name}_of_{}", filled.join("_and_"))
    }
}

/// What is done to the schema of an item as a whole.
fn container_transform(item: &Item) -> TokenStream {
    if item.serde.is_elsewhere() {
        return TokenStream::new();
    }
    if item.serde.content.is_some() {
        return quote! { #[schemars(transform = __enact::taken)] };
    }
    let Shape::Record(fields) = &item.shape else {
        return TokenStream::new();
    };
    let aliases = aliases(fields);
    let flattened = fields
        .iter()
        .any(|field| field.is_flattened() && !field.is_skipped())
        .then(|| flattened(fields));
    let rest = if item.open {
        quote! { __enact::open(__schema); }
    } else {
        quote! { __enact::close(__schema); }
    };
    quote! {
        #[schemars(transform = |__schema: &mut __enact::schemars::Schema| { #aliases #flattened #rest })]
    }
}

/// What is said of a record with flattened parts: serde builds it of an object alone, and no part may
/// have the names of another.
fn flattened(fields: &[Field]) -> TokenStream {
    let own = fields
        .iter()
        .filter(|field| !field.is_flattened() && !field.is_skipped());
    let own = own.flat_map(|field| {
        let aliases = field.aliases.iter().map(|(alias, _)| alias);
        std::iter::once(&field.wire).chain(aliases)
    });
    let parts = fields
        .iter()
        .filter(|field| field.is_flattened() && field.reading == Reading::Typed)
        .map(|field| &field.ty);
    quote! {
        __enact::keyed(__schema);
        __enact::apart(
            __schema,
            &[#(#own),*],
            &[#(<#parts as __enact::schemars::JsonSchema>::json_schema),*],
        );
    }
}

fn aliases(fields: &[Field]) -> TokenStream {
    let aliased = fields.iter().filter(|field| !field.aliases.is_empty());
    aliased
        .map(|field| {
            let wire = &field.wire;
            let aliases = field.aliases.iter().map(|(alias, _)| alias);
            quote! { __enact::alias(__schema, #wire, &[#(#aliases),*]); }
        })
        .collect()
}

fn variant(item: &Item, variant: &Variant) -> TokenStream {
    let (ident, attrs) = (&variant.ident, &variant.attrs);
    let fields = variant.fields.iter().map(|field| self::field(item, field));
    let body = match variant.style {
        Style::Unit => TokenStream::new(),
        Style::Tuple => quote! { (#(#fields,)*) },
        Style::Record => quote! { { #(#fields,)* } },
    };
    // serde builds such a variant of an object alone.
    let is_keyed = variant.untagged || item.serde.untagged.is_some();
    let keyed = (is_keyed && variant.style == Style::Record)
        .then(|| quote! { #[schemars(transform = __enact::keyed)] });
    quote! { #(#attrs)* #keyed #ident #body }
}

fn field(item: &Item, field: &Field) -> TokenStream {
    let (attrs, ty) = (&field.attrs, &field.ty);
    let ident = field.ident.as_ref().map(|ident| quote! { #ident: });
    let default = defaults::has(field).then(|| {
        let path = defaults::path(item, field).to_string();
        quote! { #[serde(default = #path)] }
    });
    let transform = rules::transform(item, field);
    quote! { #(#attrs)* #default #transform #ident #ty }
}
