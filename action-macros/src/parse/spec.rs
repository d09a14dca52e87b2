//! The keys of `#[action(…)]` that make the spec.

use std::time::Duration;

use enact_macro_support::Diag;
use enact_macro_support::duration::duration;
use enact_macro_support::keys::{self, Key, Value, bare};
use enact_macro_support::nearest::suggestion;
use syn::{Expr, Lit, LitStr, RangeLimits};

use super::rules::value;
use super::text;
use crate::model::{Effect, Retry, SpecKeys};

const EFFECTS: [&str; 3] = ["read", "idempotent", "write"];

pub(super) fn read(spec: &mut SpecKeys, key: &Key, diag: &mut Diag) {
    match key.name.to_string().as_str() {
        "name" => {
            let name = text(key, diag, "name = \"get_weather\"");
            spec.name = name.map(|name| (name, value(key)));
        }
        "title" => spec.title = text(key, diag, "title = \"Get the weather\""),
        "category" => spec.category = text(key, diag, "category = \"weather\""),
        "version" => spec.version = text(key, diag, "version = \"1.0.0\""),
        "tags" => spec.tags = texts(key, diag, "tags(\"demo\", \"weather\")"),
        "writes" => {
            spec.writes = texts(key, diag, "writes(\"orders\")");
            spec.writing = Some(key.clone());
        }
        "effect" => {
            // After a slip, nobody shall complain of a write as well.
            spec.effect = effect(key, diag).or(Some(Effect::Idempotent));
        }
        "timeout" => spec.timeout = time(key, diag, "timeout = \"5s\"").map(|it| (it, key.clone())),
        "deadline" => {
            spec.deadline = time(key, diag, "deadline = \"1m\"").map(|it| (it, key.clone()));
        }
        "grace" => spec.grace = time(key, diag, "grace = \"2s\""),
        "undo_timeout" => spec.undo_timeout = time(key, diag, "undo_timeout = \"30s\""),
        "retry" => spec.retry = retry(key, diag).map(|it| (it, key.clone())),
        "undo" => {
            key.flag(diag);
            spec.undo = Some(key.clone());
        }
        "needs" => spec.needs = key.list(diag, "needs(Database, Mailer)"),
        other => unreachable!("`{other}` is listed as a key and not read"),
    }
}

fn texts(key: &Key, diag: &mut Diag, example: &str) -> Vec<String> {
    key.list::<LitStr>(diag, example)
        .iter()
        .map(LitStr::value)
        .collect()
}

fn time(key: &Key, diag: &mut Diag, example: &str) -> Option<Duration> {
    let expr = key.expr(diag, example)?;
    diag.keep(duration(expr))
}

fn effect(key: &Key, diag: &mut Diag) -> Option<Effect> {
    let expr = key.expr(diag, "effect = read")?;
    let word = match bare(expr) {
        Expr::Path(path) => path.path.get_ident().map(ToString::to_string),
        _ => None,
    };
    match word.as_deref() {
        Some("read") => Some(Effect::Read),
        Some("idempotent") => Some(Effect::Idempotent),
        Some("write") => Some(Effect::Write),
        Some(word) => {
            diag.note(
                expr,
                format!(
                    "there is no effect `{word}`; {}",
                    suggestion(word, &EFFECTS)
                ),
            );
            None
        }
        None => {
            diag.note(
                expr,
                "write `effect = read`, `effect = idempotent` or `effect = write`",
            );
            None
        }
    }
}

fn retry(key: &Key, diag: &mut Diag) -> Option<Retry> {
    const EXAMPLE: &str = "retry(times = 3, backoff = \"100ms\"..=\"2s\")";
    let list = match &key.value {
        Value::List(list) => list,
        Value::Broken => return None,
        Value::Flag | Value::Is(_) => {
            diag.note(key, format!("`retry` needs numbers: write `{EXAMPLE}`"));
            return None;
        }
    };
    let known: &[&str] = &["times", "backoff"];
    let keys = keys::of_list(list.clone(), known, diag);
    let find = |name: &str| keys.iter().find(|key| key.is(name));
    if find("times").is_none() {
        diag.note(
            &key.name,
            format!("`retry` needs `times`: write `{EXAMPLE}`"),
        );
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
