//! Branches: `match` and `if` whose arms hold statements.

use enact_macro_support::Diag;
use enact_macro_support::keys::bare;
use proc_macro2::TokenTree;
use syn::parse::ParseStream;
use syn::spanned::Spanned as _;
use syn::{Expr, Pat, Token};

use super::block::{block, braced};
use super::keyword::{keyword, take};
use super::step::name;
use crate::model::{Arm, Block, Branch, Choice};

/// `branch name = match value { … };` or `branch name = if condition { … } else { … };`
pub(super) fn branch(input: ParseStream<'_>, diag: &mut Diag) -> syn::Result<Branch> {
    let keyword = take(input)?;
    let name = name(input)?;
    let choice = choice(input, diag)?;
    input.parse::<Option<Token![;]>>()?;
    Ok(Branch {
        keyword,
        name,
        choice,
        node: 0,
    })
}

/// What stands behind the keyword and the name.
pub(super) fn choice(input: ParseStream<'_>, diag: &mut Diag) -> syn::Result<Choice> {
    if input.peek(Token![match]) {
        matching(input, diag)
    } else if input.peek(Token![if]) {
        choosing(input, diag)
    } else {
        Err(input.error(
            "write `branch name = match value { … };` or `branch name = if condition { … } \
             else { … };`, both also without `name =`",
        ))
    }
}

fn choosing(input: ParseStream<'_>, diag: &mut Diag) -> syn::Result<Choice> {
    let mut conditions = Vec::new();
    let otherwise = loop {
        let token = input.parse()?;
        let condition = Expr::parse_without_eager_brace(input)?;
        conditions.push((token, condition, block(input, diag)?));
        if input.parse::<Option<Token![else]>>()?.is_none() {
            break None;
        }
        if !input.peek(Token![if]) {
            break Some(block(input, diag)?);
        }
    };
    Ok(Choice::If {
        conditions,
        otherwise,
    })
}

fn matching(input: ParseStream<'_>, diag: &mut Diag) -> syn::Result<Choice> {
    let token = input.parse()?;
    let value = Expr::parse_without_eager_brace(input)?;
    let (arms, _) = braced(input, |content| Ok(arms(content, diag)))?;
    Ok(Choice::Match { token, value, arms })
}

fn arms(input: ParseStream<'_>, diag: &mut Diag) -> Vec<Arm> {
    let mut arms = Vec::new();
    while !input.is_empty() {
        match arm(input, diag) {
            Ok(arm) => arms.push(arm),
            Err(error) => {
                diag.add(error);
                skip(input);
            }
        }
    }
    arms
}

fn arm(input: ParseStream<'_>, diag: &mut Diag) -> syn::Result<Arm> {
    let pattern = Pat::parse_multi_with_leading_vert(input)?;
    let guard = match input.parse::<Option<Token![if]>>()? {
        Some(_) => Some(input.parse()?),
        None => None,
    };
    input.parse::<Token![=>]>()?;
    let body = if input.peek(syn::token::Brace) {
        let body = block(input, diag)?;
        input.parse::<Option<Token![,]>>()?;
        body
    } else {
        value(input)?
    };
    Ok(Arm {
        pattern,
        guard,
        body,
    })
}

/// An arm that is only its answer.
fn value(input: ParseStream<'_>) -> syn::Result<Block> {
    if keyword(input).is_some() {
        return Err(input.error("put the statements of an arm in braces: `=> { step … }`"));
    }
    let expr = Expr::parse_with_earlier_boundary_rule(input)?;
    let blocky = matches!(
        bare(&expr),
        Expr::If(_) | Expr::Match(_) | Expr::Block(_) | Expr::Unsafe(_)
    );
    if input.parse::<Option<Token![,]>>()?.is_none() && !input.is_empty() && !blocky {
        return Err(input.error("write a comma between arms"));
    }
    Ok(Block {
        statements: Vec::new(),
        end: expr.span(),
        answer: Some(expr),
    })
}

/// Goes on behind the next comma, or behind the block of an arm.
fn skip(input: ParseStream<'_>) {
    let mut arrow = false;
    while !input.is_empty() {
        if input.peek(Token![=>]) {
            drop(input.parse::<Token![=>]>());
            arrow = true;
        }
        match input.parse::<TokenTree>() {
            Ok(TokenTree::Punct(mark)) if mark.as_char() == ',' => return,
            Ok(TokenTree::Group(group))
                if arrow && group.delimiter() == proc_macro2::Delimiter::Brace =>
            {
                drop(input.parse::<Option<Token![,]>>());
                return;
            }
            Ok(_) => {}
            Err(_) => return,
        }
    }
}
