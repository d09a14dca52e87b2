//! `pattern!("order.**")`.

use enact_grammar::signal::Name;
use enact_macro_support::Diag;
use proc_macro2::TokenStream;
use quote::quote;
use syn::parse::{Parse, ParseStream};
use syn::{LitStr, Path, Token, parse_quote};

use crate::parse::is_malformed;

/// What stands between the parentheses.
struct Input {
    text: LitStr,
    root: Path,
}

impl Parse for Input {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        const EXAMPLE: &str = "write one pattern in quotes: `pattern!(\"order.**\")`";
        if !input.peek(LitStr) {
            return Err(input.error(EXAMPLE));
        }
        let text = input.parse()?;
        let mut root = parse_quote! { ::enact };
        if input.parse::<Option<Token![,]>>()?.is_some() && !input.is_empty() {
            input.parse::<Token![crate]>()?;
            input.parse::<Token![=]>()?;
            root = input.parse()?;
        }
        if input.is_empty() {
            Ok(Self { text, root })
        } else {
            Err(input.error(EXAMPLE))
        }
    }
}

pub(crate) fn run(tokens: TokenStream) -> TokenStream {
    let mut diag = Diag::new();
    let input = diag.keep(syn::parse2::<Input>(tokens));
    let mut root: Path = parse_quote! { ::enact };
    let mut text = "a".to_owned();
    if let Some(input) = input {
        root = input.root;
        if !is_malformed(&input.text, Name::Pattern, &mut diag) {
            text = input.text.value();
        }
    }
    let mistakes = diag.into_tokens();
    quote! {{
        #mistakes
        #root::signal::__private::Pattern::__checked(#text)
    }}
}
