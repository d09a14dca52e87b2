//! Why a name is not known where it is read.

use enact_macro_support::nearest::nearest;
use proc_macro2::Ident;
use syn::visit::{self, Visit};
use syn::{Expr, ExprCall, ExprField, Member};

use super::made::{Kind, Made, Place};

/// What to write instead, where the name is made elsewhere.
pub(super) fn elsewhere(name: &Ident, made: &[Made], place: &Place) -> Option<String> {
    let mut reasons = made
        .iter()
        .filter(|made| made.name == *name)
        .map(|made| reason(&made.place, place));
    let why = match reasons.next()? {
        Reason::Later => {
            format!("`{name}` is used before it is made: move this behind what makes it")
        }
        Reason::Beside => format!(
            "`{name}` is made in another arm of this `parallel`, at the same time: move this \
             behind the block"
        ),
        Reason::Within(kind) => within(name, kind),
    };
    Some(why)
}

enum Reason {
    Later,
    Beside,
    Within(Kind),
}

fn reason(made: &Place, place: &Place) -> Reason {
    let same = |(one, other): &(&_, &_)| arm(one) == arm(other);
    let common = made.iter().zip(place).take_while(same).count();
    let apart = made.iter().skip(common);
    let Some(first) = apart.clone().next() else {
        return Reason::Later;
    };
    let beside = place.get(common).is_some_and(|it| it.node == first.node);
    if beside && matches!(first.kind, Kind::Lone | Kind::Block) {
        return Reason::Beside;
    }
    // A lone arm's name is known behind its block, so that it can only come later.
    let mut hiding = apart.filter(|it| it.kind != Kind::Lone);
    hiding
        .next()
        .map_or(Reason::Later, |it| Reason::Within(it.kind))
}

fn arm(around: &super::made::Around) -> (usize, usize) {
    (around.node, around.arm)
}

fn within(name: &Ident, kind: Kind) -> String {
    match kind {
        Kind::Branch => format!(
            "`{name}` is known only in its arm: name the branch, `branch name = …`, and end its \
             arms with what you need of `{name}`"
        ),
        Kind::Block | Kind::Lone => format!(
            "`{name}` is known only in its arm: name the arm, `name = {{ … }};`, and end it with \
             what you need of `{name}`"
        ),
        Kind::FanOut => format!(
            "`{name}` is made anew for each item: name the loop, `parallel name = for …`, and end \
             its body with what you need of `{name}`"
        ),
        Kind::Repeat => format!(
            "`{name}` is made anew in each pass: name the loop, `repeat name = max …`, and end \
             its body with what you need of `{name}`"
        ),
    }
}

/// What was probably meant by a name that is made nowhere.
pub(super) fn slip(name: &Ident, known: &[String]) -> Option<String> {
    let word = name.to_string();
    if word != word.to_lowercase() {
        return None;
    }
    let near = nearest(&word, known.iter().map(String::as_str))?;
    Some(format!(
        "nothing here makes `{word}`; did you mean `{near}`?"
    ))
}

/// What to write in place of `self`.
pub(super) fn itself(expr: &Expr) -> String {
    let mut positions = Positions::default();
    positions.visit_expr(expr);
    let word = positions.own.as_deref().unwrap_or("word");
    format!("name the param itself: `{word}`, not `self.{word}`")
}

/// The names whose fields an expression reads.
pub(super) fn roots(expr: &Expr) -> Vec<Ident> {
    let mut positions = Positions::default();
    positions.visit_expr(expr);
    positions.roots
}

/// The names that an expression calls, which are functions.
pub(super) fn called(expr: &Expr) -> Vec<Ident> {
    let mut positions = Positions::default();
    positions.visit_expr(expr);
    positions.called
}

#[derive(Default)]
struct Positions {
    roots: Vec<Ident>,
    called: Vec<Ident>,
    /// The first field of `self`.
    own: Option<String>,
}

impl<'ast> Visit<'ast> for Positions {
    fn visit_expr_field(&mut self, field: &'ast ExprField) {
        let root = plain(&field.base);
        if let (Some(_), Member::Named(name)) = (root.filter(|root| *root == "self"), &field.member)
        {
            self.own.get_or_insert_with(|| name.to_string());
        }
        self.roots.extend(root.cloned());
        visit::visit_expr_field(self, field);
    }

    fn visit_expr_call(&mut self, call: &'ast ExprCall) {
        self.called.extend(plain(&call.func).cloned());
        visit::visit_expr_call(self, call);
    }
}

/// The name that an expression is, and nothing more.
pub(super) fn plain(expr: &Expr) -> Option<&Ident> {
    match expr {
        Expr::Path(path) if path.qself.is_none() => path.path.get_ident(),
        _ => None,
    }
}
