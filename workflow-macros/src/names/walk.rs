//! The walk through an expression that knows which names are bound inside of it.

use proc_macro2::{Ident, TokenStream};
use quote::quote;
use syn::parse::{Parse, ParseStream, Parser as _};
use syn::punctuated::Punctuated;
use syn::visit_mut::{self, VisitMut};
use syn::{
    Arm, Block, Expr, ExprClosure, ExprForLoop, ExprIf, ExprLet, ExprMatch, ExprWhile, FieldValue,
    Item, Local, Macro, Pat, PatGuard, Stmt, Token, Type,
};

use super::{bound, captures, is_called, tokens};

pub(super) struct Walk<'w> {
    with: &'w mut dyn FnMut(&Ident) -> Option<TokenStream>,
    /// What is bound, the innermost last.
    shadows: Vec<Ident>,
    /// Whether it is inside of a macro, where text may name what it prints.
    prints: bool,
}

impl<'w> Walk<'w> {
    pub(super) fn new(with: &'w mut dyn FnMut(&Ident) -> Option<TokenStream>) -> Self {
        Self {
            with,
            shadows: Vec::new(),
            prints: false,
        }
    }

    /// What stands in place of a name, where it is free.
    pub(super) fn instead(&mut self, name: &Ident) -> Option<TokenStream> {
        if self.shadows.contains(name) {
            return None;
        }
        (self.with)(name)
    }

    /// Shows what a literal's text names, which can't be replaced.
    pub(super) fn text(&mut self, literal: &syn::LitStr) {
        for name in captures::captures(literal) {
            drop(self.instead(&name));
        }
    }

    /// Walks with what is bound on the way forgotten at the end.
    fn scope(&mut self, walk: impl FnOnce(&mut Self)) {
        let before = self.shadows.len();
        walk(self);
        self.shadows.truncate(before);
    }

    fn bind(&mut self, pat: &Pat) {
        self.shadows.extend(bound(pat));
    }

