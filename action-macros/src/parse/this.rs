//! `Self` inside an item, which means another type once it is repeated elsewhere.

use proc_macro2::{Group, Ident, TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::{DeriveInput, Expr, Type};

/// What `Self` stands for.
pub(super) struct This {
    ident: Ident,
    ty: TokenStream,
}

impl This {
    pub(super) fn of(input: &DeriveInput) -> Self {
        let (_, generics, _) = input.generics.split_for_impl();
        let ident = input.ident.clone();
        Self {
            ty: quote! { #ident #generics },
            ident,
        }
    }

    /// The type with `Self` spelled out.
    pub(super) fn in_type(&self, ty: &Type) -> Type {
        if !mentions(ty.to_token_stream()) {
            return ty.clone();
        }
        syn::parse2(spelled(ty.to_token_stream(), &self.ty)).unwrap_or_else(|_| ty.clone())
    }

    /// The expression with `Self` spelled out; what fills its generics is inferred.
    pub(super) fn in_expr(&self, expr: &Expr) -> Expr {
        if !mentions(expr.to_token_stream()) {
            return expr.clone();
        }
        let ident = self.ident.to_token_stream();
        syn::parse2(spelled(expr.to_token_stream(), &ident)).unwrap_or_else(|_| expr.clone())
    }
}

fn mentions(tokens: TokenStream) -> bool {
    tokens.into_iter().any(|token| match token {
        TokenTree::Ident(ident) => ident == "Self",
        TokenTree::Group(group) => mentions(group.stream()),
        TokenTree::Punct(_) | TokenTree::Literal(_) => false,
    })
}

fn spelled(tokens: TokenStream, this: &TokenStream) -> TokenStream {
    let spell = |token| match token {
        TokenTree::Ident(ident) if ident == "Self" => this.clone(),
        TokenTree::Group(group) => {
            let mut inner = Group::new(group.delimiter(), spelled(group.stream(), this));
            inner.set_span(group.span());
            TokenTree::from(inner).into()
        }
        token => token.into(),
    };
    tokens
        .into_iter()
        .map(spell)
        .collect::<Vec<TokenStream>>()
        .into_iter()
        .collect()
}
