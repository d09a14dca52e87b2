//! Retries as people write them: `retry(times = 3, backoff = "100ms"..="2s")`.

use std::time::Duration;

use syn::{Expr, Lit, RangeLimits};

use crate::Diag;
use crate::duration::duration;
use crate::keys::{self, Key, Value, bare};

/// How often something is tried again, and how long it waits before.
#[derive(Debug, Clone, Copy)]
pub struct Retry {
    /// How many times it is tried again.
    pub times: u32,
    /// The first wait and the longest.
    pub backoff: Option<(Duration, Duration)>,
}

/// Reads a key such as `retry(times = 3, backoff = "100ms"..="2s")`.
pub fn retry(key: &Key, diag: &mut Diag) -> Option<Retry> {
    let name = &key.name;
    let example = format!("{name}(times = 3, backoff = \"100ms\"..=\"2s\")");
    let list = match &key.value {
        Value::List(list) => list,
        Value::Broken => return None,
        Value::Flag | Value::Is(_) => {
            diag.note(key, format!("`{name}` needs numbers: write `{example}`"));
            return None;
        }
    };
    let known: &[&str] = &["times", "backoff"];
    let keys = keys::of_list(list.clone(), known, diag);
    let find = |name: &str| keys.iter().find(|key| key.is(name));
    if find("times").is_none() {
        diag.note(name, format!("`{name}` needs `times`: write `{example}`"));
    }
    let times = find("times").and_then(|key| count(key, diag));
    let backoff = find("backoff").and_then(|key| waits(key, diag));
    Some(Retry {
        times: times.unwrap_or(1),
        backoff,
    })
}

fn count(key: &Key, diag: &mut Diag) -> Option<u32> {
    let expr = key.expr(diag, "times = 3")?;
    let number = match bare(expr) {
        Expr::Lit(syn::ExprLit {
            lit: Lit::Int(int), ..
        }) => int.base10_parse::<u32>().ok(),
        _ => None,
    };
    match number {
        Some(1..=100) => number,
        _ => {
            diag.note(
                expr,
                "write how many times to try again, 1 to 100: `times = 3`",
            );
            None
        }
    }
}

fn waits(key: &Key, diag: &mut Diag) -> Option<(Duration, Duration)> {
    const EXAMPLE: &str = "backoff = \"100ms\"..=\"2s\"";
    let expr = key.expr(diag, EXAMPLE)?;
    let Expr::Range(range) = bare(expr) else {
        let first = diag.keep(duration(expr))?;
        return Some((first, first));
    };
    let (Some(first), RangeLimits::Closed(_), Some(most)) =
        (&range.start, &range.limits, &range.end)
    else {
        diag.note(
            expr,
            format!("write the first and the longest wait: `{EXAMPLE}`"),
        );
        return None;
    };
    let (first, most) = (diag.keep(duration(first))?, diag.keep(duration(most))?);
    if first > most {
        diag.note(
            expr,
            format!("the first wait is longer than the longest: write `{EXAMPLE}`"),
        );
        return None;
    }
    Some((first, most))
}
