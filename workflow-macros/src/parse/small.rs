//! Statements of one line, and `repeat`.

use enact_macro_support::Diag;
use enact_macro_support::duration::duration;
use syn::ext::IdentExt as _;
use syn::parse::ParseStream;
use syn::{BinOp, Expr, Ident, LitInt, Pat, Token, Type, TypePath};

use super::block::{block, semicolon};
use super::call::path;
use super::keyword::{take, word};
use super::step::name;
use crate::model::{Condition, Let, Repeat, Sleep, Stop, Time, Wait};

const MOST: u32 = 100_000;

/// A number from 1 to `most`; a note and 1, where it is another.
pub(super) fn count(
    input: ParseStream<'_>,
    most: u32,
    what: &str,
    example: &str,
    diag: &mut Diag,
) -> syn::Result<u32> {
    let wrong = format!("write {what}, 1 to {most}: `{example}`");
    let Ok(number) = input.parse::<LitInt>() else {
        return Err(input.error(wrong));
    };
    match number.base10_parse::<u32>() {
        Ok(count) if (1..=most).contains(&count) => Ok(count),
        Ok(_) | Err(_) => {
            diag.note(number, wrong);
            Ok(1)
        }
    }
}

/// `repeat name = max 10 { … } until condition;`
pub(super) fn repeat(input: ParseStream<'_>, diag: &mut Diag) -> syn::Result<Repeat> {
    const FORM: &str = "write `repeat max 10 { … } until done;`";
    let keyword = take(input)?;
    let named = !(word(input, "max") && input.peek2(Token![=]) && input.peek3(LitInt));
    let name = if named { name(input)? } else { None };
    if !word(input, "max") {
        return Err(input.error(format!("say how often at most: {FORM}")));
    }
    take(input)?;
    if let Some(equals) = input.parse::<Option<Token![=]>>()? {
        diag.note(equals, format!("leave out the `=`: {FORM}"));
    }
    let max = count(input, MOST, "how often at most", "max 10", diag)?;
    let body = block(input, diag)?;
    if !word(input, "until") {
        return Err(input.error(format!("say when it is done: {FORM}")));
    }
    take(input)?;
    let until = input.parse()?;
    semicolon(input, "the condition", diag)?;
    Ok(Repeat {
        keyword,
        name,
        max,
        body,
        until,
        node: 0,
    })
}

/// `let pattern: Type = value;`
pub(super) fn binding(input: ParseStream<'_>, diag: &mut Diag) -> syn::Result<Let> {
    let token = input.parse()?;
    let pattern = Pat::parse_single(input)?;
    let ty = match input.parse::<Option<Token![:]>>()? {
        Some(_) => Some(input.parse()?),
        None => None,
    };
    input
        .parse::<Token![=]>()
        .map_err(|_| input.error("a `let` of a workflow has a value: write `let name = …;`"))?;
    let value = input.parse()?;
    if input.peek(Token![else]) {
        return Err(input.error(
            "a `let` of a workflow has no `else`: write `branch name = if let … { … } else { … };`",
        ));
    }
    semicolon(input, "the value", diag)?;
    Ok(Let {
        token,
        pattern,
        ty,
        value,
    })
}

/// `sleep "1h";` or `sleep duration;`
pub(super) fn sleep(input: ParseStream<'_>, diag: &mut Diag) -> syn::Result<Sleep> {
    let keyword = take(input)?;
    let expr: Expr = input.parse()?;
    let time = if matches!(expr, Expr::Lit(_)) {
        let known = diag.keep(duration(&expr)).unwrap_or_default();
        Time::Known(known, expr)
    } else {
        Time::Computed(expr)
    };
    semicolon(input, "the time", diag)?;
    Ok(Sleep {
        keyword,
        time,
        node: 0,
    })
}

/// `wait name = Signal where field == value, timeout "24h";`
pub(super) fn wait(input: ParseStream<'_>, diag: &mut Diag) -> syn::Result<Wait> {
    let keyword = take(input)?;
    let name = name(input)?;
    let path = path("a signal", input)?;
    let mut wait = Wait {
        keyword,
        name,
        signal: Type::Path(TypePath {
            attrs: Vec::new(),
            qself: None,
            path,
        }),
        conditions: Vec::new(),
        timeout: None,
        node: 0,
    };
    if input.parse::<Option<Token![where]>>()?.is_some() {
        conditions(&mut wait, input, diag)?;
    } else if !input.peek(Token![;]) && !input.is_empty() {
        return Err(input.error(
            "write `;` or what is waited for: `where subject == order.id, timeout \"24h\"`",
        ));
    }
    semicolon(input, "what is waited for", diag)?;
    Ok(wait)
}

fn conditions(wait: &mut Wait, input: ParseStream<'_>, diag: &mut Diag) -> syn::Result<()> {
    loop {
        let field = Ident::parse_any(input).map_err(|_| {
            input.error("write a condition here: `field == value` or `timeout \"24h\"`")
        })?;
        if field == "timeout" && !input.peek(Token![==]) {
            let expr: Expr = input.parse()?;
            if wait.timeout.is_some() {
                diag.note(&field, "`timeout` is given twice; take one out");
            }
            let time = diag.keep(duration(&expr));
            wait.timeout = time
                .map(|time| (time, expr))
                .or_else(|| wait.timeout.take());
        } else {
            let condition = condition(field, input, diag)?;
            wait.conditions.push(condition);
        }
        if input.parse::<Option<Token![,]>>()?.is_none() || input.peek(Token![;]) {
            return Ok(());
        }
    }
}

fn condition(field: Ident, input: ParseStream<'_>, diag: &mut Diag) -> syn::Result<Condition> {
    input.parse::<Token![==]>().map_err(|_| {
        input.error(format!(
            "a signal is picked by what it equals: write `{field} == value`"
        ))
    })?;
    let value: Expr = input.parse()?;
    if let Expr::Binary(binary) = &value
        && let BinOp::And(and) = &binary.op
    {
        diag.note(and, "write a comma between conditions");
    }
    Ok(Condition { field, value })
}

/// `stop answer;`
pub(super) fn stop(input: ParseStream<'_>, diag: &mut Diag) -> syn::Result<Stop> {
    let keyword = take(input)?;
    let answer = if input.peek(Token![;]) || input.is_empty() {
        None
    } else {
        Some(input.parse()?)
    };
    semicolon(input, "`stop`", diag)?;
    Ok(Stop {
        keyword,
        answer,
        node: 0,
    })
}
