//! Steps, and signals that are sent.

use enact_macro_support::Diag;
use enact_macro_support::duration::duration;
use enact_macro_support::retry::retry;
use syn::parse::ParseStream;
use syn::{Expr, Ident, Token};

use super::block::semicolon;
use super::call::{call, single, with};
use super::keyword::{take, word};
use crate::model::{Emit, Step, With};

/// `pivot step name = Action { … } with …;`
pub(super) fn step(input: ParseStream<'_>, diag: &mut Diag) -> syn::Result<Step> {
    let pivot = word(input, "pivot").then(|| take(input)).transpose()?;
    if !word(input, "step") {
        return Err(input.error("`pivot` marks a step: write `pivot step name = Action { … };`"));
    }
    let keyword = take(input)?;
    let name = name(input)?;
    let (action, given) = call("an action", input, diag)?;
    let with = policies(input, diag)?;
    semicolon(input, "the step", diag)?;
    Ok(Step {
        keyword,
        pivot,
        name,
        action,
        given,
        with,
        node: 0,
    })
}

/// `name =`, where there is one.
pub(super) fn name(input: ParseStream<'_>) -> syn::Result<Option<Ident>> {
    if input.peek(Token![_]) && input.peek2(Token![=]) {
        return Err(input.error("leave out `_ =`: what nobody reads needs no name"));
    }
    if let Some(name) = unbound(input) {
        return Err(syn::Error::new_spanned(
            &name,
            format!("write `=` behind the name: `{name} = …`"),
        ));
    }
    if !input.peek(Ident) || !input.peek2(Token![=]) {
        return Ok(None);
    }
    let name = input.parse()?;
    input.parse::<Token![=]>()?;
    Ok(Some(name))
}

/// A name in front of a type or a choice, with no `=` between them.
fn unbound(input: ParseStream<'_>) -> Option<Ident> {
    let ahead = input.fork();
    let name = ahead.parse::<Ident>().ok()?;
    let choice = ahead.peek(Token![if]) || ahead.peek(Token![match]);
    let typed = |ident: Ident| ident.to_string().starts_with(char::is_uppercase);
    (choice || ahead.parse().is_ok_and(typed)).then_some(name)
}

fn policies(input: ParseStream<'_>, diag: &mut Diag) -> syn::Result<With> {
    let mut policies = With::default();
    for key in with(&["timeout", "retry"], input, diag)? {
        if key.is("timeout") {
            let time = single::<Expr>(&key, diag, "timeout(\"10s\")");
            let time = time.and_then(|time| diag.keep(duration(&time)));
            policies.timeout = time.map(|time| (time, key));
        } else {
            policies.retry = retry(&key, diag).map(|retry| (retry, key));
        }
    }
    Ok(policies)
}

/// `emit Signal { … } with subject(value);`
pub(super) fn emit(input: ParseStream<'_>, diag: &mut Diag) -> syn::Result<Emit> {
    let keyword = take(input)?;
    if let Some(name) = name(input)? {
        return Err(syn::Error::new_spanned(
            &name,
            format!("nothing comes of an `emit`: leave out `{name} =`"),
        ));
    }
    let (signal, given) = call("a signal", input, diag)?;
    let keys = with(&["subject"], input, diag)?;
    let subject = keys
        .iter()
        .find_map(|key| single(key, diag, "subject(order.id)"));
    semicolon(input, "the signal", diag)?;
    Ok(Emit {
        keyword,
        signal,
        given,
        subject,
        node: 0,
    })
}
