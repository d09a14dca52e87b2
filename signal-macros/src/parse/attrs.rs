//! Which attributes of an enum of signals stay on it, and which go over to the structs that stand for
//! its variants; those in `cfg_attr(…)` one by one.

use enact_macro_support::Diag;
use enact_macro_support::keys::{self, Key};
use proc_macro2::{TokenStream, TokenTree};
use quote::{ToTokens as _, quote};
use syn::parse::{ParseStream, Parser as _};
use syn::punctuated::Punctuated;
use syn::{Attribute, Meta, Path, Token, parse_quote};

/// What only the struct is told, since its derives know it.
const HELPERS: [&str; 4] = ["param", "params", "schemars", "serde"];
/// What both are told; all else is of derives that the enum alone has.
const SHARED: [&str; 3] = ["allow", "deprecated", "doc"];

/// The name of an attribute, whatever path leads to it.
pub(super) fn is(path: &Path, name: &str) -> bool {
    let last = path.segments.last();
    last.is_some_and(|segment| segment.ident == name)
}

/// The helpers that derives below the attribute know, which so have a meaning on the enum too.
pub(super) fn known(attrs: &[Attribute]) -> Vec<&'static str> {
    let paths = Punctuated::<Path, Token![,]>::parse_terminated;
    let derives = attrs.iter().filter(|attr| attr.path().is_ident("derive"));
    let derived: Vec<Path> = derives
        .filter_map(|attr| attr.parse_args_with(paths).ok())
        .flatten()
        .collect();
    let derives = |names: &[&str]| {
        let mut names = names.iter();
        names.any(|name| derived.iter().any(|path| is(path, name)))
    };
    let knows = |helper: &&str| match *helper {
        "serde" => derives(&["Serialize", "Deserialize", "JsonSchema", "Params"]),
        "schemars" => derives(&["JsonSchema", "Params"]),
        _ => derives(&["Params"]),
    };
    HELPERS.into_iter().filter(knows).collect()
}

/// The attributes that stay on a variant or on a field of it.
pub(super) fn stay(attrs: &[Attribute], known: &[&str]) -> Vec<Attribute> {
    sieve(attrs, |path| {
        let gone = HELPERS.iter().filter(|name| !known.contains(name));
        !gone.chain(&["signal"]).any(|name| is(path, name))
    })
}

/// The attributes that go over.
pub(super) fn go(attrs: &[Attribute]) -> Vec<Attribute> {
    sieve(attrs, |path| {
        let mut names = HELPERS.iter().chain(&SHARED);
        names.any(|name| is(path, name))
    })
}

/// What decides whether a variant or a field is there at all.
pub(crate) fn gate(attrs: &[Attribute]) -> Vec<Attribute> {
    sieve(attrs, |path| path.is_ident("cfg"))
}

/// The conditions under which serde's attributes have that key.
pub(super) fn when(attrs: &[Attribute], key: &str) -> Vec<TokenStream> {
    let has = |meta: &Meta| {
        let attr: Attribute = parse_quote! { #[#meta] };
        keys::foreign(&[attr], "serde").iter().any(|it| it.is(key))
    };
    let mut conditions = Vec::new();
    for attr in attrs {
        if has(&attr.meta) {
            conditions.push(quote! { all() });
        } else if let Some((condition, metas)) = conditional(&attr.meta) {
            conditions.extend(metas.iter().any(has).then_some(condition));
        }
    }
    conditions
}

/// The case in which the fields of all variants are written; and takes serde's attributes from an
/// enum that serde does not write.
pub(super) fn take_case(attrs: &mut Vec<Attribute>, diag: &mut Diag) -> Option<Key> {
    let mut told = keys::foreign(attrs, "serde");
    let case = told.iter().position(|key| key.is("rename_all_fields"));
    let case = case.map(|at| told.remove(at));
    if !known(attrs).contains(&"serde") {
        for key in told {
            diag.note(
                &key.name,
                format!(
                    "`{}` says how serde writes an enum, and here each variant is a signal of its \
                     own: take it out, or write serde's derives below `#[signal]`",
                    key.name
                ),
            );
        }
        attrs.retain(|attr| !attr.path().is_ident("serde"));
    }
    case
}

fn sieve(attrs: &[Attribute], keep: impl Fn(&Path) -> bool) -> Vec<Attribute> {
    let kept = |attr: &Attribute| {
        let meta = sieved(&attr.meta, &keep)?;
        Some(Attribute {
            meta,
            ..attr.clone()
        })
    };
    attrs.iter().filter_map(kept).collect()
}

fn sieved(meta: &Meta, keep: &impl Fn(&Path) -> bool) -> Option<Meta> {
    let Some((condition, metas)) = conditional(meta) else {
        return keep(meta.path()).then(|| meta.clone());
    };
    let kept: Vec<Meta> = metas.iter().filter_map(|meta| sieved(meta, keep)).collect();
    (!kept.is_empty()).then(|| parse_quote! { cfg_attr(#condition, #(#kept),*) })
}

/// What stands in `cfg_attr(…)`.
fn conditional(meta: &Meta) -> Option<(TokenStream, Vec<Meta>)> {
    let list = meta.require_list().ok()?;
    if !list.path.is_ident("cfg_attr") {
        return None;
    }
    let reader = |input: ParseStream<'_>| {
        let mut condition = TokenStream::new();
        while !input.is_empty() && !input.peek(Token![,]) {
            input.parse::<TokenTree>()?.to_tokens(&mut condition);
        }
        input.parse::<Option<Token![,]>>()?;
        let metas = Punctuated::<Meta, Token![,]>::parse_terminated(input)?;
        Ok((condition, metas.into_iter().collect()))
    };
    reader.parse2(list.tokens.clone()).ok()
}
