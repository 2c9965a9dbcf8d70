//! The value of a limit: a literal, which the macro checks, or a constant, which rustc evaluates.

use std::time::Duration;

use proc_macro2::{Ident, Literal, Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::parse::ParseStream;
use syn::parse::discouraged::Speculative;
use syn::{Expr, Lit, LitStr};

use crate::spans::between;
use crate::types::is_captured;
use crate::written::written;

#[derive(Clone)]
pub(crate) struct Value<T> {
    kind: Kind<T>,
    /// The spans of its first and of its last token.
    ends: (Span, Span),
}

#[derive(Clone)]
enum Kind<T> {
    Literal(T),
    /// `TIMEOUT`, `config::TIMEOUT` or `Duration::from_secs(30)`.
    Constant(Box<Expr>),
}

/// A type of limits.
pub(crate) trait Limited: Copy {
    fn ty(at: Span) -> TokenStream;

    fn literal(self) -> TokenStream;

    /// Whether `value` is no limit, as an expression.
    fn is_nonsense(value: &TokenStream) -> TokenStream;
}

impl<T: Limited> Value<T> {
    /// Parses a constant if there is one, and a literal with `literal` otherwise.
    pub(crate) fn parse(
        input: ParseStream<'_>,
        literal: impl FnOnce(ParseStream<'_>) -> syn::Result<T>,
    ) -> syn::Result<Self> {
        let at = input.span();
        let Some(constant) = constant(input) else {
            let value = literal(input)?;
            return Ok(Self {
                kind: Kind::Literal(value),
                ends: (at, at),
            });
        };
        if let Expr::Path(path) = &constant
            && let Some(name) = path.path.get_ident().filter(|name| is_captured(name))
        {
            let message = format!(
                "`{name}` is a variable, and a limit in a flow is a literal or a constant: \
                 write one, or set it when the flow runs"
            );
            return Err(syn::Error::new(name.span(), message));
        }
        let last = constant.to_token_stream().into_iter().last();
        Ok(Self {
            kind: Kind::Constant(Box::new(constant)),
            ends: (at, last.map_or(at, |last| last.span())),
        })
    }

    /// The value, if it is a literal.
    pub(crate) fn known(&self) -> Option<T> {
        match self.kind {
            Kind::Literal(value) => Some(value),
            Kind::Constant(_) => None,
        }
    }

    /// The value as an expression. rustc reports a constant of another type at the constant, and
    /// only once, however often the expression is used.
    pub(crate) fn value(&self) -> TokenStream {
        match &self.kind {
            Kind::Literal(value) => value.literal(),
            Kind::Constant(constant) => {
                let ty = T::ty(Span::call_site().located_at(self.ends.0));
                quote!({
                    const __LIMIT: #ty = #constant;
                    __LIMIT
                })
            }
        }
    }

    /// The check of a constant, as the macro checks a literal: the trait `question` has the
    /// message.
    pub(crate) fn check(&self, question: &str) -> Option<TokenStream> {
        if self.known().is_some() {
            return None;
        }
        let is_defect = T::is_nonsense(&self.value());
        let kind = quote!((#is_defect) as ::core::primitive::u8);
        Some(asked(self.ends, &kind, question))
    }

    /// The spans of its first and of its last token.
    pub(crate) fn ends(&self) -> (Span, Span) {
        self.ends
    }

    /// The value for documentation; `literal` formats one that is known.
    pub(crate) fn text(&self, literal: impl FnOnce(T) -> String) -> String {
        match &self.kind {
            Kind::Literal(value) => literal(*value),
            Kind::Constant(constant) => written(constant),
        }
    }
}

impl Value<usize> {
    /// The value as it is written.
    pub(crate) fn tokens(&self) -> TokenStream {
        match &self.kind {
            Kind::Literal(value) => {
                let mut literal = Literal::usize_unsuffixed(*value);
                literal.set_span(self.ends.0);
                literal.to_token_stream()
            }
            Kind::Constant(constant) => constant.to_token_stream(),
        }
    }
}

/// A check at the words between `ends`: `kind` is the kind of their defect, and the trait `question`
/// has its message.
pub(crate) fn asked(ends: (Span, Span), kind: &TokenStream, question: &str) -> TokenStream {
    let question = Ident::new(question, Span::call_site());
    let defect = between(
        ends.0,
        ends.1,
        |at| quote_spanned!(at=> ::flow_core::__private::Defect<__DEFECT>),
    );
    quote! {
        const _: () = {
            const __DEFECT: ::core::primitive::u8 = #kind;
            <#defect as ::flow_core::__private::#question>::OK
        };
    }
}

impl Value<Duration> {
    /// The duration as it is written in a flow.
    pub(crate) fn as_written(&self) -> TokenStream {
        match &self.kind {
            Kind::Literal(value) => LitStr::new(&spelt(*value), self.ends.0).to_token_stream(),
            Kind::Constant(constant) => constant.to_token_stream(),
        }
    }
}

/// A duration in the units that a literal has: `2d 12h`. None is shorter than a millisecond.
fn spelt(duration: Duration) -> String {
    let seconds = duration.as_secs();
    let parts = [
        (seconds / 86_400, "d"),
        (seconds / 3_600 % 24, "h"),
        (seconds / 60 % 60, "m"),
        (seconds % 60, "s"),
        (u64::from(duration.subsec_millis()), "ms"),
    ];
    let parts = parts.iter().filter(|(number, _)| *number > 0);
    let parts: Vec<_> = parts
        .map(|(number, unit)| format!("{number}{unit}"))
        .collect();
    parts.join(" ")
}

/// An optional value as an expression.
pub(crate) fn optional(value: Option<TokenStream>) -> TokenStream {
    value.map_or_else(
        || quote!(::core::option::Option::None),
        |value| quote!(::core::option::Option::Some(#value)),
    )
}

/// Takes an expression that rustc can evaluate: one that does not begin with a literal.
fn constant(input: ParseStream<'_>) -> Option<Expr> {
    if input.peek(Lit) {
        return None;
    }
    let fork = input.fork();
    let expr = fork.call(Expr::parse_without_eager_brace).ok()?;
    let is_constant = matches!(
        expr,
        Expr::Path(_)
            | Expr::Call(_)
            | Expr::MethodCall(_)
            | Expr::Field(_)
            | Expr::Binary(_)
            | Expr::Paren(_)
            | Expr::Block(_)
            | Expr::Const(_)
            | Expr::Macro(_)
            | Expr::Group(_)
    );
    is_constant.then(|| {
        input.advance_to(&fork);
        expr
    })
}

impl Limited for Duration {
    fn ty(at: Span) -> TokenStream {
        quote_spanned!(at=> ::core::time::Duration)
    }

    fn literal(self) -> TokenStream {
        let (seconds, nanos) = (self.as_secs(), self.subsec_nanos());
        quote!(::core::time::Duration::new(#seconds, #nanos))
    }

    fn is_nonsense(value: &TokenStream) -> TokenStream {
        quote!(#value.is_zero())
    }
}

macro_rules! limited {
    ($($ty:ident: $least:literal)*) => {$(
        impl Limited for $ty {
            fn ty(at: Span) -> TokenStream {
                quote_spanned!(at=> ::core::primitive::$ty)
            }

            fn literal(self) -> TokenStream {
                self.to_token_stream()
            }

            fn is_nonsense(value: &TokenStream) -> TokenStream {
                let least: $ty = $least;
                quote!(#value < #least)
            }
        }
    )*};
}

// The number of attempts is the only `u32`.
limited!(u32: 2 u64: 1 usize: 1 bool: false);

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

    use std::time::Duration;

    use syn::LitStr;
    use syn::parse::Parser;

    use super::Value;
    use crate::duration::duration;

    #[test]
    fn a_duration_is_shown_in_the_units_in_which_it_is_written() {
        let shown = |text: &str| {
            let form = |input: syn::parse::ParseStream<'_>| duration(input, "every \"1s\"");
            let value: Value<Duration> = form.parse_str(&format!("{text:?}")).unwrap();
            let shown: LitStr = syn::parse2(value.as_written()).unwrap();
            // It can be written as it is shown.
            let again = form.parse_str(&format!("{:?}", shown.value())).unwrap();
            assert_eq!(again.known(), value.known());
            shown.value()
        };
        for text in [
            "2d",
            "45d",
            "400d",
            "1h",
            "1m 30s",
            "1d 2h 3m 4s 5ms",
            "250ms",
        ] {
            assert_eq!(shown(text), text);
        }
        assert_eq!(shown("72h"), "3d");
        assert_eq!(shown("90s"), "1m 30s");
        assert_eq!(shown("1000ms"), "1s");
    }
}
