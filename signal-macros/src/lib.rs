//! The attribute `signal` and the macro `pattern!`. They are documented where `enact` re-exports them.
//!
//! Four steps, four rooms: `parse` reads tokens into the `model`, `check` compares what
//! stands apart, `expand` prints and can't fail.

mod check;
mod expand;
mod model;
mod parse;
mod pattern;

use enact_macro_support::Diag;
use proc_macro::TokenStream;
use quote::ToTokens as _;
use syn::DeriveInput;

/// Makes a struct a signal, or an enum one of several signals.
#[proc_macro_attribute]
pub fn signal(keys: TokenStream, item: TokenStream) -> TokenStream {
    let item = syn::parse_macro_input!(item as DeriveInput);
    run(keys.into(), &item).into()
}

/// A pattern of signal types, checked while compiling.
#[proc_macro]
pub fn pattern(input: TokenStream) -> TokenStream {
    pattern::run(input.into()).into()
}

fn run(keys: proc_macro2::TokenStream, input: &DeriveInput) -> proc_macro2::TokenStream {
    let mut diag = Diag::new();
    let item = parse::item(keys, input, &mut diag);
    check::item(&item, &mut diag);
    let clean = diag.is_clean();
    let mut tokens = diag.into_tokens();
    if item.is_union() {
        tokens.extend(input.to_token_stream());
    } else if clean {
        tokens.extend(expand::item(&item));
    } else {
        tokens.extend(expand::fallback(&item));
    }
    tokens
}
