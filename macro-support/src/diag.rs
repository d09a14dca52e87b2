//! Gathers the mistakes of one macro call, so that the user sees all of them at once.

use proc_macro2::TokenStream;
use quote::ToTokens;

/// The mistakes found so far.
///
/// It must be read: dropped with mistakes nobody saw, it panics, which rustc shows as a defect of
/// the macro rather than letting a wrong item pass.
#[derive(Debug, Default)]
pub struct Diag {
    mistakes: Option<syn::Error>,
}

impl Diag {
    /// No mistakes yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Notes a mistake on the tokens that caused it.
    pub fn note(&mut self, tokens: impl ToTokens, what: impl std::fmt::Display) {
        self.add(syn::Error::new_spanned(tokens, what));
    }

    /// Notes a mistake that another parser has found.
    pub fn add(&mut self, mistake: syn::Error) {
        match &mut self.mistakes {
            Some(mistakes) => mistakes.combine(mistake),
            none => *none = Some(mistake),
        }
    }

    /// The value, or nothing and a note of the mistake.
    pub fn keep<T>(&mut self, result: syn::Result<T>) -> Option<T> {
        result.map_err(|mistake| self.add(mistake)).ok()
    }

    /// How many mistakes there are so far.
    pub fn count(&self) -> usize {
        self.mistakes
            .as_ref()
            .map_or(0, |mistakes| mistakes.into_iter().count())
    }

    /// Whether nothing is wrong so far.
    pub fn is_clean(&self) -> bool {
        self.mistakes.is_none()
    }

    /// The mistakes as tokens that make rustc show them; nothing, where there are none.
    pub fn into_tokens(mut self) -> TokenStream {
        self.mistakes
            .take()
            .map(|mistakes| mistakes.to_compile_error())
            .unwrap_or_default()
    }
}

impl Drop for Diag {
    fn drop(&mut self) {
        assert!(
            self.mistakes.is_none() || std::thread::panicking(),
            "a macro dropped its mistakes without showing them"
        );
    }
}
