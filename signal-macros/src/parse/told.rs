//! The keys of one signal, each held against its grammar.

use enact_grammar::attribute::odd_character;
use enact_grammar::attribute::{CORE, LONGEST_NAME, WOVEN, check_name, is_uri, is_uri_reference};
use enact_grammar::signal::{Name, mistakes};
use enact_macro_support::Diag;
use enact_macro_support::keys::{self, Key, bare};
use syn::{Expr, ExprLit, ExprUnary, Lit, LitStr, UnOp};

use crate::model::{Extension, Keys, Value};

pub(super) fn read(told: &mut Keys, key: &Key, diag: &mut Diag) {
    match key.name.to_string().as_str() {
        "type" => {
            told.typed = Some(key.clone());
            told.ty = text(key, diag, "type = \"order.created\"");
            told.ty.take_if(|text| is_malformed(text, Name::Type, diag));
        }
        "source" => {
            told.source = text(key, diag, "source = \"/orders\"");
            hold(told.source.as_ref(), diag, is_uri_reference, |text| {
                format!("{text:?} is no URI-reference: write one such as \"/orders\"")
            });
        }
        "dataschema" => {
            let example = "dataschema = \"https://example.com/order.created.json\"";
            told.dataschema = text(key, diag, example);
            hold(told.dataschema.as_ref(), diag, is_uri, |text| {
                format!("{text:?} is no URI with a scheme: write `{example}`")
            });
        }
        "version" => told.version = version(key, diag),
        "extensions" => told.extensions = extensions(key, diag),
        _ if matches!(key.value, keys::Value::Broken) => {}
        _ => told.params.push(key.clone()),
    }
}

/// Notes each mistake in the name of a signal or in a pattern.
pub(crate) fn is_malformed(text: &LitStr, name: Name, diag: &mut Diag) -> bool {
    let value = text.value();
    let before = diag.count();
    for mistake in mistakes(name, &value) {
        diag.note(text, mistake.explain(&value));
    }
    diag.count() > before
}

fn hold(
    text: Option<&LitStr>,
    diag: &mut Diag,
    fits: impl Fn(&str) -> bool,
    words: impl Fn(&str) -> String,
) {
    if let Some(text) = text
        && !fits(&text.value())
    {
        diag.note(text, words(&text.value()));
    }
}

fn text(key: &Key, diag: &mut Diag, example: &str) -> Option<LitStr> {
    let expr = key.expr(diag, example)?;
    match bare(expr) {
        Expr::Lit(ExprLit {
            lit: Lit::Str(text),
            ..
        }) => Some(text.clone()),
        _ => {
            diag.note(expr, format!("write text in quotes: `{example}`"));
            None
        }
    }
}

fn version(key: &Key, diag: &mut Diag) -> Option<u32> {
    let expr = key.expr(diag, "version = 1")?;
    let number = match bare(expr) {
        Expr::Lit(ExprLit {
            lit: Lit::Int(int), ..
        }) => int.base10_parse().ok(),
        _ => None,
    };
    if number.is_none() {
        diag.note(expr, "a version counts up from 0: write `version = 1`");
    }
    number
}

const EXAMPLE: &str = "extensions(region = \"eu\", level = 3, live = true)";

fn extensions(key: &Key, diag: &mut Diag) -> Vec<Extension> {
    let list = match &key.value {
        keys::Value::List(list) => list,
        keys::Value::Broken => return Vec::new(),
        keys::Value::Flag | keys::Value::Is(_) => {
            diag.note(
                key,
                format!("`extensions` needs names and values: write `{EXAMPLE}`"),
            );
            return Vec::new();
        }
    };
    let mut extensions = Vec::new();
    for key in keys::of_names(list.clone(), diag) {
        named(&key, diag);
        let value = value(&key, diag);
        extensions.push(Extension { name: key, value });
    }
    extensions
}

fn named(key: &Key, diag: &mut Diag) {
    let name = key.name.to_string();
    if let Err(fault) = check_name(&name) {
        let instead = if CORE.contains(&name.as_str()) {
            "take another name, or set it on the draft"
        } else {
            "write lower-case letters and digits"
        };
        diag.note(
            &key.name,
            format!("`{name}` is no name for an extension: {fault}; {instead}"),
        );
    } else if WOVEN.contains(&name.as_str()) {
        diag.note(
            &key.name,
            format!(
                "`{name}` says what one signal belongs to, so not all of a type have it: set it on \
                 the draft, with `caused_by`, `correlation` or `trace`"
            ),
        );
    } else if name.len() > LONGEST_NAME {
        diag.note(
            &key.name,
            format!(
                "`{name}` is {} long, and {LONGEST_NAME} is what every protocol carries: take a \
                 shorter name",
                name.len()
            ),
        );
    }
}

fn value(key: &Key, diag: &mut Diag) -> Value {
    let example = format!("{} = \"eu\"", key.name);
    let Some(expr) = key.expr(diag, &example) else {
        return Value::Broken;
    };
    let fault = match literal(bare(expr)) {
        Some(Value::String(text)) => match odd_character(&text) {
            Some(odd) => format!("no attribute may hold the character {odd:?}: leave it out"),
            None => return Value::String(text),
        },
        Some(value) => return value,
        None => "write text, a whole number of 32 bits, `true` or `false` here".to_owned(),
    };
    diag.note(expr, fault);
    Value::Broken
}

fn literal(expr: &Expr) -> Option<Value> {
    match expr {
        Expr::Lit(ExprLit { lit, .. }) => match lit {
            Lit::Bool(value) => Some(Value::Boolean(value.value)),
            Lit::Int(value) => value.base10_parse().ok().map(Value::Integer),
            Lit::Str(text) => Some(Value::String(text.value())),
            _ => None,
        },
        Expr::Unary(ExprUnary {
            op: UnOp::Neg(_),
            expr,
            ..
        }) => match bare(expr) {
            Expr::Lit(ExprLit {
                lit: Lit::Int(int), ..
            }) => format!("-{}", int.base10_digits())
                .parse()
                .ok()
                .map(Value::Integer),
            _ => None,
        },
        _ => None,
    }
}

impl Keys {
    /// Takes what it does not say from the enum around it.
    pub(super) fn inherit(&mut self, around: &Self) {
        self.source = self.source.take().or_else(|| around.source.clone());
        self.version = self.version.or(around.version);
        let mut extensions: Vec<Extension> = Vec::new();
        for other in &around.extensions {
            if !self
                .extensions
                .iter()
                .any(|own| own.name.name == other.name.name)
            {
                extensions.push(Extension {
                    name: other.name.clone(),
                    value: other.value.clone(),
                });
            }
        }
        self.extensions.extend(extensions);
        // What stands for a variant has no constructor anyway, and no name that a check could say.
        for other in around.params.iter().filter(|key| key.is("open")) {
            if !self.params.iter().any(|own| own.is("open")) {
                self.params.push(other.clone());
            }
        }
    }
}
