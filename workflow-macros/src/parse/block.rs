//! Blocks: statements, the answer behind them, and how reading goes on after a slip.

use enact_macro_support::Diag;
use proc_macro2::{Delimiter, Span, TokenTree};
use syn::parse::ParseStream;
use syn::{Attribute, Expr, Token};

use super::keyword::{Slip, keyword, slip};
use super::{branch, parallel, small, step};
use crate::model::{Block, Statement};

/// Reads what stands between braces, and gives the closing one.
pub(super) fn braced<T>(
    input: ParseStream<'_>,
    read: impl FnOnce(ParseStream<'_>) -> syn::Result<T>,
) -> syn::Result<(T, Span)> {
    let content;
    let braces = syn::braced!(content in input);
    Ok((read(&content)?, braces.span.close()))
}

/// `{ statements… answer }`
pub(super) fn block(input: ParseStream<'_>, diag: &mut Diag) -> syn::Result<Block> {
    let ((statements, answer), end) = braced(input, |content| Ok(lines(content, diag)))?;
    Ok(Block {
        statements,
        answer,
        end,
    })
}

fn lines(input: ParseStream<'_>, diag: &mut Diag) -> (Vec<Statement>, Option<Expr>) {
    let (mut statements, mut last) = (Vec::new(), None);
    while !input.is_empty() {
        attributes(input, diag);
        if input.is_empty() {
            break;
        }
        let word = match (keyword(input), slip(input)) {
            (None, Some(slip)) => meant(slip, input, diag),
            (word, _) => Ok(word),
        };
        let read = match word {
            Ok(Some(word)) => statement(word, input, diag).map(|it| statements.push(it)),
            Ok(None) => answer(input, diag).map(|expr| last = expr),
            Err(skipped) => Err(skipped),
        };
        if let Err(error) = read {
            diag.add(error);
            skip(input);
        }
    }
    (statements, last)
}

/// Notes attributes, which a statement has none of, and reads past them.
fn attributes(input: ParseStream<'_>, diag: &mut Diag) {
    if let Ok([first, ..]) = input.call(Attribute::parse_outer).as_deref() {
        diag.note(
            first,
            "a statement has no attributes, and `/// …` is one: write `// …` for a comment",
        );
    }
}

/// Reads on as the keyword that was meant, so that what the statement makes has its name.
fn meant(slip: Slip, input: ParseStream<'_>, diag: &mut Diag) -> syn::Result<Option<&'static str>> {
    // These need no word but the first one, which is wrong.
    let Some(word) = slip.meant.filter(|word| *word != "pivot" && *word != "let") else {
        return Err(slip.error);
    };
    let ahead = input.fork();
    let mut quiet = Diag::new();
    let reads = statement(word, &ahead, &mut quiet).is_ok();
    drop(quiet.into_tokens());
    if !reads {
        return Err(slip.error);
    }
    diag.add(slip.error);
    Ok(Some(word))
}

/// Reads the statement of that keyword.
pub(super) fn statement(
    word: &str,
    input: ParseStream<'_>,
    diag: &mut Diag,
) -> syn::Result<Statement> {
    Ok(match word {
        "step" | "pivot" => Statement::Step(step::step(input, diag)?),
        "branch" => Statement::Branch(branch::branch(input, diag)?),
        "parallel" => parallel::parallel(input, diag)?,
        "repeat" => Statement::Repeat(small::repeat(input, diag)?),
        "sleep" => Statement::Sleep(small::sleep(input, diag)?),
        "wait" => Statement::Wait(small::wait(input, diag)?),
        "emit" => Statement::Emit(step::emit(input, diag)?),
        "stop" => Statement::Stop(small::stop(input, diag)?),
        "let" => Statement::Let(small::binding(input, diag)?),
        other => unreachable!("`{other}` is listed as a keyword and not read"),
    })
}

/// The expression at the end of a block.
fn answer(input: ParseStream<'_>, diag: &mut Diag) -> syn::Result<Option<Expr>> {
    if input.parse::<Option<Token![;]>>()?.is_some() {
        return Ok(None);
    }
    if let Some(advice) = advice(input) {
        return Err(input.error(advice));
    }
    if unmarked(input, diag)? {
        return Ok(None);
    }
    let expr: Expr = input.parse()?;
    if input.is_empty() {
        return Ok(Some(expr));
    }
    if input.parse::<Option<Token![;]>>()?.is_some() {
        diag.note(&expr, misplaced(&expr));
        return Ok(None);
    }
    Err(input.error(
        "only the last line of a block is an expression, its answer: write `let name = …;` \
         or a statement such as `step name = Action { … };`",
    ))
}

/// Notes a branch whose keyword is missing, and reads past it; gives whether there is one.
fn unmarked(input: ParseStream<'_>, diag: &mut Diag) -> syn::Result<bool> {
    let choice = input.peek(Token![if]) || input.peek(Token![match]);
    if !choice || input.fork().parse::<Expr>().is_ok() {
        return Ok(false);
    }
    let (span, ahead) = (input.span(), input.fork());
    let mut quiet = Diag::new();
    let read = branch::choice(&ahead, &mut quiet);
    drop(quiet.into_tokens());
    if read.is_err() {
        return Ok(false);
    }
    diag.add(syn::Error::new(
        span,
        "where arms hold steps, a choice is a statement: write `branch` in front of it",
    ));
    drop(branch::choice(input, diag)?);
    input.parse::<Option<Token![;]>>()?;
    Ok(true)
}

fn advice(input: ParseStream<'_>) -> Option<&'static str> {
    if input.peek(Token![for]) {
        return Some("write `parallel for item in items, max = 8 { … };` for a loop over items");
    }
    (input.peek(Token![while]) || input.peek(Token![loop]))
        .then_some("write `repeat max 10 { … } until done;` for a loop")
}

fn misplaced(expr: &Expr) -> &'static str {
    match expr {
        Expr::Return(_) => "a workflow answers early with `stop`: write `stop value;`",
        _ => {
            "an expression stands only at the end of a block, as its answer and without `;`: \
             write `let name = …;` to keep its value, or a step for what it does"
        }
    }
}

/// The `;` behind a statement; a note, where another statement follows without one.
pub(super) fn semicolon(input: ParseStream<'_>, what: &str, diag: &mut Diag) -> syn::Result<()> {
    if input.parse::<Option<Token![;]>>()?.is_some() {
        return Ok(());
    }
    let error = input.error(format!("write `;` behind {what}, before this"));
    if input.is_empty() || keyword(input).is_some() {
        diag.add(error);
        return Ok(());
    }
    Err(error)
}

/// Goes on behind the next `;`, or before the next statement after a block without one.
pub(super) fn skip(input: ParseStream<'_>) {
    let mut behind_block = false;
    while !input.is_empty() {
        if behind_block && keyword(input).is_some() {
            return;
        }
        match input.parse::<TokenTree>() {
            Ok(TokenTree::Punct(mark)) if mark.as_char() == ';' => return,
            Ok(TokenTree::Group(group)) => behind_block = group.delimiter() == Delimiter::Brace,
            Ok(_) => behind_block = false,
            Err(_) => return,
        }
    }
}
