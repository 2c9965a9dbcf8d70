//! `#[derive(Event)]`.

use proc_macro2::{Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::meta::ParseNestedMeta;
use syn::spanned::Spanned;
use syn::{DeriveInput, Ident, LitStr, Path, Type, Visibility};

use crate::attributes::Forwarded;
use crate::docs::docs;
use crate::errors::{Errors, did_you_mean};
use crate::krate;
use crate::spans::over;

pub(crate) fn derive(input: TokenStream) -> TokenStream {
    let input: DeriveInput = match syn::parse2(input) {
        Ok(input) => input,
        Err(error) => return error.into_compile_error(),
    };
    let mut errors = Errors::default();
    let Keys { answer, krate } = keys(&input, &mut errors);
    if !input.generics.params.is_empty() {
        errors.at(
            &input.generics,
            format!(
                "an event cannot be generic: replace its parameters with concrete types, \
                 for example `struct {}(Vec<u8>);`",
                input.ident
            ),
        );
    }
    let errors = errors.into_tokens();
    let event = expand(&input, answer.as_ref());
    krate::named(quote!(#errors #event), krate.as_ref())
}

/// `#[event(answer = Verdict, crate = path)]`
#[derive(Default)]
struct Keys {
    answer: Option<Type>,
    krate: Option<Path>,
}

const NO_PATH: &str = "missing path for `crate`: write `crate = facade::flow_core`";

fn keys(input: &DeriveInput, errors: &mut Errors) -> Keys {
    let mut keys = Keys::default();
    for attribute in &input.attrs {
        if attribute.path().is_ident("event") {
            let parsed = attribute.parse_nested_meta(|meta| {
                if meta.path.is_ident("crate") {
                    let value = meta.value().map_err(|_| meta.error(NO_PATH))?;
                    let path = krate::parse(value)?;
                    if keys.krate.replace(path).is_some() {
                        return Err(meta.error("duplicate `crate`: remove one"));
                    }
                } else if keys.answer.replace(answer(&meta)?).is_some() {
                    return Err(meta.error("duplicate `answer`: remove one"));
                }
                Ok(())
            });
            errors.note(parsed);
        }
    }
    keys
}

fn answer(meta: &ParseNestedMeta<'_>) -> syn::Result<Type> {
    const FORM: &str = "`answer = Verdict`";
    if !meta.path.is_ident("answer") {
        let name = meta
            .path
            .get_ident()
            .map(ToString::to_string)
            .unwrap_or_default();
        let hint = match did_you_mean(&name, &["answer", "crate"]) {
            hint if hint.is_empty() => format!(": expected {FORM}"),
            hint => hint,
        };
        return Err(meta.error(format!("unknown key `{name}`{hint}")));
    }
    let value = meta
        .value()
        .map_err(|_| meta.error(format!("missing type for `answer`: write {FORM}")))?;
    let expected = |at| syn::Error::new(at, format!("expected the type of the answer: {FORM}"));
    if value.peek(LitStr) {
        let literal: LitStr = value.parse()?;
        return literal.parse().map_err(|_| expected(literal.span()));
    }
    let at = value.span();
    value.parse().map_err(|_| expected(at))
}

fn expand(input: &DeriveInput, answer: Option<&Type>) -> TokenStream {
    let generics = &input.generics;
    let forwarded = Forwarded::new(&input.attrs);
    let lints = forwarded.lints();
    let mut name = input.ident.clone();
    if forwarded.deprecated.is_some() {
        // Resolved here, so that the event raises no warning at its own definition.
        name.set_span(Span::call_site().located_at(name.span()));
    }
    let docs = docs(&input.attrs);
    let (params, args, bounds) = generics.split_for_impl();
    let text = name.to_string();
    let text = text.trim_start_matches("r#");
    // A generic event is an error. It gets an impl all the same, so that no other error follows.
    let where_static = if generics.params.is_empty() {
        quote!(#bounds)
    } else {
        quote!(where Self: ::core::marker::Send + 'static)
    };
    let is_question = answer.map(|_| quote!(.question()));
    let written = answer.map_or_else(
        || {
            quote!(
                type Answer = ::flow_core::__private::NoAnswer;
            )
        },
        |answer| associated("Answer", answer),
    );
    let desc = quote! {
        const DESC: ::flow_core::__private::EventDesc =
            ::flow_core::__private::EventDesc::new(
                #text,
                #docs,
                ::core::concat!(::core::module_path!(), "::", #text),
                ::flow_core::__private::Location::new(
                    ::core::file!(),
                    ::core::line!(),
                    ::core::column!(),
                ),
            )
            #is_question;
    };
    let event = |params, args, bounds, answer| {
        let question = is_question.as_ref().map(|_| {
            quote! {
                #[automatically_derived]
                #lints
                impl #params ::flow_core::Question for #name #args #bounds {
                    const ONLY_THE_EVENT_DERIVE_IMPLEMENTS_THIS: () = ();
                }
            }
        });
        quote! {
            #question
            #[automatically_derived]
            #lints
            impl #params ::flow_core::Event for #name #args #bounds {
                #answer
                #desc
            }
        }
    };
    let plain = event(quote!(#params), quote!(#args), where_static, written);
    let is_private = matches!(input.vis, Visibility::Inherited);
    let answer = answer.filter(|_| !is_private && generics.params.is_empty());
    let Some(answer) = answer else {
        return plain;
    };

    let through = associated("Type", answer);
    let bounds = quote! {
        where
            __Private: ::flow_core::__private::AnswerOf<Type = __A>,
            __A: ::core::marker::Send + 'static,
    };
    let event = event(
        quote!(<__A>),
        quote!(),
        bounds,
        quote!(
            type Answer = __A;
        ),
    );
    quote! {
        // As the documentation shows it.
        #[cfg(doc)]
        const _: () = { #plain };
        #[cfg(not(doc))]
        const _: () = {
            // An impl for it is private, and so may name an answer that is.
            struct __Private;
            #[automatically_derived]
            #lints
            impl ::flow_core::__private::AnswerOf for __Private {
                #through
            }
            #event
        };
    }
}

/// `type name = ty;`, which rustc reports at the type.
fn associated(name: &str, ty: &Type) -> TokenStream {
    over(ty.span(), |at| {
        let name = Ident::new(name, at);
        quote_spanned!(at=> type #name = #ty;)
    })
}
