//! Parses the arguments of the attribute, and the function. The body stays tokens, so that an
//! editor works in one that is half-typed.

use proc_macro2::{TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::ext::IdentExt;
use syn::parse::{Parse, ParseStream, Parser};
use syn::{Attribute, FnArg, Ident, Path, ReturnType, Signature, Token, Type, Visibility, token};

use crate::duration::duration;
use crate::errors::{Errors, did_you_mean};
use crate::handler::limits::{Limits, TIMEOUT, concurrency, shared_concurrency};
use crate::krate;
use crate::quoted::{item_type, paths};

const KEYS: &[&str] = &[
    "on",
    "emits",
    "streams",
    "timeout",
    "retry",
    "concurrency",
    "once",
    "effect",
    "crate",
];

/// `on = …, emits = …, streams = …`, and its limits.
#[derive(Default)]
pub(crate) struct Args {
    /// `None` if there is no `on`, which differs from an empty list.
    pub(crate) on: Option<Vec<Path>>,
    pub(crate) emits: Option<Vec<Path>>,
    pub(crate) streams: Option<Type>,
    pub(crate) limits: Limits,
    /// The word `effect`.
    pub(crate) effect: Option<Ident>,
    /// `crate = path`
    pub(crate) krate: Option<Path>,
    /// The arguments as written.
    pub(crate) tokens: TokenStream,
}

/// A function: everything but its body is parsed.
pub(crate) struct Function {
    pub(crate) attrs: Vec<Attribute>,
    pub(crate) vis: Visibility,
    pub(crate) sig: Signature,
    pub(crate) body: TokenStream,
    /// It is only a declaration, as in a trait.
    pub(crate) has_no_body: bool,
}

impl Parse for Function {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let attrs = input.call(Attribute::parse_outer)?;
        let vis = input.parse()?;
        let next = input.cursor();
        let mut sig = input.parse().map_err(|error: syn::Error| {
            // syn's error is the right one for a broken function, but not for another item.
            match next.ident() {
                Some((word, after))
                    if !["fn", "async", "const", "unsafe", "extern", "safe"]
                        .contains(&word.to_string().as_str())
                        || word == "const"
                            && after.ident().is_none_or(|(next, _)| {
                                !["fn", "async", "unsafe", "extern"]
                                    .contains(&next.to_string().as_str())
                            }) =>
                {
                    syn::Error::new(
                        word.span(),
                        "`#[handler]` can only be used on an `async fn`",
                    )
                }
                _ => error,
            }
        })?;
        without_groups(&mut sig);
        let has_no_body = !input.peek(token::Brace);
        let body = if has_no_body {
            input.parse::<Token![;]>()?;
            quote!({ ::flow_core::__private::unexpected() })
        } else {
            input.parse()?
        };
        Ok(Self {
            attrs,
            vis,
            sig,
            body,
            has_no_body,
        })
    }
}

/// The function with a name that is no word of Rust. rustc has reported such a name.
pub(crate) fn with_raw_name(item: &TokenStream) -> TokenStream {
    let mut is_name = false;
    let tokens = item.clone().into_iter().map(|token| match token {
        TokenTree::Ident(word) => {
            let is_reserved = syn::parse2::<Ident>(word.to_token_stream()).is_err();
            let text = word.to_string();
            let cannot_be_raw = ["crate", "self", "super", "Self", "_"].contains(&text.as_str());
            let is_next = std::mem::replace(&mut is_name, text == "fn");
            if is_next && is_reserved && !cannot_be_raw {
                TokenTree::Ident(Ident::new_raw(&text, word.span()))
            } else {
                TokenTree::Ident(word)
            }
        }
        token => {
            is_name = false;
            token
        }
    });
    tokens.collect()
}

/// Removes the invisible groups that a `macro_rules!` puts around the types that it is given.
fn without_groups(sig: &mut Signature) {
    fn open(ty: &mut Type) {
        while let Type::Group(group) = ty {
            *ty = (*group.elem).clone();
        }
        if let Type::Reference(reference) = ty {
            open(&mut reference.elem);
        }
    }
    for input in &mut sig.inputs {
        if let FnArg::Typed(typed) = input {
            open(&mut typed.ty);
        }
    }
    if let ReturnType::Type(_, ty) = &mut sig.output {
        open(ty);
    }
}

impl ToTokens for Function {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        let Self {
            attrs,
            vis,
            sig,
            body,
            ..
        } = self;
        tokens.extend(quote!(#(#attrs)* #vis #sig #body));
    }
}

/// Parses the arguments. After an error, it continues at the next comma.
pub(crate) fn args(tokens: TokenStream, errors: &mut Errors) -> Args {
    let mut args = Args {
        tokens: tokens.clone(),
        ..Args::default()
    };
    let parser = |input: ParseStream<'_>| {
        while !input.is_empty() {
            if let Err(error) = arg(input, &mut args, errors) {
                errors.push(error);
            }
            while !input.is_empty() && !input.peek(Token![,]) {
                input.parse::<TokenTree>()?;
            }
            input.parse::<Option<Token![,]>>()?;
        }
        Ok(())
    };
    let parsed = parser.parse2(tokens);
    errors.note(parsed);
    args
}

