//! Whether a statement begins here, and which.

use enact_macro_support::nearest::{nearest, suggestion};
use proc_macro2::{Delimiter, Ident};
use syn::buffer::Cursor;
use syn::parse::ParseStream;

const KEYWORDS: [&str; 10] = [
    "step", "pivot", "branch", "parallel", "repeat", "sleep", "wait", "emit", "stop", "let",
];

/// The keyword of the statement that begins here; none, where an expression does.
pub(super) fn keyword(input: ParseStream<'_>) -> Option<&'static str> {
    let (ident, rest) = input.cursor().ident()?;
    let word = KEYWORDS.into_iter().find(|word| ident == word)?;
    let begins = match word {
        "let" => true,
        "parallel" | "repeat" => named(rest) || braced(rest),
        "stop" => named(rest) || valued(rest) || semicolon(rest),
        "sleep" => named(rest) || valued(rest),
        _ => named(rest) || rest.literal().is_some(),
    };
    begins.then_some(word)
}

/// What was meant by a word that stands like a keyword and is none.
pub(super) struct Slip {
    pub(super) error: syn::Error,
    pub(super) meant: Option<&'static str>,
}

/// Two words side by side, or a word before a literal, are no expression.
pub(super) fn slip(input: ParseStream<'_>) -> Option<Slip> {
    let (ident, rest) = input.cursor().ident()?;
    if !input.peek(syn::Ident) {
        return None;
    }
    let word = ident.to_string();
    let timed = rest.literal().is_some();
    let meant = if timed {
        nearest(&word, ["sleep"])
    } else {
        nearest(&word, KEYWORDS)
    };
    let block = braced(rest) && meant == Some("parallel") && word == word.to_lowercase();
    if !(named(rest) || timed || block) {
        return None;
    }
    let suggestion = match meant {
        Some(meant) => format!("did you mean `{meant}`?"),
        None => suggestion(&word, &KEYWORDS),
    };
    Some(Slip {
        error: syn::Error::new(
            ident.span(),
            format!("there is no statement `{word}`; {suggestion}"),
        ),
        meant,
    })
}

/// Whether the word is there, and something it may stand before.
pub(super) fn word(input: ParseStream<'_>, word: &str) -> bool {
    input
        .cursor()
        .ident()
        .is_some_and(|(ident, _)| ident == word)
}

/// Takes the word, which has been seen.
pub(super) fn take(input: ParseStream<'_>) -> syn::Result<Ident> {
    use syn::ext::IdentExt as _;
    Ident::parse_any(input)
}

fn named(rest: Cursor<'_>) -> bool {
    rest.ident().is_some_and(|(ident, _)| ident != "as")
}

fn braced(rest: Cursor<'_>) -> bool {
    rest.group(Delimiter::Brace).is_some()
}

fn semicolon(rest: Cursor<'_>) -> bool {
    rest.punct().is_some_and(|(mark, _)| mark.as_char() == ';')
}

/// A literal, or the beginning of another value with a `;` somewhere behind it, which an
/// expression at the end of a block has not.
fn valued(rest: Cursor<'_>) -> bool {
    let value = match rest.punct() {
        Some((mark, _)) => matches!(mark.as_char(), '-' | '&' | '*' | '!' | '|' | ':' | '<'),
        None => rest.token_tree().is_some(),
    };
    rest.literal().is_some() || value && ends(rest)
}

fn ends(mut rest: Cursor<'_>) -> bool {
    while let Some((_, next)) = rest.token_tree() {
        if semicolon(rest) {
            return true;
        }
        rest = next;
    }
    false
}
