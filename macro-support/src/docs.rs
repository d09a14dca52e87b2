//! Doc comments as descriptions.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{Attribute, Expr, ExprLit, Lit, Meta};

use crate::keys::bare;

/// What the doc comments say: lines, and expressions such as `include_str!("…")`.
#[derive(Clone)]
#[expect(
    missing_debug_implementations,
    reason = "syn's syntax prints only with its extra traits"
)]
pub struct Description {
    lines: Vec<Line>,
}

#[derive(Clone)]
enum Line {
    Text(String),
    Computed(Expr),
}

/// The doc comments, lines joined as they were written; none where they say nothing.
pub fn description(attrs: &[Attribute]) -> Option<Description> {
    let lines: Vec<Line> = attrs.iter().filter_map(line).collect();
    let says = |line: &Line| match line {
        Line::Text(text) => !text.is_empty(),
        Line::Computed(_) => true,
    };
    lines.iter().any(says).then_some(Description { lines })
}

impl Description {
    /// The text as a constant expression; `std` is the path to the standard library.
    pub fn expr(&self, std: &TokenStream) -> TokenStream {
        let texts = self.lines.iter().map(|line| match line {
            Line::Text(text) => Some(text.as_str()),
            Line::Computed(_) => None,
        });
        if let Some(texts) = texts.collect::<Option<Vec<_>>>() {
            let text = texts.join("\n").trim().to_owned();
            return quote! { #text };
        }
        let parts = self.lines.iter().map(|line| match line {
            Line::Text(text) => quote! { #text, "\n" },
            Line::Computed(expr) => quote! { #expr, "\n" },
        });
        quote! { #std::concat!(#(#parts),*).trim_ascii() }
    }
}

fn line(attr: &Attribute) -> Option<Line> {
    let Meta::NameValue(doc) = &attr.meta else {
        return None;
    };
    let text = || match bare(&doc.value) {
        Expr::Lit(ExprLit {
            lit: Lit::Str(text),
            ..
        }) => Line::Text(block(&text.value())),
        expr => Line::Computed(expr.clone()),
    };
    doc.path.is_ident("doc").then(text)
}

/// The lines of a comment, those of `/** … */` without the stars in front.
fn block(text: &str) -> String {
    let lines: Vec<&str> = text.trim().lines().map(str::trim).collect();
    let starred = lines
        .iter()
        .skip(1)
        .all(|line| line.is_empty() || line.starts_with('*'));
    let plain = |line: &&str| match line.strip_prefix('*') {
        Some(rest) if starred && lines.len() > 1 => rest.trim().to_owned(),
        _ => (*line).to_owned(),
    };
    lines
        .iter()
        .map(plain)
        .collect::<Vec<_>>()
        .join("\n")
        .trim()
        .to_owned()
}

#[cfg(test)]
mod tests {
    use super::{block, description};

    #[test]
    fn a_block_comment_loses_its_stars_and_a_list_keeps_them() {
        assert_eq!(block(" City name. "), "City name.");
        assert_eq!(block("\n * City\n * name.\n "), "City\nname.");
        assert_eq!(
            block("Either\n* a city or\na village"),
            "Either\n* a city or\na village"
        );
    }

    #[test]
    fn words_of_a_file_are_joined_while_the_user_compiles() {
        let item: syn::ItemStruct = syn::parse_quote! {
            /// Above.
            #[doc = include_str!("city.md")]
            struct A;
        };
        let description = description(&item.attrs).expect("there are two lines");
        let expr = description.expr(&quote::quote! { std }).to_string();
        assert!(
            expr.starts_with("std :: concat ! (\"Above.\" , \"\\n\" , include_str !"),
            "{expr}"
        );
    }

    #[test]
    fn empty_comments_are_no_description() {
        let item: syn::ItemStruct = syn::parse_quote! {
            #[doc = ""]
            #[doc(hidden)]
            struct A;
        };
        assert!(description(&item.attrs).is_none());
    }
}
