//! `Self` in a flow. It would mean the types of the expansion, which are items of their own, so a
//! flow cannot name the type around it.

use proc_macro2::{Group, Ident, Span, TokenStream, TokenTree};
use quote::quote;

/// The input with another name for `Self`, and an alias of that name. rustc refuses the alias, at
/// the first `Self`, and nothing else.
pub(crate) fn renamed(input: &TokenStream) -> (TokenStream, TokenStream) {
    let mut first = None;
    let input = in_stream(input.clone(), &mut first);
    let alias = first.map(|itself| {
        let name = name();
        quote!(type #name = #itself;)
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
