//! Reading `#[name(key, key = value, key(…))]` so that one slip gives one error.

use proc_macro2::{TokenStream, TokenTree};
use quote::ToTokens;
use syn::ext::IdentExt as _;
use syn::parse::{Parse, ParseStream, Parser};
use syn::punctuated::Punctuated;
use syn::{Attribute, Expr, Ident, Token};

use crate::Diag;
use crate::nearest::{nearest, suggestion};

/// One key of an attribute list.
#[derive(Clone)]
#[expect(
    missing_debug_implementations,
    reason = "syn's syntax prints only with its extra traits"
)]
pub struct Key {
    /// Its name, with the user's span and without `r#`.
    pub name: Ident,
    /// What follows the name.
    pub value: Value,
}

/// What follows a key's name.
#[derive(Clone)]
#[expect(
    missing_debug_implementations,
    reason = "syn's syntax prints only with its extra traits"
)]
pub enum Value {
    /// Nothing: `key`.
    Flag,
    /// `key = expression`.
    Is(Box<Expr>),
    /// `key(…)`.
    List(TokenStream),
    /// What could not be read and has had its error: who reads the key says nothing more.
    Broken,
}

/// The keys that an attribute has.
#[derive(Debug, Clone, Copy)]
pub struct Known<'a> {
    /// Each may be given once.
    pub once: &'a [&'a str],
    /// Each may be given again and again.
    pub often: &'a [&'a str],
}

impl<'a> From<&'a [&'a str]> for Known<'a> {
    fn from(once: &'a [&'a str]) -> Self {
        Self { once, often: &[] }
    }
}

impl Known<'_> {
    fn names(&self) -> Vec<&str> {
        self.once.iter().chain(self.often).copied().collect()
    }
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
            Value::Broken => None,
            Value::Flag | Value::List(_) => {
                diag.note(
                    &self.name,
                    format!("`{}` needs a value: write `{example}`", self.name),
                );
                None
            }
        }
    }

    /// Notes that the key takes no value, where it has one.
    pub fn flag(&self, diag: &mut Diag) {
        if !matches!(self.value, Value::Flag | Value::Broken) {
            diag.note(
                self,
                format!(
                    "`{}` takes no value: write `{}` alone",
                    self.name, self.name
                ),
            );
        }
    }

    /// The items between the parentheses, each of the syntax `T`.
    pub fn list<T: Parse>(&self, diag: &mut Diag, example: &str) -> Vec<T> {
        let tokens = match &self.value {
            Value::List(tokens) => tokens,
            Value::Broken => return Vec::new(),
            Value::Flag | Value::Is(_) => {
                diag.note(
                    self,
                    format!("`{}` needs a list: write `{example}`", self.name),
                );
                return Vec::new();
            }
        };
        let parsed = Punctuated::<T, Token![,]>::parse_terminated.parse2(tokens.clone());
        let items: Vec<T> = match parsed {
            Ok(items) => items.into_iter().collect(),
            Err(error) => {
                diag.add(syn::Error::new(
                    error.span(),
                    format!("{error}: write `{example}`"),
                ));
                return Vec::new();
            }
        };
        if items.is_empty() {
            diag.note(
                &self.name,
                format!("`{}` lists nothing: write `{example}`", self.name),
            );
        }
        items
    }
}

impl ToTokens for Key {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        self.name.to_tokens(tokens);
        match &self.value {
            Value::Flag | Value::Broken => {}
            Value::Is(expr) => expr.to_tokens(tokens),
            Value::List(list) => list.to_tokens(tokens),
        }
    }
}

/// The keys of every attribute of that name.
///
/// An unknown key is noted and stands in, broken, for the one that was probably meant, so that
/// nobody misses that one; a repeated key is noted and left out.
pub fn of_attributes<'a>(
    attrs: &[Attribute],
    name: &str,
    known: impl Into<Known<'a>>,
    diag: &mut Diag,
) -> Vec<Key> {
    let named = attrs.iter().filter(|attr| attr.path().is_ident(name));
    let lists = named.filter(|attr| {
        let is_list = attr.meta.require_list().is_ok();
        if !is_list {
            diag.note(attr, format!("write `#[{name}(…)]`"));
        }
        is_list
    });
    let lists: Vec<&Attribute> = lists.collect();
    of_lists(lists, known, diag)
}

