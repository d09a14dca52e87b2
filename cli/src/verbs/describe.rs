//! `describe`: all that an action says of itself.

use clap::ArgMatches;
use enact_action_core::Spec;
use enact_action_core::registry::Entry;

use crate::exit::Stop;
use crate::param::{Need, Param};
use crate::shape::{Shape, plain};
use crate::spec;
use crate::style::{DIM, HEADING, NAME, PLAIN, styled};
use crate::table::table;
use crate::ui::Ui;

pub(crate) fn describe(matches: &ArgMatches, ui: &Ui) -> Result<(), Stop> {
    let name = matches
        .get_one::<String>("name")
        .map(String::as_str)
        .unwrap_or_default();
    let entry = super::entry(name, ui)?;
    let mut json = spec::full(entry.spec());
    json["params"] = entry.schema().clone();
    json["output"] = entry.output_schema().clone();
    Ok(ui.show(&json, text(entry, ui))?)
}

fn text(entry: &Entry, ui: &Ui) -> String {
    let spec = entry.spec();
    let params = Param::all(entry.schema());
    let title = spec
        .title
        .map(|title| styled(HEADING, format_args!("  {title}")));
    let head = [styled(NAME, spec.name), title.unwrap_or_default()].concat();
    let table = match params.as_slice() {
        [] => String::new(),
        params => format!("\n{}\n{}", styled(HEADING, "Params"), rows(params)),
    };
    let example = format!(
        "\n{}\n  {}\n",
        styled(HEADING, "Example"),
        example(&params, spec, ui)
    );
    let description = format!("\n\n{}\n\n", spec.description.trim());
    [head, description, facts(entry, spec), table, example].concat()
}

fn facts(entry: &Entry, spec: &Spec) -> String {
    let undo = if spec.undo { "can be undone" } else { "" };
    let facts = [
        ("Effect", spec.effect.to_string()),
        ("Policy", spec::policy_words(&spec.policy)),
        ("Undo", undo.to_owned()),
        ("Confirm", spec.confirm.unwrap_or_default().to_owned()),
        ("Needs", spec::needs_words(spec.needs)),
        ("Writes", spec.writes.join(", ")),
        ("Category", spec.category.unwrap_or_default().to_owned()),
        ("Tags", spec.tags.join(", ")),
        ("Version", spec.version.unwrap_or_default().to_owned()),
        ("Output", Shape::of_root(entry.output_schema()).words()),
    ];
    let facts = facts.into_iter().filter(|(_, fact)| !fact.is_empty());
    let rows: Vec<[String; 2]> = facts.map(|(name, fact)| [name.to_owned(), fact]).collect();
    table("", [HEADING, PLAIN], &rows)
}

fn rows(params: &[Param]) -> String {
    let row = |param: &Param| {
        [
            param.name.clone(),
            param.shape.words(),
            need(param),
            param.rules.join(", "),
            param
                .description
                .split_whitespace()
                .collect::<Vec<_>>()
                .join(" "),
        ]
    };
    table(
        "  ",
        [NAME, DIM, DIM, DIM, PLAIN],
        &params.iter().map(row).collect::<Vec<_>>(),
    )
}

/// Whether it must be given, and what stands in where it isn't; a secret's default stays secret.
fn need(param: &Param) -> String {
    let word = match &param.need {
        Need::Required => "required".to_owned(),
        Need::Default(default) if !param.secret => format!("default {}", plain(default)),
        Need::Default(_) | Need::Optional => "optional".to_owned(),
    };
    if param.secret {
        format!("{word}, secret")
    } else {
        word
    }
}

/// A call with what is required and what has an example.
fn example(params: &[Param], spec: &Spec, ui: &Ui) -> String {
    let mut call = vec![
        ui.program().to_owned(),
        "run".to_owned(),
        spec.name.to_owned(),
    ];
    for param in params
        .iter()
        .filter(|param| param.need == Need::Required || param.example.is_some())
    {
        if let Some(flag) = &param.flag {
            call.extend(
                samples(param, flag)
                    .iter()
                    .map(|value| format!("--{flag} {value}")),
            );
        }
    }
    call.join(" ")
}

fn samples(param: &Param, flag: &str) -> Vec<String> {
    if param.secret {
        return vec![format!(
            "env:{}",
            flag.to_uppercase().replace(['-', '.'], "_")
        )];
    }
    match (&param.example, &param.shape) {
        (Some(serde_json::Value::Array(items)), Shape::Many(_)) => {
            items.iter().map(|item| quoted(&plain(item))).collect()
        }
        (Some(example), Shape::Json(_)) => vec![quoted(&example.to_string())],
        (Some(example), _) => vec![quoted(&plain(example))],
        (None, shape) => vec![placeholder(shape)],
    }
}

fn placeholder(shape: &Shape) -> String {
    match shape {
        Shape::Text => "TEXT".to_owned(),
        Shape::Integer | Shape::Number => "1".to_owned(),
        Shape::Boolean => "true".to_owned(),
        Shape::OneOf(choices) => choices
            .first()
            .map(|choice| quoted(&plain(choice)))
            .unwrap_or_default(),
        Shape::Many(scalar) => placeholder(scalar),
        Shape::Json(_) => "JSON".to_owned(),
    }
}

/// The text as a POSIX shell takes it for one word.
fn quoted(text: &str) -> String {
    let is_safe = |c: char| c.is_ascii_alphanumeric() || "-_./:,@%+=".contains(c);
    if !text.is_empty() && text.chars().all(is_safe) {
        return text.to_owned();
    }
    format!("'{}'", text.replace('\'', r"'\''"))
}
