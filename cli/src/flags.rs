//! Flags made from an action's params, and params read back from flags.

use std::ffi::OsStr;
use std::time::Duration;

use clap::builder::{PossibleValue, StringValueParser, TypedValueParser, ValueParser};
use clap::{Arg, ArgAction, ArgMatches, Command};
use enact_action_core::Spec;
use enact_action_core::registry::Entry;
use serde_json::{Map, Value};

use crate::exit::Stop;
use crate::given;
use crate::param::{Need, Param};
use crate::shape::{Shape, plain};
use crate::ui::Ui;

/// The subcommand of `run` that runs this action.
pub(crate) fn command(entry: &Entry) -> Command {
    let spec = entry.spec();
    Command::new(spec.name)
        .about(crate::spec::summary(spec))
        .long_about(spec.description)
        .disable_help_subcommand(true)
        .arg(json())
        .arg(timeout())
        .args([dry_run(), yes(spec)])
        .next_help_heading("Params")
        .args(Param::all(entry.schema()).iter().filter_map(arg))
}

/// The params that the flags give, over those that `--json` gives.
pub(crate) fn params(entry: &Entry, matches: &ArgMatches, ui: &Ui) -> Result<Value, Stop> {
    let mut given = Vec::new();
    for param in Param::all(entry.schema()) {
        if let Some(value) = read(&param, matches, ui)? {
            given.push((param, value));
        }
    }
    let base = match matches.get_one::<String>("json") {
        Some(text) => given::json("json", text, ui)?,
        None => Value::Object(Map::new()),
    };
    if given.is_empty() {
        return Ok(base);
    }
    let Value::Object(mut params) = base else {
        let text =
            "--json: flags can only change the params of a JSON object; give one, or no flags";
        return Err(Stop::Usage(text.to_owned()));
    };
    for (param, value) in given {
        params.retain(|name, _| !param.aliases.contains(name));
        params.insert(param.name, value);
    }
    Ok(Value::Object(params))
}

/// Takes any text, but tells help and completions what is likely.
///
/// What is refused is decided in one place, where the params are read, with every mistake at once.
#[derive(Clone)]
pub(crate) struct Suggest(Vec<PossibleValue>);

impl Suggest {
    pub(crate) fn any_of(names: impl IntoIterator<Item = String>) -> Self {
        Self(names.into_iter().map(PossibleValue::new).collect())
    }
}

impl TypedValueParser for Suggest {
    type Value = String;

    fn parse_ref(
        &self,
        command: &Command,
        arg: Option<&Arg>,
        value: &OsStr,
    ) -> Result<String, clap::Error> {
        StringValueParser::new().parse_ref(command, arg, value)
    }

    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
        Some(Box::new(self.0.iter().cloned()))
    }
}

fn json() -> Arg {
    let help =
        "All params as JSON: text, @FILE, or - for the standard input; flags change single ones";
    Arg::new("json").long("json").value_name("JSON").help(help)
}

fn timeout() -> Arg {
    let parser = ValueParser::new(duration);
    let help = "The longest that it may take, retries included, such as 30s or 5m";
    Arg::new("timeout")
        .long("timeout")
        .value_name("DURATION")
        .help(help)
        .value_parser(parser)
}

fn dry_run() -> Arg {
    Arg::new("dry-run")
        .long("dry-run")
        .action(ArgAction::SetTrue)
        .help("Show what it would do, and do nothing")
}

/// Taken by every action, so that a script need not know which ask.
fn yes(spec: &Spec) -> Arg {
    Arg::new("yes")
        .long("yes")
        .action(ArgAction::SetTrue)
        .hide(spec.confirm.is_none())
        .help("Approve of it, and be asked nothing")
}

fn duration(text: &str) -> Result<Duration, &'static str> {
    humantime::parse_duration(text).map_err(|_| "write numbers with units, such as 30s or 1m 30s")
}

fn arg(param: &Param) -> Option<Arg> {
    let flag = param.flag.as_ref()?;
    let arg = Arg::new(id(param))
        .long(flag.clone())
        .aliases(param.spellings.clone())
        .help(help(param))
        .value_name(value_name(&param.shape))
        .hide_possible_values(param.secret);
    Some(shaped(arg, &param.shape))
}

fn shaped(arg: Arg, shape: &Shape) -> Arg {
    match shape {
        Shape::Json(_) => shaped(arg, &Shape::Text).value_hint(clap::ValueHint::Other),
        // A text may be a decimal.
        Shape::Text | Shape::Integer | Shape::Number => arg.allow_negative_numbers(true),
        Shape::Boolean => arg
            .num_args(0..=1)
            .default_missing_value("true")
            .value_parser(Suggest::any_of(["true", "false"].map(str::to_owned))),
        Shape::OneOf(choices) => arg
            .value_parser(Suggest::any_of(choices.iter().map(plain)))
            .allow_negative_numbers(true),
        Shape::Many(scalar) => shaped(arg, scalar).num_args(1).action(ArgAction::Append),
    }
}

fn read(param: &Param, matches: &ArgMatches, ui: &Ui) -> Result<Option<Value>, Stop> {
    let Some(flag) = &param.flag else {
        return Ok(None);
    };
    let Some(given) = matches.get_many::<String>(&id(param)) else {
        return Ok(None);
    };
    let values: Vec<Value> = given
        .map(|text| value(param, flag, text, ui))
        .collect::<Result<_, _>>()?;
    Ok(match param.shape {
        Shape::Many(_) => Some(values.into()),
        _ => values.into_iter().next_back(),
    })
}

fn value(param: &Param, flag: &str, text: &str, ui: &Ui) -> Result<Value, Stop> {
    match (&param.shape, param.secret) {
        (Shape::Json(_), true) => given::secret_json(flag, text, ui),
        (Shape::Json(_), false) => given::json(flag, text, ui),
        (_, true) => Ok(param.value(&given::secret(flag, text, ui)?)),
        (_, false) => Ok(param.value(text)),
    }
}

fn id(param: &Param) -> String {
    format!("param.{}", param.name)
}

fn value_name(shape: &Shape) -> &'static str {
    match shape {
        Shape::Text => "TEXT",
        Shape::Integer => "INTEGER",
        Shape::Number => "NUMBER",
        Shape::Boolean => "BOOLEAN",
        Shape::OneOf(_) => "VALUE",
        Shape::Many(scalar) => value_name(scalar),
        Shape::Json(_) => "JSON",
    }
}

/// The description, and in brackets what is allowed; never a value of a secret.
fn help(param: &Param) -> String {
    let mut help = param.description.clone();
    let mut note = |note: &str| {
        help.push_str(if help.is_empty() { "[" } else { " [" });
        help.push_str(note);
        help.push(']');
    };
    if param.need == Need::Required {
        note("required");
    }
    param.rules.iter().for_each(|rule| note(rule));
    match &param.need {
        Need::Default(default) if !param.secret => note(&format!("default: {}", plain(default))),
        _ => {}
    }
    if matches!(param.shape, Shape::Many(_)) {
        note("once for each item");
    }
    if param.secret {
        note("secret: give @FILE, - or env:NAME");
    }
    help
}