/// The keys of those attributes, each of which has a list, read as [`of_attributes`] reads them.
pub fn of_lists<'a, 'k>(
    attrs: impl IntoIterator<Item = &'a Attribute>,
    known: impl Into<Known<'k>>,
    diag: &mut Diag,
) -> Vec<Key> {
    let mut keys = Vec::new();
    for attr in attrs {
        if let syn::Meta::List(list) = &attr.meta {
            keys.extend(read(list.tokens.clone(), diag));
        }
    }
    known_once(keys, &known.into(), diag)
}

/// The keys of a nested list such as `retry(…)`, read as [`of_attributes`] reads them.
pub fn of_list<'a>(tokens: TokenStream, known: impl Into<Known<'a>>, diag: &mut Diag) -> Vec<Key> {
    let keys = read(tokens, diag);
    known_once(keys, &known.into(), diag)
}

/// The keys of a list whose names are the user's own, each of which may be given once.
pub fn of_names(tokens: TokenStream, diag: &mut Diag) -> Vec<Key> {
    let keys = read(tokens, diag);
    let names: Vec<String> = keys.iter().map(|key| key.name.to_string()).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    known_once(keys, &Known::from(&*names), diag)
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

/// The expression itself, out of parentheses and of the invisible group around a macro's fragment.
pub fn bare(expr: &Expr) -> &Expr {
    match expr {
        Expr::Group(group) => bare(&group.expr),
        Expr::Paren(paren) => bare(&paren.expr),
        expr => expr,
    }
}

fn known_once(keys: Vec<Key>, known: &Known<'_>, diag: &mut Diag) -> Vec<Key> {
    let names = known.names();
    let mut kept: Vec<Key> = Vec::new();
    for mut key in keys {
        let name = key.name.to_string();
        if !names.contains(&name.as_str()) {
            diag.note(
                &key.name,
                format!(
                    "there is no key `{name}` here; {}",
                    suggestion(&name, &names)
                ),
            );
            let Some(meant) = nearest(&name, names.iter().copied()) else {
                continue;
            };
            key = Key {
                name: Ident::new(meant, key.name.span()),
                value: Value::Broken,
            };
        }
        let often = known.often.contains(&key.name.to_string().as_str());
        if often || !kept.iter().any(|other| other.name == key.name) {
            kept.push(key);
        } else if !matches!(key.value, Value::Broken) {
            diag.note(&key.name, format!("`{name}` is given twice; take one out"));
        }
    }
    kept
}

/// Reads key by key, and after a slip goes on behind the next comma.
fn read(tokens: TokenStream, diag: &mut Diag) -> Vec<Key> {
    let mut keys = Vec::new();
    let reader = |input: ParseStream<'_>| {
        while !input.is_empty() {
            keys.extend(one(input, diag));
            if !input.is_empty() && !input.peek(Token![,]) {
                diag.add(input.error("write a comma between keys"));
                skip(input);
            }
            input.parse::<Option<Token![,]>>()?;
        }
        Ok(())
    };
    let read = reader.parse2(tokens);
    diag.keep(read);
    keys
}

fn one(input: ParseStream<'_>, diag: &mut Diag) -> Option<Key> {
    let Ok(name) = Ident::parse_any(input) else {
        diag.add(input.error("write a key here: `key`, `key = value` or `key(…)`"));
        skip(input);
        return None;
    };
    let name = name.unraw();
    match value(input, &name) {
        Ok(value) => Some(Key { name, value }),
        Err(error) => {
            diag.add(error);
            skip(input);
            Some(Key {
                name,
                value: Value::Broken,
            })
        }
    }
}

fn value(input: ParseStream<'_>, name: &Ident) -> syn::Result<Value> {
    if ends(input) {
        return Ok(Value::Flag);
    }
    if input.peek(syn::token::Paren) {
        let list;
        syn::parenthesized!(list in input);
        return Ok(Value::List(list.parse()?));
    }
    if !input.peek(Token![=]) || input.peek(Token![==]) {
        return Err(input.error(format!("after `{name}` comes `= value`, `(…)` or a comma")));
    }
    input.parse::<Token![=]>()?;
    if ends(input) {
        return Err(syn::Error::new_spanned(
            name,
            format!("`{name} =` needs a value behind it"),
        ));
    }
    let expr: Expr = input.parse()?;
    Ok(Value::Is(Box::new(bare(&expr).clone())))
}

fn ends(input: ParseStream<'_>) -> bool {
    input.is_empty() || input.peek(Token![,])
}

fn skip(input: ParseStream<'_>) {
    while !ends(input) {
        if input.parse::<TokenTree>().is_err() {
            return;
        }
    }
}
