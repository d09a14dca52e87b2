//! Digests of code: FNV-1a of its tokens, so that neither spaces nor comments count.

use proc_macro2::{Delimiter, TokenStream, TokenTree};
use quote::ToTokens;

use crate::model::{Field, Given, Wait};

/// A digest under way.
pub(super) struct Digest(u64);

impl Digest {
    pub(super) fn new() -> Self {
        Self(0xcbf2_9ce4_8422_2325)
    }

    pub(super) fn done(&self) -> u64 {
        self.0
    }

    /// Adds a part, apart from the one before.
    pub(super) fn add(&mut self, part: impl ToTokens) -> &mut Self {
        self.stream(part.into_token_stream());
        self.word("\u{1f}");
        self
    }

    /// Adds what an action or a signal is given; the order of its fields does not count.
    pub(super) fn given(&mut self, given: &Given) -> &mut Self {
        match given {
            Given::Fields(fields, base) => {
                let mut sorted: Vec<&Field> = fields.iter().collect();
                sorted.sort_by_key(|field| field.member.to_string());
                for field in sorted {
                    self.add(&field.member).add(&field.value);
                }
                self.add(base)
            }
            Given::Call(name, values) => {
                self.add(name);
                for value in values {
                    self.add(value);
                }
                self
            }
            Given::Unit => self,
        }
    }

    /// Adds what is waited for; its order does not count.
    pub(super) fn wait(&mut self, wait: &Wait) -> &mut Self {
        let mut sorted: Vec<_> = wait.conditions.iter().collect();
        sorted.sort_by_key(|condition| condition.field.to_string());
        for condition in sorted {
            self.add(&condition.field).add(&condition.value);
        }
        self
    }

    fn stream(&mut self, tokens: TokenStream) {
        let mut trees = tokens.into_iter().peekable();
        while let Some(tree) = trees.next() {
            match tree {
                TokenTree::Group(group) => {
                    let marks = marks(group.delimiter());
                    if let Some((open, _)) = marks {
                        self.word(open);
                    }
                    self.stream(group.stream());
                    if let Some((_, close)) = marks {
                        self.word(close);
                    }
                }
                TokenTree::Punct(mark) if mark.as_char() == ',' && trees.peek().is_none() => {}
                tree @ (TokenTree::Ident(_) | TokenTree::Punct(_) | TokenTree::Literal(_)) => {
                    self.word(&tree.to_string());
                }
            }
        }
    }

    fn word(&mut self, word: &str) {
        for byte in word.bytes().chain([0]) {
            self.0 = (self.0 ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }
}

/// What a group stands between; an invisible one says nothing.
fn marks(delimiter: Delimiter) -> Option<(&'static str, &'static str)> {
    match delimiter {
        Delimiter::Parenthesis => Some(("(", ")")),
        Delimiter::Brace => Some(("{", "}")),
        Delimiter::Bracket => Some(("[", "]")),
        Delimiter::None => None,
    }
}

#[cfg(test)]
mod tests {
    use super::Digest;

    fn digest(code: &str) -> u64 {
        let tokens: proc_macro2::TokenStream = code.parse().expect("the test's code is Rust");
        Digest::new().add(tokens).done()
    }

    #[test]
    fn spaces_comments_and_last_commas_do_not_count() {
        let code = digest("f(a, b) && &c");
        assert_eq!(code, digest("f( a,b /* both */ ,)&&&c"));
        assert_ne!(code, digest("f(b, a) && &c"));
        assert_ne!(digest("ab"), digest("a b"));
    }
}
