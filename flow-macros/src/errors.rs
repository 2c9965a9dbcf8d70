//! All errors of one macro call, reported at once.

use proc_macro2::TokenStream;
use quote::ToTokens;

/// Collects errors; [`Errors::into_tokens`] turns them into compile errors.
#[derive(Default)]
pub(crate) struct Errors(Vec<syn::Error>);

impl Errors {
    /// An error that underlines `tokens`.
    pub(crate) fn at(&mut self, tokens: &impl ToTokens, message: impl std::fmt::Display) {
        self.0.push(syn::Error::new_spanned(tokens, message));
    }

    pub(crate) fn push(&mut self, error: syn::Error) {
        self.0.push(error);
    }

    /// The value, or `None` after noting the error.
    pub(crate) fn note<T>(&mut self, result: syn::Result<T>) -> Option<T> {
        result.map_err(|error| self.push(error)).ok()
    }

    pub(crate) fn append(&mut self, others: Self) {
        self.0.extend(others.0);
    }

    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    pub(crate) fn truncate(&mut self, len: usize) {
        self.0.truncate(len);
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The first error alone.
    pub(crate) fn first(&self) -> TokenStream {
        self.0
            .iter()
            .take(1)
            .map(syn::Error::to_compile_error)
            .collect()
    }

    pub(crate) fn into_tokens(self) -> TokenStream {
        self.0.iter().map(syn::Error::to_compile_error).collect()
    }
}

/// The word among `known` that is nearest to `word`, if one is near.
pub(crate) fn nearest<'a>(word: &str, known: &[&'a str]) -> Option<&'a str> {
    let nearest = known
        .iter()
        .map(|known| (strsim::damerau_levenshtein(word, known), *known))
        .min();
    nearest
        .filter(|(distance, known)| *distance <= 1 + known.len() / 4)
        .map(|(_, known)| known)
}

/// `: did you mean `x`?` for the word among `known` that is nearest to `word`, if one is near.
pub(crate) fn did_you_mean(word: &str, known: &[&str]) -> String {
    nearest(word, known)
        .map(|known| format!(": did you mean `{known}`?"))
        .unwrap_or_default()
}
