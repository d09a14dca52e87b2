//! What an action says of itself, as JSON and in words.

use std::time::Duration;

use enact_action_core::spec::Need;
use enact_action_core::{Policy, Spec};
use humantime::format_duration;
use serde_json::{Value, json};

/// The first sentence or line of the description.
pub(crate) fn summary(spec: &Spec) -> String {
    let paragraph = spec
        .description
        .trim()
        .split("\n\n")
        .next()
        .unwrap_or_default();
    let line = paragraph.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.split_once(". ") {
        Some((first, _)) => format!("{first}."),
        None => line,
    }
}

/// What `list` tells programs of one action.
pub(crate) fn brief(spec: &Spec) -> Value {
    json!({
        "name": spec.name,
        "title": spec.title,
        "description": spec.description,
        "category": spec.category,
        "tags": spec.tags,
        "version": spec.version,
        "effect": spec.effect,
    })
}

/// What `describe` adds to that, without the schemas.
pub(crate) fn full(spec: &Spec) -> Value {
    let mut full = brief(spec);
    full["policy"] = policy(&spec.policy);
    full["undo"] = spec.undo.into();
    full["confirm"] = spec.confirm.into();
    full["dry_run"] = spec.dry_run.into();
    full["needs"] = spec.needs.iter().map(|need| need.name()).collect();
    full["writes"] = spec.writes.into();
    full["place"] = spec.place.to_string().into();
    full
}

fn policy(policy: &Policy) -> Value {
    let ms = |time: Duration| u64::try_from(time.as_millis()).unwrap_or(u64::MAX);
    let retry = policy.retry.map(|retry| {
        json!({ "times": retry.times, "first_ms": ms(retry.first), "most_ms": ms(retry.most) })
    });
    json!({
        "timeout_ms": policy.timeout.map(ms),
        "deadline_ms": policy.deadline.map(ms),
        "retry": retry,
        "grace_ms": ms(policy.grace),
        "undo_timeout_ms": ms(policy.undo_timeout),
    })
}

/// The policy in words, where it is not the plain one.
pub(crate) fn policy_words(policy: &Policy) -> String {
    let plain = Policy::PLAIN;
    let mut words = Vec::new();
    if let Some(timeout) = policy.timeout {
        words.push(format!("timeout {}", format_duration(timeout)));
    }
    if let Some(deadline) = policy.deadline {
        words.push(format!("deadline {}", format_duration(deadline)));
    }
    if let Some(retry) = policy.retry {
        let (first, most) = (format_duration(retry.first), format_duration(retry.most));
        let noun = if retry.times == 1 { "retry" } else { "retries" };
        words.push(format!(
            "{} {noun} with waits of {first} to {most}",
            retry.times
        ));
    }
    if policy.grace != plain.grace {
        words.push(format!("grace {}", format_duration(policy.grace)));
    }
    if policy.undo_timeout != plain.undo_timeout {
        words.push(format!(
            "undo timeout {}",
            format_duration(policy.undo_timeout)
        ));
    }
    words.join(", ")
}

pub(crate) fn needs_words(needs: &[Need]) -> String {
    needs
        .iter()
        .map(|need| need.name())
        .collect::<Vec<_>>()
        .join(", ")
}