fn arg(input: ParseStream<'_>, args: &mut Args, errors: &mut Errors) -> syn::Result<()> {
    let Ok(key) = input.call(Ident::parse_any) else {
        return Err(input.error("expected a key, such as `on = …`, `emits = …` or `timeout = …`"));
    };
    let name = key.to_string();
    if !KEYS.contains(&name.as_str()) {
        return Err(unknown(&key));
    }
    if name == "retry" {
        return args.limits.retry(key, input, errors);
    }
    if name == "once" {
        if args.limits.once.replace(key.clone()).is_some() {
            return Err(duplicate(&key));
        }
        no_value(&key, input)?;
        return after_value(input);
    }
    if name == "effect" {
        if args.effect.replace(key.clone()).is_some() {
            return Err(duplicate(&key));
        }
        no_value(&key, input)?;
        return after_value(input);
    }
    if name == "concurrency" && input.peek(token::Paren) {
        let concurrency = shared_concurrency(&key, input)?;
        if args.limits.concurrency.replace(concurrency).is_some() {
            return Err(duplicate(&key));
        }
        return after_value(input);
    }
    if input.peek(token::Paren) && ["on", "emits"].contains(&name.as_str()) {
        let message = format!("several events are in brackets: `{name} = [A, B]`");
        return Err(syn::Error::new(key.span(), message));
    }
    if !input.peek(Token![=]) {
        return Err(syn::Error::new(
            key.span(),
            format!("missing value for `{name}`: write `{name} = …`"),
        ));
    }
    let equals: Token![=] = input.parse()?;
    if input.is_empty() || input.peek(Token![,]) {
        return Err(syn::Error::new_spanned(
            equals,
            format!("missing value for `{name}`: write `{name} = …`"),
        ));
    }
    let repeated = match name.as_str() {
        "on" => args.on.replace(paths(input, errors)?).is_some(),
        "emits" => args.emits.replace(paths(input, errors)?).is_some(),
        "timeout" => args
            .limits
            .timeout
            .replace(duration(input, TIMEOUT)?)
            .is_some(),
        "crate" => args.krate.replace(krate::parse(input)?).is_some(),
        "concurrency" => args
            .limits
            .concurrency
            .replace(concurrency(input)?)
            .is_some(),
        _ => args.streams.replace(item_type(input)?).is_some(),
    };
    if repeated {
        return Err(duplicate(&key));
    }
    let joined = input.peek(Token![|]) || input.peek(Token![&]) || input.peek(Token![+]);
    if joined && ["on", "emits"].contains(&name.as_str()) {
        let message = format!("several events are in brackets: `{name} = [A, B]`");
        return Err(input.error(message));
    }
    after_value(input)
}

/// Behind a word that is there or is not.
fn no_value(key: &Ident, input: ParseStream<'_>) -> syn::Result<()> {
    if input.peek(Token![=]) {
        return Err(input.error(format!(
            "`{key}` has no value: write `{key}` alone, or remove it"
        )));
    }
    Ok(())
}

fn after_value(input: ParseStream<'_>) -> syn::Result<()> {
    if !input.is_empty() && !input.peek(Token![,]) {
        return Err(input.error("expected `,` before this"));
    }
    Ok(())
}

fn duplicate(key: &Ident) -> syn::Error {
    let advice = match key.to_string().as_str() {
        "streams" | "timeout" | "concurrency" | "once" | "effect" | "crate" => "remove one",
        _ => "put all events in one list, `[A, B]`",
    };
    syn::Error::new(key.span(), format!("duplicate `{key}`: {advice}"))
}

fn unknown(key: &Ident) -> syn::Error {
    if key.to_string().starts_with(char::is_uppercase) {
        let message = format!(
            "unknown key `{key}`: if it is an event, write all events in brackets, `emits = [A, B]`"
        );
        return syn::Error::new(key.span(), message);
    }
    if [
        "retries",
        "attempts",
        "max_attempts",
        "max_retries",
        "backoff",
    ]
    .iter()
    .any(|other| key == other)
    {
        let message =
            format!("unknown key `{key}`: write `retry(attempts = 3, backoff = \"100ms\")`");
        return syn::Error::new(key.span(), message);
    }
    let hint = match did_you_mean(&key.to_string(), KEYS) {
        hint if hint.is_empty() => {
            ": expected `on`, `emits`, `streams`, `timeout`, `retry`, `concurrency`, `once` or \
             `effect`"
                .to_owned()
        }
        hint => hint,
    };
    syn::Error::new(key.span(), format!("unknown key `{key}`{hint}"))
}
