//! The rules of `#[param(…)]`, of `items(…)` and of `keys(…)`.

use enact_grammar::format::Format;
use enact_grammar::pattern::Pattern;
use enact_macro_support::Diag;
use enact_macro_support::keys::{self, Key, Known, Value, bare};
use enact_macro_support::nearest::suggestion;
use proc_macro2::TokenStream;
use quote::ToTokens;
use syn::{Expr, ExprLit, ExprUnary, Lit, RangeLimits, UnOp};

use super::{path, text};
use crate::model::{Literal, Number, Rules};

/// The keys that may be given again and again.
pub(super) const OFTEN: [&str; 2] = ["example", "check"];
pub(super) const FIELD_KEYS: [&str; 16] = [
    "min",
    "max",
    "exclusive_min",
    "exclusive_max",
    "multiple_of",
    "len",
    "pattern",
    "format",
    "items",
    "keys",
    "unique",
    "one_of",
    "default",
    "secret",
    "class",
    "opaque",
];
const INNER_KEYS: [&str; 11] = [
    "min",
    "max",
    "exclusive_min",
    "exclusive_max",
    "multiple_of",
    "len",
    "pattern",
    "format",
    "items",
    "unique",
    "one_of",
];

pub(super) fn read(rules: &mut Rules, key: &Key, diag: &mut Diag) {
    match key.name.to_string().as_str() {
        "min" => rules.min = bound(key, diag),
        "max" => rules.max = bound(key, diag),
        "exclusive_min" => rules.exclusive_min = bound(key, diag),
        "exclusive_max" => rules.exclusive_max = bound(key, diag),
        "multiple_of" => rules.multiple_of = bound(key, diag),
        "len" => rules.len = len(key, diag).map(|(min, max)| (min, max, key.clone())),
        "pattern" => rules.pattern = pattern(key, diag),
        "format" => rules.format = format(key, diag),
        "items" => rules.items = inner(key, diag, "items(min = 1)"),
        "keys" => rules.keys = inner(key, diag, "keys(pattern = \"^[a-z]+$\")"),
        "unique" => rules.unique = Some(flag(key, diag)),
        "one_of" => rules.one_of = one_of(key, diag),
        "secret" => rules.secret = Some(flag(key, diag)),
        "class" => rules.class = class(key, diag),
        "check" => rules
            .checks
            .extend(path(key, diag, "check = my_check").map(|it| (it, key.clone()))),
        other => unreachable!("`{other}` is listed as a key and not read"),
    }
}

fn flag(key: &Key, diag: &mut Diag) -> Key {
    key.flag(diag);
    key.clone()
}

fn inner(key: &Key, diag: &mut Diag, example: &str) -> Option<(Box<Rules>, Key)> {
    let list = match &key.value {
        Value::List(list) => list,
        Value::Broken => return None,
        Value::Flag | Value::Is(_) => {
            diag.note(
                key,
                format!("`{}` needs rules: write `{example}`", key.name),
            );
            return None;
        }
    };
    if list.is_empty() {
        diag.note(
            &key.name,
            format!(
                "`{}` has no rules: write `{example}`, or take it out",
                key.name
            ),
        );
        return None;
    }
    let known = Known {
        once: &INNER_KEYS,
        often: &["check"],
    };
    let mut rules = Rules::default();
    for inner in &keys::of_list(list.clone(), known, diag) {
        read(&mut rules, inner, diag);
    }
    Some((Box::new(rules), key.clone()))
}

fn bound(key: &Key, diag: &mut Diag) -> Option<(Number, Key)> {
    let expr = key.expr(diag, &format!("{} = 1", key.name))?;
    match number(expr) {
        Some(number) => Some((number, key.clone())),
        None => {
            diag.note(
                expr,
                format!(
                    "write a number here, such as `{} = 1`: the schema needs its value",
                    key.name
                ),
            );
            None
        }
    }
}

/// The number that a literal, perhaps negated, stands for.
pub(crate) fn number(expr: &Expr) -> Option<Number> {
    match bare(expr) {
        Expr::Lit(ExprLit {
            lit: Lit::Int(int), ..
        }) => {
            let number = int.base10_parse::<u64>().ok()?;
            Some(i64::try_from(number).map_or(Number::Uint(number), Number::Int))
        }
        Expr::Lit(ExprLit {
            lit: Lit::Float(float),
            ..
        }) => float
            .base10_parse::<f64>()
            .ok()
            .filter(|it| it.is_finite())
            .map(Number::Float),
        Expr::Unary(ExprUnary {
            op: UnOp::Neg(_),
            expr,
            ..
        }) => match number(expr)? {
            Number::Int(int) => Some(Number::Int(-int)),
            Number::Uint(uint) => (uint == 1 << 63).then_some(Number::Int(i64::MIN)),
            Number::Float(float) => Some(Number::Float(-float)),
        },
        _ => None,
    }
}

