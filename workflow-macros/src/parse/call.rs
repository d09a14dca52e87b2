//! What a step runs or an `emit` sends, and what it is given: `Action { field: value }`.

use enact_macro_support::Diag;
use enact_macro_support::keys::{self, Key};
use enact_macro_support::nearest::nearest;
use proc_macro2::{TokenStream, TokenTree};
use quote::ToTokens as _;
use syn::ext::IdentExt as _;
use syn::parse::{Parse, ParseStream};
use syn::{Expr, Ident, Path, Token, Type, TypePath};

use super::keyword::{keyword, take, word};
use crate::model::{Field, Given};

/// `Path`, `Path { fields… }` or `Path::constructor(values…)`.
pub(super) fn call(
    what: &str,
    input: ParseStream<'_>,
    diag: &mut Diag,
) -> syn::Result<(Type, Given)> {
    let path = path(what, input)?;
    if input.peek(syn::token::Brace) {
        let content;
        syn::braced!(content in input);
        let (fields, base) = fields(&content, diag)?;
        return Ok((ty(path), Given::Fields(fields, base)));
    }
    if input.peek(syn::token::Paren) {
        return constructed(path, input);
    }
    Ok((ty(path), Given::Unit))
}

/// The path of a type.
pub(super) fn path(what: &str, input: ParseStream<'_>) -> syn::Result<Path> {
    if !input.peek(Token![::]) && input.cursor().ident().is_none() {
        return Err(input.error(format!("write {what} here by its type: `Name`")));
    }
    input.parse()
}

fn constructed(mut path: Path, input: ParseStream<'_>) -> syn::Result<(Type, Given)> {
    let content;
    syn::parenthesized!(content in input);
    let values = content.parse_terminated(Expr::parse, Token![,])?;
    let Some(name) = path.segments.pop() else {
        return Err(input.error("write a constructor here: `Name::new(…)`"));
    };
    if path.segments.is_empty() || !name.arguments.is_empty() {
        return Err(syn::Error::new_spanned(
            &name,
            format!(
                "`{}(…)` names no type: write `Name {{ field: value }}`, or a constructor such as \
                 `Name::new(…)`",
                name.ident
            ),
        ));
    }
    path.segments.pop_punct();
    Ok((
        ty(path),
        Given::Call(name.ident, values.into_iter().collect()),
    ))
}

fn ty(path: Path) -> Type {
    Type::Path(TypePath {
        attrs: Vec::new(),
        qself: None,
        path,
    })
}

fn fields(input: ParseStream<'_>, diag: &mut Diag) -> syn::Result<(Vec<Field>, Option<Expr>)> {
    let mut fields = Vec::new();
    while !input.is_empty() {
        if let Some(dots) = input.parse::<Option<Token![..]>>()? {
            if input.is_empty() {
                return Err(syn::Error::new_spanned(
                    dots,
                    "write behind `..` where the other fields come from",
                ));
            }
            let base = input.parse()?;
            input.parse::<Option<Token![,]>>()?;
            if !input.is_empty() {
                return Err(input.error("`..` stands last: write the fields before it"));
            }
            return Ok((fields, Some(base)));
        }
        match field(input) {
            Ok(field) => fields.push(field),
            Err(error) => {
                diag.add(error);
                comma(input);
            }
        }
        if !input.is_empty() && input.parse::<Token![,]>().is_err() {
            diag.add(input.error("write a comma between fields"));
            comma(input);
            input.parse::<Option<Token![,]>>()?;
        }
    }
    Ok((fields, None))
}

fn field(input: ParseStream<'_>) -> syn::Result<Field> {
    let member: Ident = input
        .parse()
        .map_err(|_| input.error("write a field here: `name: value`, or `name` alone"))?;
    if input.peek(Token![=]) {
        return Err(input.error(format!("write `:` between the two: `{member}: value`")));
    }
    let value = if input.parse::<Option<Token![:]>>()?.is_some() {
        input.parse()?
    } else {
        // Short for `member: member`.
        syn::parse2(member.to_token_stream())?
    };
    Ok(Field { member, value })
}

/// Goes on before the next comma.
fn comma(input: ParseStream<'_>) {
    while !input.is_empty() && !input.peek(Token![,]) {
        if input.parse::<TokenTree>().is_err() {
            return;
        }
    }
}

/// Whether a slip of `with` stands here.
fn meant(input: ParseStream<'_>) -> bool {
    let word = input.cursor().ident().map(|(ident, _)| ident.to_string());
    keyword(input).is_none() && word.is_some_and(|word| nearest(&word, ["with"]).is_some())
}

/// `with key(…), key(…)`; nothing, where there is no `with`.
pub(super) fn with(
    known: &[&str],
    input: ParseStream<'_>,
    diag: &mut Diag,
) -> syn::Result<Vec<Key>> {
    let with = word(input, "with");
    if !with && !meant(input) {
        return Ok(Vec::new());
    }
    let word = take(input)?;
    if !with {
        diag.note(
            &word,
            format!("there is no `{word}` here; did you mean `with`?"),
        );
    }
    let mut tokens = TokenStream::new();
    loop {
        if input.cursor().ident().is_none() {
            break;
        }
        tokens.extend(Ident::parse_any(input)?.into_token_stream());
        while !input.is_empty() && !input.peek(Token![,]) && !input.peek(Token![;]) {
            let listed = input.peek(syn::token::Paren);
            tokens.extend(input.parse::<TokenTree>()?.into_token_stream());
            if listed {
                break;
            }
        }
        if !input.peek(Token![,]) {
            break;
        }
        tokens.extend(input.parse::<Token![,]>()?.into_token_stream());
    }
    if tokens.is_empty() {
        return Err(syn::Error::new_spanned(
            &word,
            format!(
                "`with` needs something behind it: {}(…)",
                known.join("(…), ")
            ),
        ));
    }
    Ok(keys::of_list(tokens, known, diag))
}

/// The one value of `key(value)`.
pub(super) fn single<T: Parse>(key: &Key, diag: &mut Diag, example: &str) -> Option<T> {
    let mut values = key.list(diag, example);
    if values.len() > 1 {
        diag.note(
            key,
            format!("`{}` takes one value: write `{example}`", key.name),
        );
        return None;
    }
    values.pop()
}
