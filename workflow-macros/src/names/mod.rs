//! The names that an expression reads from around it.
//!
//! One walk finds them and puts others in their place. It knows what shadows a name: closures,
//! arms, `let`, `if let`, loops and blocks. What a macro is given is read as expressions where it
//! is a list of them, else as bare tokens.

mod captures;
mod tokens;
mod walk;

#[cfg(test)]
mod tests;

use enact_macro_support::keys::bare;
use proc_macro2::{Ident, TokenStream};
use syn::ext::IdentExt as _;
use syn::visit::Visit;
use syn::visit_mut::VisitMut as _;
use syn::{BinOp, Expr, ExprLet, Pat, PatGuard, PatIdent, Path};

use self::walk::Walk;

/// The names of one segment that an expression reads freely, each as often as it does.
pub(crate) fn free(expr: &Expr) -> Vec<Ident> {
    let mut found = Vec::new();
    replace(expr, &mut |name| {
        found.push(name.clone());
        None
    });
    found
}

/// The expression with other tokens in place of each free name that `with` has some for.
///
/// Names inside of format strings are shown to `with` and left alone.
pub(crate) fn replace(expr: &Expr, with: &mut dyn FnMut(&Ident) -> Option<TokenStream>) -> Expr {
    let mut expr = expr.clone();
    Walk::new(with).visit_expr_mut(&mut expr);
    expr
}

/// The names that a pattern binds, each once.
pub(crate) fn bound(pat: &Pat) -> Vec<Ident> {
    let mut bound = Bound(Vec::new());
    bound.visit_pat(pat);
    bound.0
}

/// The `let`s of a condition, which bind for what stands behind them and for the arm.
pub(crate) fn lets(condition: &Expr) -> Vec<&ExprLet> {
    match bare(condition) {
        Expr::Let(binding) => vec![binding],
        Expr::Binary(both) if matches!(both.op, BinOp::And(_)) => {
            let mut found = lets(&both.left);
            found.extend(lets(&both.right));
            found
        }
        _ => Vec::new(),
    }
}

/// Whether a macro's path ends in that name.
pub(crate) fn is_called(path: &Path, name: &str) -> bool {
    path.segments.last().is_some_and(|last| last.ident == name)
}

struct Bound(Vec<Ident>);

impl<'ast> Visit<'ast> for Bound {
    fn visit_pat_ident(&mut self, pat: &'ast PatIdent) {
        // A bare capitalised name is a constant or a variant, as `None` is.
        let plain = pat.by_ref.is_none() && pat.mutability.is_none() && pat.subpat.is_none();
        let capital = pat
            .ident
            .unraw()
            .to_string()
            .starts_with(char::is_uppercase);
        let constant = plain && capital;
        if !constant && !self.0.contains(&pat.ident) {
            self.0.push(pat.ident.clone());
        }
        if let Some((_, inner)) = &pat.subpat {
            self.visit_pat(inner);
        }
    }

    fn visit_pat_guard(&mut self, pat: &'ast PatGuard) {
        self.visit_pat(&pat.pat);
    }

    fn visit_expr(&mut self, _: &'ast Expr) {}
}
