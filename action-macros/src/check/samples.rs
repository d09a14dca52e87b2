//! Defaults and examples that are literals, against the rules beside them. Others are checked
//! against the schema when the program starts.

use std::cmp::Ordering::{self, Equal, Greater, Less};

use enact_grammar::number::{compare, is_multiple_of};
use enact_grammar::pattern::Pattern;
use enact_macro_support::Diag;
use syn::{Expr, ExprLit, Lit};

use crate::model::{Field, FieldDefault, Literal, Number, Rules};
use crate::parse::number;

pub(super) fn check(field: &Field, diag: &mut Diag) {
    if let Some(FieldDefault::Is(expr)) = &field.default {
        sample("default", expr, &field.rules, diag);
    }
    for expr in &field.examples {
        sample("example", expr, &field.rules, diag);
    }
}

fn sample(what: &str, expr: &Expr, rules: &Rules, diag: &mut Diag) {
    let Some(literal) = literal(expr) else { return };
    let broken = match &literal {
        Literal::Number(number) => of_number(*number, rules),
        Literal::Text(text) => of_text(text, rules),
    };
    let listed = rules.one_of.as_ref().filter(|(list, _)| !list.contains(&literal));
    let broken = broken.or(listed.map(|_| "it is not one of the values of `one_of`".to_owned()));
    if let Some(broken) = broken {
        diag.note(expr, format!("this {what} breaks its own rule: {broken}"));
    }
}

fn literal(expr: &Expr) -> Option<Literal> {
    match expr {
        Expr::Lit(ExprLit { lit: Lit::Str(text), .. }) => Some(Literal::Text(text.value())),
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
    (!is_multiple_of(&found, &unit.json())).then(|| format!("multiples of {} are allowed", unit.json()))
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
    matches!(expr, Expr::Lit(ExprLit { lit: Lit::Bool(_), .. })) || literal(expr).is_some()
}
