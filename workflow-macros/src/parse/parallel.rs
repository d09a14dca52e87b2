//! Arms that run side by side, and one arm for each of many items.

use enact_macro_support::Diag;
use enact_macro_support::nearest::suggestion;
use syn::parse::ParseStream;
use syn::spanned::Spanned as _;
use syn::{Expr, Ident, Pat, Token};

use super::block::{block, braced, skip, statement};
use super::keyword::{keyword, take, word};
use super::small::count;
use super::step::name;
use crate::model::{FanOut, Modes, Parallel, ParallelArm, Statement};

const MODES: [&str; 2] = ["collect", "spawn"];
const MOST: u32 = 1024;

/// `parallel collect spawn { … }` or `parallel name = for item in items, max = 8 { … };`
pub(super) fn parallel(input: ParseStream<'_>, diag: &mut Diag) -> syn::Result<Statement> {
    let keyword = take(input)?;
    let modes = modes(input, diag)?;
    if input.peek(syn::token::Brace) {
        let (arms, _) = braced(input, |content| Ok(arms(content, diag)))?;
        input.parse::<Option<Token![;]>>()?;
        return Ok(Statement::Parallel(Parallel {
            keyword,
            modes,
            arms,
            node: 0,
        }));
    }
    let name = name(input)?;
    if let Some(name) = &name
        && input.peek(syn::token::Brace)
    {
        return Err(syn::Error::new_spanned(
            name,
            format!(
                "a parallel block has no name, its arms have: leave out `{name} =`, or write \
                 `{name} = {{ … }};` inside"
            ),
        ));
    }
    if !input.peek(Token![for]) {
        return Err(input.error(
            "write `parallel { … }` with arms, or `parallel name = for item in items, max = 8 \
             { … };`",
        ));
    }
    fan_out(keyword, modes, name, input, diag).map(Statement::FanOut)
}

fn modes(input: ParseStream<'_>, diag: &mut Diag) -> syn::Result<Modes> {
    let mut modes = Modes::default();
    while input.peek(Ident) && !input.peek2(Token![=]) {
        if !mode(input) {
            break;
        }
        let mode = take(input)?;
        let place = if mode == "collect" {
            &mut modes.collect
        } else if mode == "spawn" {
            &mut modes.spawn
        } else {
            let word = mode.to_string();
            let suggestion = suggestion(&word, &MODES);
            diag.note(&mode, format!("there is no mode `{word}`; {suggestion}"));
            continue;
        };
        if place.is_some() {
            diag.note(&mode, format!("`{mode}` is given twice; take one out"));
        }
        *place = Some(mode);
    }
    Ok(modes)
}

/// Whether a mode stands here, or a slip where one would stand.
fn mode(input: ParseStream<'_>) -> bool {
    let known = MODES.iter().any(|mode| word(input, mode));
    known || input.peek2(syn::token::Brace) || input.peek2(Token![for])
}

fn arms(input: ParseStream<'_>, diag: &mut Diag) -> Vec<ParallelArm> {
    let mut arms = Vec::new();
    while !input.is_empty() {
        match arm(input, diag) {
            Ok(arm) => arms.extend(arm),
            Err(error) => {
                diag.add(error);
                skip(input);
            }
        }
    }
    arms
}

fn arm(input: ParseStream<'_>, diag: &mut Diag) -> syn::Result<Option<ParallelArm>> {
    if input.parse::<Option<Token![;]>>()?.is_some() {
        return Ok(None);
    }
    if let Some(word) = keyword(input) {
        let at = input.span();
        let statement = statement(word, input, diag)?;
        if !matches!(statement, Statement::Step(_) | Statement::Branch(_)) {
            diag.add(syn::Error::new(
                at,
                format!("put braces around an arm that begins with `{word}`: `{{ {word} … }}`"),
            ));
        }
        return Ok(Some(ParallelArm::One(statement)));
    }
    let span = input.span();
    let name = name(input)?;
    if !input.peek(syn::token::Brace) {
        return Err(input.error(
            "an arm of `parallel` is a step, a branch or a block: write `step name = Action \
             { … };`, `branch …;` or `name = { … };`",
        ));
    }
    let body = block(input, diag)?;
    input.parse::<Option<Token![;]>>()?;
    Ok(Some(ParallelArm::Block { name, body, span }))
}

fn fan_out(
    keyword: Ident,
    modes: Modes,
    name: Option<Ident>,
    input: ParseStream<'_>,
    diag: &mut Diag,
) -> syn::Result<FanOut> {
    input.parse::<Token![for]>()?;
    let pattern = Pat::parse_multi_with_leading_vert(input)?;
    input.parse::<Token![in]>()?;
    let items = Expr::parse_without_eager_brace(input)?;
    let max = most(&items, input, diag)?;
    let body = block(input, diag)?;
    input.parse::<Option<Token![;]>>()?;
    Ok(FanOut {
        keyword,
        modes,
        name,
        pattern,
        items,
        max,
        body,
        node: 0,
    })
}

/// `, max = 8`
fn most(items: &Expr, input: ParseStream<'_>, diag: &mut Diag) -> syn::Result<u32> {
    let comma: Option<Token![,]> = input.parse()?;
    if !word(input, "max") {
        let span = comma.map_or_else(|| items.span(), |comma| comma.span());
        let what = "say how many run at once behind the items: `, max = 8`";
        if input.peek(syn::token::Brace) {
            diag.add(syn::Error::new(span, what));
            return Ok(1);
        }
        return Err(syn::Error::new(span, what));
    }
    take(input)?;
    input
        .parse::<Token![=]>()
        .map_err(|_| input.error("write `max = 8`"))?;
    count(input, MOST, "how many run at once", "max = 8", diag)
}
