//! Reading `#[name(key, key = value, key(…))]` so that one slip gives one error.

use proc_macro2::{TokenStream, TokenTree};
use quote::ToTokens;
use syn::ext::IdentExt as _;
use syn::parse::{ParseStream, Parser};
use syn::punctuated::Punctuated;
use syn::{Attribute, Expr, Ident, Token};

use crate::Diag;
use crate::nearest::suggestion;

/// One key of an attribute list.
#[derive(Clone)]
#[expect(missing_debug_implementations, reason = "syn's syntax prints only with its extra traits")]
pub struct Key {
    /// Its name, with the user's span.
    pub name: Ident,
    /// What follows the name.
    pub value: Value,
}

/// What follows a key's name.
#[derive(Clone)]
#[expect(missing_debug_implementations, reason = "syn's syntax prints only with its extra traits")]
pub enum Value {
    /// Nothing: `key`.
    Flag,
    /// `key = expression`.
    Is(Expr),
    /// `key(…)`.
    List(TokenStream),
}

impl Key {
    /// Whether the key has that name.
    pub fn is(&self, name: &str) -> bool {
        self.name == name
    }

    /// The expression after `=`; a note of what to write, where there is none.
    pub fn expr(&self, diag: &mut Diag, example: &str) -> Option<&Expr> {
        match &self.value {
            Value::Is(expr) => Some(expr),
            Value::Flag | Value::List(_) => {
                diag.note(&self.name, format!("`{}` needs a value: write `{example}`", self.name));
                None
            }
        }
    }

    /// Notes that the key takes no value, where it has one.
    pub fn flag(&self, diag: &mut Diag) {
        if !matches!(self.value, Value::Flag) {
            diag.note(self, format!("`{}` takes no value: write `{}` alone", self.name, self.name));
        }
    }

    /// The items between the parentheses, each of the syntax `T`.
    pub fn list<T: syn::parse::Parse>(&self, diag: &mut Diag, example: &str) -> Vec<T> {
        let Value::List(tokens) = &self.value else {
            diag.note(&self.name, format!("`{}` needs a list: write `{example}`", self.name));
            return Vec::new();
        };
        let parsed = Punctuated::<T, Token![,]>::parse_terminated.parse2(tokens.clone());
        diag.keep(parsed).map(|items| items.into_iter().collect()).unwrap_or_default()
    }
}

impl ToTokens for Key {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        self.name.to_tokens(tokens);
        match &self.value {
            Value::Flag => {}
            Value::Is(expr) => expr.to_tokens(tokens),
            Value::List(list) => list.to_tokens(tokens),
        }
    }
}

/// The keys of every attribute of that name, unknown and repeated ones noted and left out.
pub fn of_attributes(attrs: &[Attribute], name: &str, known: &[&str], diag: &mut Diag) -> Vec<Key> {
    let mut keys = Vec::new();
    for attr in attrs.iter().filter(|attr| attr.path().is_ident(name)) {
        match &attr.meta {
            syn::Meta::List(list) => keys.extend(read(list.tokens.clone(), diag)),
            _ => diag.note(attr, format!("write `#[{name}(…)]`")),
        }
    }
    known_once(keys, known, diag)
}

/// The keys of a nested list such as `retry(…)`.
pub fn of_list(tokens: TokenStream, known: &[&str], diag: &mut Diag) -> Vec<Key> {
    let keys = read(tokens, diag);
    known_once(keys, known, diag)
}

/// The keys of another macro's attribute: whatever can't be read is that macro's to refuse.
pub fn foreign(attrs: &[Attribute], name: &str) -> Vec<Key> {
    let mut quiet = Diag::new();
    let lists = attrs.iter().filter(|attr| attr.path().is_ident(name));
    let keys = lists
        .filter_map(|attr| attr.meta.require_list().ok())
        .flat_map(|list| read(list.tokens.clone(), &mut quiet))
        .collect();
    drop(quiet.into_tokens());
    keys
}

fn known_once(keys: Vec<Key>, known: &[&str], diag: &mut Diag) -> Vec<Key> {
    let mut kept: Vec<Key> = Vec::new();
    for key in keys {
        let name = key.name.unraw().to_string();
        if !known.contains(&name.as_str()) {
            let help = suggestion(&name, known);
            diag.note(&key.name, format!("there is no key `{name}` here; {help}"));
        } else if kept.iter().any(|other| other.name == key.name) {
            diag.note(&key.name, format!("`{name}` is given twice; take one out"));
        } else {
            kept.push(key);
        }
    }
    kept
}

/// Reads each part between commas by itself, so that a slip in one leaves the others.
fn read(tokens: TokenStream, diag: &mut Diag) -> Vec<Key> {
    let parts = split(tokens);
    parts.into_iter().filter_map(|part| diag.keep(one.parse2(part))).collect()
}

fn split(tokens: TokenStream) -> Vec<TokenStream> {
    let mut parts = vec![TokenStream::new()];
    for token in tokens {
        match (&token, parts.last_mut()) {
            (TokenTree::Punct(punct), _) if punct.as_char() == ',' => parts.push(TokenStream::new()),
            (_, Some(part)) => part.extend([token]),
            (_, None) => {}
        }
    }
    parts.retain(|part| !part.is_empty());
    parts
}

fn one(input: ParseStream<'_>) -> syn::Result<Key> {
    let name: Ident = Ident::parse_any(input)?;
    if input.is_empty() {
        return Ok(Key { name, value: Value::Flag });
    }
    if input.peek(Token![=]) {
        input.parse::<Token![=]>()?;
        if input.is_empty() {
            return Err(syn::Error::new_spanned(&name, format!("`{name} =` needs a value")));
        }
        return Ok(Key { value: Value::Is(input.parse()?), name });
    }
    let list;
    syn::parenthesized!(list in input);
    let value = Value::List(list.parse()?);
    if !input.is_empty() {
        return Err(input.error("a comma is missing here"));
    }
    Ok(Key { name, value })
}
