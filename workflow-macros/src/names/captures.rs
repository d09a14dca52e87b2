//! The names inside a format string: `"{order:>width$}"` prints `order` and reads `width`.

use proc_macro2::{Ident, Span};
use syn::LitStr;
use syn::ext::IdentExt as _;
use syn::parse::Parser as _;

pub(super) fn captures(literal: &LitStr) -> Vec<Ident> {
    let text = literal.value().replace("{{", "").replace("}}", "");
    let pieces = text.split('{').skip(1);
    let inside = pieces.filter_map(|piece| piece.split_once('}'));
    inside
        .flat_map(|(piece, _)| names(piece))
        .filter_map(|name| ident(name, literal.span()))
        .collect()
}

/// The name as code has it: `{match}` prints `r#match`.
fn ident(name: &str, span: Span) -> Option<Ident> {
    let name = Ident::parse_any.parse_str(name).ok()?.to_string();
    let plain = syn::parse_str::<Ident>(&name).is_ok();
    if plain || ["_", "self", "Self", "super", "crate"].contains(&name.as_str()) {
        return Some(Ident::new(&name, span));
    }
    Some(Ident::new_raw(&name, span))
}

fn names(piece: &str) -> Vec<&str> {
    let (name, layout) = piece.split_once(':').unwrap_or((piece, ""));
    let widths = layout.split('$').rev().skip(1);
    let widths = widths.filter_map(|before| {
        let word = before.rsplit(|c: char| !c.is_alphanumeric() && c != '_');
        word.map(|word| word.trim_start_matches('0')).next()
    });
    std::iter::once(name.trim()).chain(widths).collect()
}
