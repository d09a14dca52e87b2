//! The keys of `#[workflow(…)]`.

use std::time::Duration;

use enact_macro_support::Diag;
use enact_macro_support::duration::duration;
use enact_macro_support::keys::{self, Key, bare};
use enact_macro_support::nearest::suggestion;
use enact_macro_support::retry::retry;
use quote::ToTokens as _;
use syn::{Attribute, Expr, Lit, LitStr, parse_quote};

use crate::model::{Keys, OnCancel};

const KNOWN: [&str; 10] = [
    "version",
    "name",
    "title",
    "category",
    "tags",
    "deadline",
    "saga",
    "on_cancel",
    "undo_retry",
    "crate",
];

pub(super) fn read(attrs: &[Attribute], diag: &mut Diag) -> Keys {
    let mut keys = Keys {
        root: parse_quote! { ::enact },
        name: None,
        title: None,
        category: None,
        tags: Vec::new(),
        version: 1,
        deadline: None,
        saga: None,
        on_cancel: None,
        undo_retry: None,
    };
    for key in keys::of_attributes(attrs, "workflow", KNOWN.as_slice(), diag) {
        one(&mut keys, &key, diag);
    }
    keys
}

fn one(keys: &mut Keys, key: &Key, diag: &mut Diag) {
    match key.name.to_string().as_str() {
        "version" => keys.version = version(key, diag).unwrap_or(1),
        "name" => {
            let name = text(key, diag, "name = \"fulfil_order\"");
            keys.name = name.map(|name| (name.value(), name.into_token_stream()));
        }
        "title" => {
            keys.title = text(key, diag, "title = \"Fulfil an order\"").map(|it| it.value());
        }
        "category" => keys.category = text(key, diag, "category = \"orders\"").map(|it| it.value()),
        "tags" => {
            let tags: Vec<LitStr> = key.list(diag, "tags(\"orders\", \"shop\")");
            keys.tags = tags.iter().map(LitStr::value).collect();
        }
        "deadline" => keys.deadline = time(key, diag).map(|time| (time, key.clone())),
        "saga" => {
            key.flag(diag);
            keys.saga = Some(key.clone());
        }
        "on_cancel" => keys.on_cancel = on_cancel(key, diag).map(|it| (it, key.clone())),
        "undo_retry" => keys.undo_retry = retry(key, diag).map(|it| (it, key.clone())),
        "crate" => root(keys, key, diag),
        other => unreachable!("`{other}` is listed as a key and not read"),
    }
}

fn version(key: &Key, diag: &mut Diag) -> Option<u32> {
    let expr = key.expr(diag, "version = 1")?;
    let number = match bare(expr) {
        Expr::Lit(syn::ExprLit {
            lit: Lit::Int(int), ..
        }) => int.base10_parse::<u32>().ok(),
        _ => None,
    };
    let number = number.filter(|number| *number > 0);
    if number.is_none() {
        diag.note(expr, "write a whole number from 1 up: `version = 1`");
    }
    number
}

fn text(key: &Key, diag: &mut Diag, example: &str) -> Option<LitStr> {
    let expr = key.expr(diag, example)?;
    match bare(expr) {
        Expr::Lit(syn::ExprLit {
            lit: Lit::Str(text),
            ..
        }) => Some(text.clone()),
        other => {
            diag.note(other, format!("write text in quotes: `{example}`"));
            None
        }
    }
}

fn time(key: &Key, diag: &mut Diag) -> Option<Duration> {
    let expr = key.expr(diag, "deadline = \"24h\"")?;
    diag.keep(duration(expr))
}

fn on_cancel(key: &Key, diag: &mut Diag) -> Option<OnCancel> {
    let expr = key.expr(diag, "on_cancel = undo")?;
    let word = match bare(expr) {
        Expr::Path(path) => path.path.get_ident().map(ToString::to_string),
        _ => None,
    };
    match word.as_deref() {
        Some("undo") => Some(OnCancel::Undo),
        Some("leave") => Some(OnCancel::Leave),
        Some(word) => {
            let suggestion = suggestion(word, &["undo", "leave"]);
            diag.note(expr, format!("a cancel does not `{word}`; {suggestion}"));
            None
        }
        None => {
            diag.note(expr, "write `on_cancel = undo` or `on_cancel = leave`");
            None
        }
    }
}

fn root(keys: &mut Keys, key: &Key, diag: &mut Diag) {
    let Some(expr) = key.expr(diag, "crate = ::my::enact") else {
        return;
    };
    match bare(expr) {
        Expr::Path(path) if path.qself.is_none() => keys.root = path.path.clone(),
        other => diag.note(other, "write a path here: `crate = ::my::enact`"),
    }
}