    /// `matches!`, whose pattern binds for its condition as that of an arm does.
    fn matches(&mut self, matches: Matches) -> TokenStream {
        let Matches {
            mut value,
            pat,
            mut guard,
        } = matches;
        self.visit_expr_mut(&mut value);
        self.scope(|walk| {
            walk.bind(&pat);
            if let Some(guard) = &mut guard {
                walk.visit_expr_mut(guard);
            }
        });
        let guard = guard.map(|guard| quote! { if #guard });
        quote! { #value, #pat #guard }
    }

    fn arguments(&mut self, arguments: &mut Punctuated<Expr, Token![,]>) {
        for argument in arguments.iter() {
            // `format!("{id}", id = order.id)` names its own.
            if let Some(label) = label(argument) {
                self.shadows.push(label.clone());
            }
        }
        let labels = self.shadows.len();
        for argument in arguments {
            match argument {
                Expr::Assign(assign) if label_of(&assign.left).is_some() => {
                    self.visit_expr_mut(&mut assign.right);
                }
                other => self.visit_expr_mut(other),
            }
        }
        self.shadows.truncate(labels);
    }
}

fn label(argument: &Expr) -> Option<&Ident> {
    match argument {
        Expr::Assign(assign) => label_of(&assign.left),
        _ => None,
    }
}

fn label_of(left: &Expr) -> Option<&Ident> {
    match left {
        Expr::Path(path) => path.path.get_ident(),
        _ => None,
    }
}

impl VisitMut for Walk<'_> {
    fn visit_expr_mut(&mut self, expr: &mut Expr) {
        match expr {
            Expr::Path(path) if path.qself.is_none() => {
                if let Some(tokens) = path.path.get_ident().and_then(|name| self.instead(name)) {
                    *expr = Expr::Verbatim(tokens);
                }
            }
            Expr::Lit(literal) => {
                if let (true, syn::Lit::Str(text)) = (self.prints, &literal.lit) {
                    self.text(text);
                }
            }
            other => visit_mut::visit_expr_mut(self, other),
        }
    }

    fn visit_expr_closure_mut(&mut self, closure: &mut ExprClosure) {
        self.scope(|walk| {
            for input in &closure.inputs {
                walk.bind(input);
            }
            walk.visit_expr_mut(&mut closure.body);
        });
    }

    fn visit_block_mut(&mut self, block: &mut Block) {
        self.scope(|walk| {
            let items = block.stmts.iter().filter_map(item).cloned();
            walk.shadows.extend(items);
            visit_mut::visit_block_mut(walk, block);
        });
    }

    fn visit_item_mut(&mut self, _: &mut Item) {}

    fn visit_local_mut(&mut self, local: &mut Local) {
        if let Some(init) = &mut local.init {
            self.visit_expr_mut(&mut init.expr);
            if let Some((_, otherwise)) = &mut init.diverge {
                self.visit_expr_mut(otherwise);
            }
        }
        self.bind(&local.pat);
    }

    fn visit_expr_let_mut(&mut self, binding: &mut ExprLet) {
        self.visit_expr_mut(&mut binding.expr);
        self.bind(&binding.pat);
    }

    fn visit_expr_if_mut(&mut self, choice: &mut ExprIf) {
        self.scope(|walk| {
            walk.visit_expr_mut(&mut choice.cond);
            walk.visit_block_mut(&mut choice.then_branch);
        });
        if let Some((_, otherwise)) = &mut choice.else_branch {
            self.visit_expr_mut(otherwise);
        }
    }

    fn visit_expr_while_mut(&mut self, cycle: &mut ExprWhile) {
        self.scope(|walk| {
            walk.visit_expr_mut(&mut cycle.cond);
            walk.visit_block_mut(&mut cycle.body);
        });
    }

    fn visit_expr_for_loop_mut(&mut self, cycle: &mut ExprForLoop) {
        self.visit_expr_mut(&mut cycle.expr);
        self.scope(|walk| {
            walk.bind(&cycle.pat);
            walk.visit_block_mut(&mut cycle.body);
        });
    }

    fn visit_expr_match_mut(&mut self, choice: &mut ExprMatch) {
        self.visit_expr_mut(&mut choice.expr);
        for arm in &mut choice.arms {
            self.scope(|walk| walk.visit_arm_mut(arm));
        }
    }

    fn visit_arm_mut(&mut self, arm: &mut Arm) {
        self.bind(&arm.pat);
        self.visit_pat_mut(&mut arm.pat);
        self.visit_expr_mut(&mut arm.body);
    }

    fn visit_pat_mut(&mut self, pat: &mut Pat) {
        if let Pat::Guard(PatGuard { guard, .. }) = pat {
            self.visit_expr_mut(guard);
        }
    }

    fn visit_type_mut(&mut self, _: &mut Type) {}

    fn visit_field_value_mut(&mut self, field: &mut FieldValue) {
        self.visit_expr_mut(&mut field.expr);
        if field.colon_token.is_none() && !matches!(field.expr, Expr::Path(_)) {
            field.colon_token = Some(Token![:](syn::spanned::Spanned::span(&field.member)));
        }
    }

    fn visit_macro_mut(&mut self, call: &mut Macro) {
        if is_called(&call.path, "matches")
            && let Ok(matches) = syn::parse2(call.tokens.clone())
        {
            call.tokens = self.matches(matches);
            return;
        }
        let outside = std::mem::replace(&mut self.prints, true);
        let list = Punctuated::<Expr, Token![,]>::parse_terminated;
        call.tokens = if let Ok(mut arguments) = list.parse2(call.tokens.clone()) {
            self.scope(|walk| walk.arguments(&mut arguments));
            quote::ToTokens::into_token_stream(arguments)
        } else {
            tokens::replace(call.tokens.clone(), self)
        };
        self.prints = outside;
    }
}

/// What `matches!` is given.
struct Matches {
    value: Expr,
    pat: Pat,
    guard: Option<Expr>,
}

impl Parse for Matches {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let value = input.parse()?;
        input.parse::<Token![,]>()?;
        let pat = Pat::parse_multi_with_leading_vert(input)?;
        let guard = match input.parse::<Option<Token![if]>>()? {
            Some(_) => Some(input.parse()?),
            None => None,
        };
        input.parse::<Option<Token![,]>>()?;
        Ok(Self { value, pat, guard })
    }
}

/// The name of an item that a block holds, which is known in all of it.
fn item(statement: &Stmt) -> Option<&Ident> {
    match statement {
        Stmt::Item(Item::Fn(item)) => Some(&item.sig.ident),
        Stmt::Item(Item::Const(item)) => Some(&item.ident),
        Stmt::Item(Item::Static(item)) => Some(&item.ident),
        Stmt::Item(_) | Stmt::Local(_) | Stmt::Expr(..) | Stmt::Macro(_) => None,
    }
}
