//! `Self` in a flow. It would mean the types of the expansion, which are items of their own, so a
//! flow cannot name the type around it.

use proc_macro2::{Group, Ident, Span, TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::Type;

use crate::errors::Errors;
use crate::functions::type_around;

/// The input with another name for `Self`, and an alias of that name. If the source shows the type
/// that is meant, the first `Self` is an error that names it. Otherwise rustc refuses the alias, and
/// nothing else.
pub(crate) fn renamed(input: &TokenStream, errors: &mut Errors) -> (TokenStream, TokenStream) {
    let mut first = None;
    let input = in_stream(input.clone(), &mut first);
    let alias = first.map(|itself| {
        let name = name();
        let meant = type_around(itself.span());
        let meant = meant.and_then(|meant| Some((syn::parse_str::<Type>(&meant).ok()?, meant)));
        let ty = if let Some((ty, written)) = meant {
            errors.at(
                &itself,
                format!("a flow cannot name the type around it by `Self`: write `{written}`"),
            );
            ty.to_token_stream()
        } else {
            itself.into_token_stream()
        };
        quote!(type #name = #ty;)
    });
    (input, alias.unwrap_or_default())
}

fn in_stream(input: TokenStream, first: &mut Option<Ident>) -> TokenStream {
    let tokens = input.into_iter().map(|token| match token {
        TokenTree::Ident(word) if word == "Self" => {
            let mut name = name();
            name.set_span(word.span().resolved_at(name.span()));
            first.get_or_insert(word);
            name.into()
        }
        TokenTree::Group(group) if mentions(&group) => {
            let stream = in_stream(group.stream(), first);
            let mut changed = Group::new(group.delimiter(), stream);
            changed.set_span(group.span());
            changed.into()
        }
        token => token,
    });
    tokens.collect()
}

/// Other groups keep the spans of their brackets.
fn mentions(group: &Group) -> bool {
    group.stream().into_iter().any(|token| match token {
        TokenTree::Ident(word) => word == "Self",
        TokenTree::Group(group) => mentions(&group),
        _ => false,
    })
}

fn name() -> Ident {
    Ident::new("__Itself", Span::call_site())
}
