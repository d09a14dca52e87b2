//! Which names the body of a workflow knows, and how each is spelled in Rust.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::ext::IdentExt as _;
use syn::parse::Parser as _;
use syn::punctuated::Punctuated;
use syn::spanned::Spanned as _;
use syn::{Expr, ExprField, ExprIndex, ExprParen, Member, Pat, Token};

use enact_macro_support::keys::bare;

use crate::model::Workflow;
use crate::names;

/// What a name is in the generated code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// A reference, which stands for what it refers to: a param, an output.
    Behind,
    /// A local of its own: a `let`, what a branch answers.
    Plain,
}

/// The names in sight, the innermost last.
#[derive(Debug, Clone)]
pub(super) struct Env {
    names: Vec<(Ident, Kind)>,
    output: Ident,
}

impl Env {
    /// No names yet.
    pub(super) fn of(workflow: &Workflow) -> Self {
        Self {
            names: Vec::new(),
            output: Ident::new("__Output", workflow.output.span()),
        }
    }

    /// The workflow's output, where the user has written it.
    pub(super) fn output(&self) -> &Ident {
        &self.output
    }

    /// The same workflow with other names.
    pub(super) fn with(&self, names: Vec<(Ident, Kind)>) -> Self {
        Self {
            names,
            output: self.output.clone(),
        }
    }

    pub(super) fn add(&mut self, name: &Ident, kind: Kind) {
        self.names.push((name.clone(), kind));
    }

    pub(super) fn add_pattern(&mut self, pattern: &Pat, kind: Kind) {
        for name in names::bound(pattern) {
            self.add(&name, kind);
        }
    }

    pub(super) fn kind(&self, name: &Ident) -> Option<Kind> {
        let found = self.names.iter().rev().find(|(known, _)| known == name);
        found.map(|(_, kind)| *kind)
    }

    /// The names in sight, each once, with the kind it has.
    pub(super) fn in_sight(&self) -> Vec<(Ident, Kind)> {
        let mut sight: Vec<(Ident, Kind)> = Vec::new();
        for (name, kind) in self.names.iter().rev() {
            if !sight.iter().any(|(known, _)| known == name) {
                sight.push((name.clone(), *kind));
            }
        }
        sight
    }

    /// The same names, all references.
    pub(super) fn behind(&self) -> Self {
        let names = self.in_sight().into_iter();
        self.with(names.map(|(name, _)| (name, Kind::Behind)).collect())
    }

    /// The expression as Rust, on the user's spans.
    pub(super) fn expr(&self, expr: &Expr) -> TokenStream {
        let replaced = names::replace(expr, &mut |name| match self.kind(name)? {
            Kind::Behind => Some(quote_spanned! { name.span()=> (*#name) }),
            Kind::Plain => None,
        });
        quote! { #replaced }
    }

    /// The expression where its value is taken: what is only named is cloned, also inside of a
    /// struct, a tuple, a list or a variant that is written out.
    pub(super) fn value(&self, expr: &Expr) -> TokenStream {
        if self.is_place(expr) {
            let tokens = self.expr(expr);
            // At the user's tokens, but of the macro, so that rustc proposes no change of it.
            let span = Span::mixed_site().located_at(expr.span());
            let clone = Ident::new("clone", span);
            return quote_spanned! { expr.span()=> #tokens.#clone() };
        }
        if let Some(list) = self.list(expr) {
            return list;
        }
        let mut expr = expr.clone();
        for part in parts(&mut expr) {
            *part = Expr::Verbatim(self.value(part));
        }
        self.expr(&expr)
    }

    /// `vec![a, b.c]`, each value of which is taken.
    fn list(&self, expr: &Expr) -> Option<TokenStream> {
        let Expr::Macro(made) = expr else {
            return None;
        };
        let values = Punctuated::<Expr, Token![,]>::parse_terminated;
        let values = values.parse2(made.mac.tokens.clone()).ok()?;
        if !names::is_called(&made.mac.path, "vec") {
            return None;
        }
        let values = values.iter().map(|value| self.value(value));
        let mut made = made.clone();
        made.mac.tokens = quote! { #(#values),* };
        Some(quote! { #made })
    }

    /// What a `match` or an `if let` looks at, and what its patterns bind.
    pub(super) fn looked_at(&self, expr: &Expr) -> (TokenStream, Kind) {
        let tokens = self.expr(expr);
        let alone = matches!(bare(expr), Expr::Path(path)
            if path.path.get_ident().and_then(|name| self.kind(name)) == Some(Kind::Plain));
        if self.is_place(expr) && !alone {
            (quote_spanned! { expr.span()=> &#tokens }, Kind::Behind)
        } else {
            (tokens, Kind::Plain)
        }
    }

    /// Whether it only names something: a known name, and fields of it.
    fn is_place(&self, expr: &Expr) -> bool {
        match expr {
            Expr::Path(path) => path
                .path
                .get_ident()
                .is_some_and(|name| self.kind(name).is_some()),
            Expr::Field(ExprField {
                base,
                member: Member::Named(_) | Member::Unnamed(_),
                ..
            })
            | Expr::Index(ExprIndex { expr: base, .. })
            | Expr::Paren(ExprParen { expr: base, .. }) => self.is_place(base),
            Expr::Group(group) => self.is_place(&group.expr),
            _ => false,
        }
    }
}

/// The values that an expression puts together.
fn parts(expr: &mut Expr) -> Vec<&mut Expr> {
    match expr {
        Expr::Struct(made) => {
            for field in &mut made.fields {
                // What is short for its own name is written out.
                field.colon_token.get_or_insert_default();
            }
            made.fields.iter_mut().map(|it| &mut it.expr).collect()
        }
        Expr::Tuple(made) => made.elems.iter_mut().collect(),
        Expr::Array(made) => made.elems.iter_mut().collect(),
        Expr::Call(call) if is_variant(&call.func) => call.args.iter_mut().collect(),
        Expr::Paren(ExprParen { expr, .. }) => vec![expr],
        Expr::Group(group) => vec![&mut group.expr],
        _ => Vec::new(),
    }
}

/// Whether a function is a variant or a struct: `Some`, `Card::New`.
fn is_variant(function: &Expr) -> bool {
    let Expr::Path(path) = function else {
        return false;
    };
    let last = path
        .path
        .segments
        .last()
        .map(|last| last.ident.unraw().to_string());
    last.is_some_and(|last| last.starts_with(char::is_uppercase))
}
