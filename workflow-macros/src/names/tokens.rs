//! Free names among the bare tokens of a macro that is not given a list of expressions.

use proc_macro2::{Group, Ident, TokenStream, TokenTree};

use super::walk::Walk;

pub(super) fn replace(tokens: TokenStream, walk: &mut Walk<'_>) -> TokenStream {
    let trees: Vec<TokenTree> = tokens.into_iter().collect();
    let mut replaced = TokenStream::new();
    for (index, tree) in trees.iter().enumerate() {
        match tree {
            TokenTree::Group(group) => {
                let inner = replace(group.stream(), walk);
                let mut copy = Group::new(group.delimiter(), inner);
                copy.set_span(group.span());
                replaced.extend([TokenTree::Group(copy)]);
            }
            TokenTree::Ident(name) if reads(&trees, index, name) => match walk.instead(name) {
                Some(tokens) => replaced.extend(tokens),
                None => replaced.extend([tree.clone()]),
            },
            TokenTree::Literal(literal) => {
                if let Ok(text) = syn::parse2(TokenTree::from(literal.clone()).into()) {
                    walk.text(&text);
                }
                replaced.extend([tree.clone()]);
            }
            TokenTree::Ident(_) | TokenTree::Punct(_) => replaced.extend([tree.clone()]),
        }
    }
    replaced
}

/// Whether a name stands there as a value: no keyword, no field, no path, no macro, no label.
fn reads(trees: &[TokenTree], index: usize, name: &Ident) -> bool {
    let mark = |at: Option<usize>| match at.and_then(|at| trees.get(at)) {
        Some(TokenTree::Punct(mark)) => Some(mark.as_char()),
        _ => None,
    };
    let (before, after) = (mark(index.checked_sub(1)), mark(Some(index + 1)));
    let range = before == Some('.') && mark(index.checked_sub(2)) == Some('.');
    let field = before == Some('.') && !range;
    let labelled = after == Some(':') || after == Some('!') && mark(Some(index + 2)) != Some('=');
    let argument = after == Some('=')
        && !matches!(mark(Some(index + 2)), Some('=' | '>'))
        && matches!(before, None | Some(','));
    let keyword = name != "self" && syn::parse_str::<Ident>(&name.to_string()).is_err();
    !(field || before == Some(':') && path(trees, index) || labelled || argument || keyword)
}

/// Whether `::` stands before.
fn path(trees: &[TokenTree], index: usize) -> bool {
    let colons = trees[..index].iter().rev().take(2);
    colons
        .filter(|tree| matches!(tree, TokenTree::Punct(mark) if mark.as_char() == ':'))
        .count()
        == 2
}
