//! Durations as people write them.

use std::time::Duration;

use syn::{Expr, ExprLit, Lit};

use crate::keys::bare;

/// Reads a duration from a string literal such as `"5s"`, `"100ms"` or `"1h 30m"`.
///
/// # Errors
/// On the expression, where it is no such literal, or no time at all.
pub fn duration(expr: &Expr) -> syn::Result<Duration> {
    let wrong = |what: String| syn::Error::new_spanned(expr, what);
    let Expr::Lit(ExprLit {
        lit: Lit::Str(text),
        ..
    }) = bare(expr)
    else {
        return Err(wrong(
            "write a duration in quotes, such as \"5s\" or \"100ms\"".to_owned(),
        ));
    };
    let text = text.value();
    match humantime::parse_duration(&text) {
        Ok(Duration::ZERO) => Err(wrong(format!(
            "{text:?} is no time at all; write at least \"1ms\""
        ))),
        Ok(duration) => Ok(duration),
        Err(_) => Err(wrong(format!(
            "{text:?} is no duration: write numbers with units, such as \"5s\", \"100ms\" or \"1h 30m\""
        ))),
    }
}

/// A duration as people write it: `1h 30m`.
pub fn written(duration: Duration) -> String {
    humantime::format_duration(duration).to_string()
}
