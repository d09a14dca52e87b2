//! Defaults and examples that are literals, against the rules beside them. Others are checked
//! against the schema when the program starts.

use std::cmp::Ordering::{self, Equal, Greater, Less};

use enact_grammar::number::{compare, is_multiple_of};
use enact_grammar::pattern::Pattern;
use enact_macro_support::Diag;
use enact_macro_support::keys::bare;
use syn::punctuated::Punctuated;
use syn::{Expr, ExprLit, Lit, Token};

use super::types;
use crate::model::{Field, FieldDefault, Literal, Number, Rules};
use crate::parse::number;

pub(super) fn check(field: &Field, diag: &mut Diag) {
    let default = match &field.default {
        Some(FieldDefault::Is(expr)) => Some(("default", expr)),
        Some(FieldDefault::Trait(_) | FieldDefault::Serde) | None => None,
    };
    let examples = field.examples.iter().map(|expr| ("example", expr));
    for (what, expr) in default.into_iter().chain(examples) {
        match literal(expr).and_then(|sample| types::misfit(&field.ty, &sample)) {
            Some(misfit) => diag.note(expr, format!("this {what} {misfit}")),
            None => sample(what, expr, &field.rules, diag),
        }
    }
}

fn sample(what: &str, expr: &Expr, rules: &Rules, diag: &mut Diag) {
    if let Some(items) = items(expr) {
        return list(what, expr, &items, rules, diag);
    }
    let Some(literal) = literal(expr) else { return };
    let broken = match &literal {
        Literal::Number(number) => of_number(*number, rules),
        Literal::Text(text) => of_text(text, rules),
    };
    let listed = rules
        .one_of
        .as_ref()
        .filter(|(list, _)| !list.contains(&literal));
    let broken =
        broken.or_else(|| listed.map(|_| "it is not one of the values of `one_of`".to_owned()));
    if let Some(broken) = broken {
        diag.note(expr, format!("this {what} breaks its own rule: {broken}"));
    }
}

fn list(what: &str, expr: &Expr, items: &[Expr], rules: &Rules, diag: &mut Diag) {
    if let Some((min, max, _)) = &rules.len {
        let length = items.len() as u64;
        if length < *min || max.is_some_and(|max| length > max) {
            diag.note(
                expr,
                format!("this {what} breaks its own rule: it has {length} items"),
            );
        }
    }
    if let Some((inner, _)) = &rules.items {
        for item in items {
            sample(what, item, inner, diag);
        }
    }
}

/// The items of `[…]` or `vec![…]`.
fn items(expr: &Expr) -> Option<Vec<Expr>> {
    match bare(expr) {
        Expr::Array(array) => Some(array.elems.iter().cloned().collect()),
        Expr::Macro(call) if call.mac.path.is_ident("vec") => {
            let items = call
                .mac
                .parse_body_with(Punctuated::<Expr, Token![,]>::parse_terminated);
            items.ok().map(|items| items.into_iter().collect())
        }
        _ => None,
    }
}

/// The text or number that an expression spells out.
fn literal(expr: &Expr) -> Option<Literal> {
    match bare(expr) {
        Expr::Lit(ExprLit {
            lit: Lit::Str(text),
            ..
        }) => Some(Literal::Text(text.value())),
        expr => number(expr).map(Literal::Number),
    }
}

fn of_number(found: Number, rules: &Rules) -> Option<String> {
    let found = found.json();
    let bounds: [(_, _, [Ordering; 2]); 4] = [
        (&rules.min, "at least", [Equal, Greater]),
        (&rules.max, "at most", [Equal, Less]),
        (&rules.exclusive_min, "more than", [Greater, Greater]),
        (&rules.exclusive_max, "less than", [Less, Less]),
    ];
    for (bound, words, fine) in bounds {
        if let Some((bound, _)) = bound
            && !fine.contains(&compare(&found, &bound.json()))
        {
            return Some(format!("{words} {} is allowed", bound.json()));
        }
    }
    let (unit, _) = rules.multiple_of.as_ref()?;
    (!is_multiple_of(&found, &unit.json()))
        .then(|| format!("multiples of {} are allowed", unit.json()))
}

fn of_text(found: &str, rules: &Rules) -> Option<String> {
    if let Some((min, max, _)) = &rules.len {
        let length = found.chars().count() as u64;
        if length < *min || max.is_some_and(|max| length > max) {
            return Some(format!("it has {length} characters"));
        }
    }
    if let Some((pattern, _)) = &rules.pattern
        && Pattern::new(pattern).is_ok_and(|compiled| !compiled.is_match(found))
    {
        return Some(format!("it does not match {pattern}"));
    }
    let (format, _) = rules.format.as_ref()?;
    let example = format.example();
    (!format.accepts(found)).then(|| format!("{} looks like {example}", format.name()))
}

/// Whether the expression is a literal that JSON has too.
pub(crate) fn literal_json(expr: &Expr) -> bool {
    matches!(
        bare(expr),
        Expr::Lit(ExprLit {
            lit: Lit::Bool(_),
            ..
        })
    ) || literal(expr).is_some()
}
