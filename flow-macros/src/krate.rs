//! `crate = path`: where the expansion finds flow-core if it is not `::flow_core`.

use proc_macro2::{Group, Ident, Spacing, Span, TokenStream, TokenTree};
use quote::ToTokens;
use syn::Path;
use syn::parse::ParseStream;

use crate::quoted::path;

const EXPECTED: &str =
    "expected the path of the crate `flow_core`, for example `crate = facade::flow_core`";

/// The path, after `crate =`.
pub(crate) fn parse(input: ParseStream<'_>) -> syn::Result<Path> {
    path(input, EXPECTED)
}

/// The expansion with `path` in place of each `::flow_core` that the macro wrote. The path keeps
/// the meaning that it has for its user, at the places of the tokens that it replaces.
pub(crate) fn named(tokens: TokenStream, path: Option<&Path>) -> TokenStream {
    let Some(path) = path else { return tokens };
    let path: Vec<_> = path.to_token_stream().into_iter().collect();
    replaced(&tokens, &path).unwrap_or(tokens)
}

/// The tokens with the path, or `None` if it replaces nothing in them.
fn replaced(tokens: &TokenStream, path: &[TokenTree]) -> Option<TokenStream> {
    let tokens: Vec<_> = tokens.clone().into_iter().collect();
    let mut written = Vec::new();
    let mut is_changed = false;
    let mut rest = tokens.as_slice();
    while let [first, after @ ..] = rest {
        rest = after;
        match (first, after) {
            (TokenTree::Punct(colon), [_, TokenTree::Ident(name), after @ ..])
                if colon.as_char() == ':'
                    && colon.spacing() == Spacing::Joint
                    && name == "flow_core"
                    && !is_segment(written.last())
                    && !is_users(name) =>
            {
                let places = std::iter::once(colon.span()).chain(std::iter::repeat(name.span()));
                written.extend(path.iter().zip(places).map(placed));
                rest = after;
                is_changed = true;
            }
            // Other groups keep the spans of their brackets.
            (TokenTree::Group(group), _) => match replaced(&group.stream(), path) {
                Some(stream) => {
                    let mut changed = Group::new(group.delimiter(), stream);
                    changed.set_span(group.span());
                    written.push(changed.into());
                    is_changed = true;
                }
                None => written.push(first.clone()),
            },
            _ => written.push(first.clone()),
        }
    }
    is_changed.then(|| written.into_iter().collect())
}

/// The token at this place. It belongs to the expansion, so that no lint takes the path for one
/// that its user could shorten; only `$crate` means another thing there.
fn placed((token, place): (&TokenTree, Span)) -> TokenTree {
    let is_of_a_macro = token.to_string() == "$crate";
    let resolved = if is_of_a_macro {
        token.span()
    } else {
        Span::call_site()
    };
    let mut token = token.clone();
    token.set_span(place.resolved_at(resolved));
    token
}

/// Whether `::` after this token continues a path.
fn is_segment(before: Option<&TokenTree>) -> bool {
    let Some(TokenTree::Ident(word)) = before else {
        return false;
    };
    syn::parse2::<Ident>(word.to_token_stream()).is_ok()
        || ["crate", "self", "super", "Self"].contains(&word.to_string().as_str())
}

/// Whether the user wrote this word.
fn is_users(name: &Ident) -> bool {
    name.span().source_text().as_deref() == Some("flow_core")
}

#[cfg(test)]
mod tests {
    use quote::quote;

    use super::named;

    #[test]
    fn only_the_paths_that_the_macro_wrote_are_replaced() {
        let path = syn::parse_quote!(crate::facade);
        let users: proc_macro2::TokenStream = "{ ::flow_core::A; }".parse().unwrap();
        let tokens = quote! {
            impl<T> ::flow_core::A for [::flow_core::B; 1] where T: other::flow_core::C {
                type D = crate::flow_core::D<::flow_core::E>;
            }
            #users
        };
        let replaced = quote! {
            impl<T> crate::facade::A for [crate::facade::B; 1] where T: other::flow_core::C {
                type D = crate::flow_core::D<crate::facade::E>;
            }
            #users
        };
        assert_eq!(named(tokens, Some(&path)).to_string(), replaced.to_string());
    }
}
