//! The names inside a format string: `"{order:>width$}"` prints `order` and reads `width`.

use proc_macro2::Ident;
use syn::LitStr;

pub(super) fn captures(literal: &LitStr) -> Vec<Ident> {
    let text = literal.value().replace("{{", "").replace("}}", "");
    let pieces = text.split('{').skip(1);
    let inside = pieces.filter_map(|piece| piece.split_once('}'));
    inside
        .flat_map(|(piece, _)| names(piece))
        .filter_map(|name| syn::parse_str::<Ident>(name).ok())
        .map(|mut name| {
            name.set_span(literal.span());
            name
        })
        .collect()
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
