//! The keys of `#[action(…)]` that make the spec.

use std::time::Duration;

use enact_macro_support::Diag;
use enact_macro_support::duration::duration;
use enact_macro_support::keys::{Key, Value, bare};
use enact_macro_support::nearest::suggestion;
use enact_macro_support::retry::retry;
use syn::{Expr, LitStr};

use super::rules::value;
use super::text;
use crate::model::{Effect, SpecKeys};

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
        "confirm" => spec.confirm = Some((question(key, diag), key.clone())),
        "dry_run" => {
            key.flag(diag);
            spec.dry_run = Some(key.clone());
        }
        "needs" => spec.needs = key.list(diag, "needs(Database, Mailer)"),
        other => unreachable!("`{other}` is listed as a key and not read"),
    }
}

/// What whoever approves is asked; none where the key stands alone.
fn question(key: &Key, diag: &mut Diag) -> Option<String> {
    const EXAMPLE: &str = "confirm = \"Pay this back?\"";
    if matches!(key.value, Value::Flag) {
        return None;
    }
    let text = text(key, diag, EXAMPLE)?;
    if text.trim().is_empty() {
        diag.note(
            value(key),
            format!("the question is empty: write `{EXAMPLE}`, or `confirm` alone"),
        );
    }
    Some(text)
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
