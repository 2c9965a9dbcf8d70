//! Durations, which are written in quotes: `"30s"`.

use std::time::Duration;

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::LitStr;
use syn::parse::ParseStream;

/// A duration; `form` is how it could stand where it is expected.
pub(crate) fn duration(input: ParseStream<'_>, form: &str) -> syn::Result<Duration> {
    if !input.peek(LitStr) {
        return Err(input.error(format!(
            "a duration stands in quotes, with its unit: `{form}`"
        )));
    }
    let literal: LitStr = input.parse()?;
    let text = literal.value();
    match humantime::parse_duration(&text) {
        Ok(Duration::ZERO) => Err(syn::Error::new(
            literal.span(),
            format!("nothing is done in no time: write how long, such as `{form}`"),
        )),
        Ok(duration) => Ok(duration),
        Err(_) => Err(syn::Error::new(
            literal.span(),
            format!(
                "`\"{text}\"` is no duration: write a number and its unit, \
                 such as `\"250ms\"`, `\"30s\"` or `\"1m 30s\"`"
            ),
        )),
    }
}

/// One, or none, as a constant.
pub(crate) fn optional(duration: Option<Duration>) -> TokenStream {
    let duration = duration.map(Constant);
    duration.map_or_else(
        || quote!(::core::option::Option::None),
        |duration| quote!(::core::option::Option::Some(#duration)),
    )
}

/// The same as a constant.
pub(crate) struct Constant(pub(crate) Duration);

impl ToTokens for Constant {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        let (seconds, nanos) = (self.0.as_secs(), self.0.subsec_nanos());
        tokens.extend(quote!(::core::time::Duration::new(#seconds, #nanos)));
    }
}