fn len(key: &Key, diag: &mut Diag) -> Option<(u64, Option<u64>)> {
    const EXAMPLE: &str = "len = 1..=80";
    let expr = key.expr(diag, EXAMPLE)?;
    let whole = |expr: &Expr| match number(expr) {
        Some(Number::Int(int)) => u64::try_from(int).ok(),
        Some(Number::Uint(uint)) => Some(uint),
        Some(Number::Float(_)) | None => None,
    };
    if let Some(exact) = whole(expr) {
        return Some((exact, Some(exact)));
    }
    let help =
        format!("write how long it is: `{EXAMPLE}`, `len = 1..`, `len = ..=80` or `len = 5`");
    let Expr::Range(range) = bare(expr) else {
        diag.note(expr, help);
        return None;
    };
    let min = range.start.as_deref().map_or(Some(0), whole);
    let max = match (range.end.as_deref(), &range.limits) {
        (None, _) => Some(None),
        (Some(end), RangeLimits::Closed(_)) => whole(end).map(Some),
        (Some(_), RangeLimits::HalfOpen(_)) => None,
    };
    let (Some(min), Some(max)) = (min, max) else {
        diag.note(expr, help);
        return None;
    };
    if max.is_some_and(|max| min > max) {
        diag.note(
            expr,
            "nothing is so long: the least is above the most; swap them",
        );
        return None;
    }
    Some((min, max))
}

fn pattern(key: &Key, diag: &mut Diag) -> Option<(String, Key)> {
    let source = text(key, diag, "pattern = \"^[A-Z]{3}$\"")?;
    match Pattern::new(&source) {
        Ok(_) => Some((source, key.clone())),
        Err(error) => {
            diag.note(value(key), error);
            None
        }
    }
}

fn format(key: &Key, diag: &mut Diag) -> Option<(Format, Key)> {
    let name = text(key, diag, "format = \"email\"")?;
    let format = Format::from_name(&name);
    if format.is_none() {
        let known: Vec<&str> = Format::ALL.iter().map(|format| format.name()).collect();
        let help = suggestion(&name, &known);
        diag.note(value(key), format!("there is no format {name:?}; {help}"));
    }
    format.map(|format| (format, key.clone()))
}

/// The tokens after `=`.
pub(crate) fn value(key: &Key) -> TokenStream {
    match &key.value {
        Value::Is(expr) => expr.to_token_stream(),
        Value::Flag | Value::List(_) | Value::Broken => key.name.to_token_stream(),
    }
}

fn class(key: &Key, diag: &mut Diag) -> Option<(String, Key)> {
    if let Value::Is(expr) = &key.value
        && let Expr::Path(path) = bare(expr)
        && let Some(ident) = path.path.get_ident()
    {
        return Some((ident.to_string(), key.clone()));
    }
    text(key, diag, "class = \"email\"").map(|class| (class, key.clone()))
}

fn one_of(key: &Key, diag: &mut Diag) -> Option<(Vec<Literal>, Key)> {
    const EXAMPLE: &str = "one_of(\"small\", \"large\")";
    let exprs: Vec<Expr> = match &key.value {
        Value::List(_) => key.list(diag, EXAMPLE),
        Value::Broken => return None,
        Value::Is(_) | Value::Flag => {
            diag.note(key, format!("`one_of` needs values: write `{EXAMPLE}`"));
            return None;
        }
    };
    let mut literals: Vec<Literal> = Vec::new();
    for expr in &exprs {
        let literal = super::string(expr)
            .map(Literal::Text)
            .or_else(|| number(expr).map(Literal::Number));
        match literal {
            None => diag.note(
                expr,
                format!("write text in quotes or numbers: `{EXAMPLE}`"),
            ),
            Some(literal) if literals.contains(&literal) => {
                diag.note(expr, "this value is listed twice; take one out");
            }
            Some(literal) => literals.push(literal),
        }
    }
    let texts = literals
        .iter()
        .filter(|literal| matches!(literal, Literal::Text(_)))
        .count();
    if texts != 0 && texts != literals.len() {
        diag.note(
            key,
            "text and numbers don't mix in `one_of`: write one kind",
        );
        return None;
    }
    Some((literals, key.clone()))
}
