//! From tokens to the model, noting every mistake on the way.
//!
//! After a slip reading goes on behind the next `;` at the same depth, so that one slip is one
//! error and the mistakes behind it are found as well. What a workflow is written in, where
//! `[x]` may be left out, `{x}` may stand any number of times, words in quotes stand for
//! themselves, and names in capitals are Rust's own:
//!
//! ```text
//! workflow  = { ATTRIBUTE } ["#[workflow(" keys ")]"] VISIBILITY IDENT
//!             "{" { { ATTRIBUTE } IDENT ":" TYPE "," } "}" ["->" TYPE] block
//! keys      = "version = 1", "name = …", "title = …", "category = …", "tags(…)",
//!             "deadline = …", "saga", "on_cancel = undo" or "on_cancel = leave",
//!             "undo_retry(…)", "crate = …", between commas
//!
//! block     = "{" { statement } [EXPR] "}"        the expression is the answer
//! statement = step | branch | parallel | fan_out | repeat
//!           | let | sleep | wait | emit | stop
//!
//! step      = ["pivot"] "step" [IDENT "="] call ["with" policy { "," policy }] ";"
//! call      = PATH ["{" { IDENT [":" EXPR] "," } [".." EXPR] "}"]
//!           | PATH "::" IDENT "(" { EXPR "," } ")"
//! policy    = "timeout(" TIME ")" | "retry(times = 3, backoff = " TIME "..=" TIME ")"
//!
//! branch    = "branch" [IDENT "="] (match | if) [";"]
//! match     = "match" EXPR "{" { PATTERN ["if" EXPR] "=>" (block | EXPR) [","] } "}"
//! if        = "if" EXPR block ["else" (if | block)]
//!
//! parallel  = "parallel" modes "{" { arm } "}" [";"]
//! modes     = ["collect"] ["spawn"]               in any order
//! arm       = step | branch | [IDENT "="] block [";"]
//! fan_out   = "parallel" modes [IDENT "="]
//!             "for" PATTERN "in" EXPR "," "max" "=" NUMBER block [";"]
//! repeat    = "repeat" [IDENT "="] "max" NUMBER block "until" EXPR ";"
//!
//! let       = "let" PATTERN [":" TYPE] "=" EXPR ";"
//! sleep     = "sleep" (TIME | EXPR) ";"
//! wait      = "wait" [IDENT "="] PATH ["where" condition { "," condition }] ";"
//! condition = IDENT "==" EXPR | "timeout" TIME
//! emit      = "emit" call ["with" "subject(" EXPR ")"] ";"
//! stop      = "stop" [EXPR] ";"
//! ```
//!
//! The first word of a statement is a keyword only there, and only where what follows can't
//! follow a name in an expression: `step.id` and `stop - 1` at the end of a block are answers.

mod block;
mod branch;
mod call;
mod keys;
mod keyword;
mod parallel;
mod small;
mod step;

#[cfg(test)]
mod tests;

use enact_macro_support::{Diag, docs};
use proc_macro2::{Span, TokenStream, TokenTree};
use syn::parse::{ParseStream, Parser};
use syn::{Attribute, Token, Type, Visibility, parse_quote_spanned};

use self::block::braced;
use crate::model::{Block, Param, Workflow};

/// Reads a workflow; nothing, where not even its head can be read.
pub(crate) fn workflow(tokens: TokenStream, diag: &mut Diag) -> Option<Workflow> {
    let mut found = None;
    let reader = |input: ParseStream<'_>| {
        let read = read(input, diag);
        found = diag.keep(read);
        drain(input);
        Ok(())
    };
    let left = reader.parse2(tokens);
    // After another mistake, tokens are left over because it was skipped.
    if diag.is_clean() {
        diag.keep(left);
    }
    found
}

fn read(input: ParseStream<'_>, diag: &mut Diag) -> syn::Result<Workflow> {
    let attrs = input.call(Attribute::parse_outer)?;
    let vis: Visibility = input.parse()?;
    let ident: syn::Ident = input.parse().map_err(|_| {
        input.error("write a workflow here: `/// What it does.` and `Name { … } -> Answer { … }`")
    })?;
    let generic = generics(input, diag)?;
    if !input.peek(syn::token::Brace) {
        return Err(input.error(format!(
            "write the params of `{ident}` in braces, `{{ order: Order }}`, or `{{}}` where \
             there are none"
        )));
    }
    let (mut params, _) = braced(input, |content| Ok(params(content, diag)))?;
    let nothing: Type = parse_quote_spanned! { ident.span()=> () };
    let mut output = match input.parse::<Option<Token![->]>>()? {
        Some(_) => input.parse()?,
        None => nothing.clone(),
    };
    if generic {
        // These may name what has been noted.
        (params, output) = (Vec::new(), nothing);
    }
    let body = body(input, &ident, diag);
    Ok(Workflow {
        description: docs::description(&attrs),
        keys: keys::read(&attrs, diag),
        attrs: attrs
            .into_iter()
            .filter(|attr| !attr.path().is_ident("workflow"))
            .collect(),
        vis,
        ident,
        params,
        output,
        body,
    })
}

/// Notes generics, which a workflow has none of, and reads past them; gives whether there are any.
fn generics(input: ParseStream<'_>, diag: &mut Diag) -> syn::Result<bool> {
    let generics: syn::Generics = input.parse()?;
    if !generics.params.is_empty() {
        diag.note(
            &generics,
            "a workflow can't be generic, since the registry knows it by one name: write one \
             type here, or a workflow for each",
        );
    }
    Ok(!generics.params.is_empty())
}

fn params(input: ParseStream<'_>, diag: &mut Diag) -> Vec<Param> {
    let mut params = Vec::new();
    while !input.is_empty() {
        match param(input) {
            Ok(param) => params.push(param),
            Err(error) => {
                diag.add(error);
                while !input.is_empty() && !input.peek(Token![,]) {
                    drop(input.parse::<TokenTree>());
                }
            }
        }
        if !input.is_empty() && input.parse::<Token![,]>().is_err() {
            diag.add(input.error("write a comma between params"));
        }
    }
    params
}

fn param(input: ParseStream<'_>) -> syn::Result<Param> {
    let attrs = input.call(Attribute::parse_outer)?;
    let ident: syn::Ident = input
        .parse()
        .map_err(|_| input.error("write a param here: `/// What it is.` and `name: Type`"))?;
    if !input.peek(Token![:]) {
        return Err(syn::Error::new_spanned(
            &ident,
            format!("`{ident}` needs a type: write `{ident}: Type`"),
        ));
    }
    input.parse::<Token![:]>()?;
    Ok(Param {
        described: docs::description(&attrs).is_some(),
        attrs,
        ident,
        ty: input.parse()?,
    })
}

/// The body, and nothing behind it; an empty one, where there is none.
fn body(input: ParseStream<'_>, ident: &syn::Ident, diag: &mut Diag) -> Block {
    let read = if input.peek(syn::token::Brace) {
        block::block(input, diag)
    } else {
        Err(input.error(format!(
            "write what `{ident}` does in braces: `{{ step name = Action {{ … }}; … }}`"
        )))
    };
    if read.is_ok() && !input.is_empty() {
        diag.add(input.error("a workflow ends with its body: write one `workflow!` for each"));
    }
    diag.keep(read).unwrap_or_else(|| Block {
        statements: Vec::new(),
        answer: None,
        end: Span::call_site(),
    })
}

fn drain(input: ParseStream<'_>) {
    while input.parse::<TokenTree>().is_ok() {}
}
