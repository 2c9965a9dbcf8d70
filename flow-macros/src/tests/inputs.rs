//! Half-typed and nonsensical input.

use proc_macro2::{Delimiter, Group, Ident, Literal, Punct, Spacing, Span, TokenStream, TokenTree};
use proptest::prelude::*;
use quote::quote;

/// The words that the macros know, among others.
const WORDS: &[&str] = &[
    "start",
    "when",
    "streams",
    "with",
    "external",
    "ignore",
    "flow",
    "state",
    "rescue",
    "each",
    "match",
    "if",
    "else",
    "end",
    "on",
    "emits",
    "timeout",
    "retry",
    "attempts",
    "backoff",
    "concurrency",
    "max_events",
    "async",
    "fn",
    "pub",
    "self",
    "crate",
    "Loop",
    "UserInput",
    "get_input",
    "Cx",
    "Res",
    "cx",
    "impl",
    "where",
    "_",
];

#[derive(Clone, Debug)]
enum Token {
    Word(&'static str),
    Punct(char),
    Arrow,
    FatArrow,
    Text(&'static str),
    Number(u8),
    Group(u8, Vec<Token>),
}

fn tokens() -> impl Strategy<Value = Vec<Token>> {
    let leaf = prop_oneof![
        6 => prop::sample::select(WORDS).prop_map(Token::Word),
        3 => prop::sample::select(&[';', ',', '=', '<', '>', '&', ':', '-', '|', '#', '.', '\''][..])
            .prop_map(Token::Punct),
        3 => Just(Token::Arrow),
        1 => Just(Token::FatArrow),
        1 => prop::sample::select(&["Loop", "a::B", "", "7", "Vec<u8>", "a b", "::", "é", "30s", "0s"][..])
            .prop_map(Token::Text),
        1 => any::<u8>().prop_map(Token::Number),
    ];
    let token = leaf.prop_recursive(3, 40, 8, |inner| {
        (0..4_u8, prop::collection::vec(inner, 0..8)).prop_map(|(kind, of)| Token::Group(kind, of))
    });
    prop::collection::vec(token, 0..30)
}

fn stream(tokens: &[Token]) -> TokenStream {
    tokens.iter().flat_map(tree).collect()
}

fn tree(token: &Token) -> Vec<TokenTree> {
    match token {
        Token::Word(word) => vec![Ident::new(word, Span::call_site()).into()],
        Token::Punct('\'') => vec![
            Punct::new('\'', Spacing::Joint).into(),
            Ident::new("a", Span::call_site()).into(),
        ],
        Token::Punct(char) => vec![Punct::new(*char, Spacing::Alone).into()],
        Token::Arrow => vec![
            Punct::new('-', Spacing::Joint).into(),
            Punct::new('>', Spacing::Alone).into(),
        ],
        Token::FatArrow => vec![
            Punct::new('=', Spacing::Joint).into(),
            Punct::new('>', Spacing::Alone).into(),
        ],
        Token::Text(text) => vec![Literal::string(text).into()],
        Token::Number(number) => vec![Literal::u8_unsuffixed(*number).into()],
        Token::Group(kind, of) => {
            let delimiter = match kind {
                0 => Delimiter::Parenthesis,
                1 => Delimiter::Bracket,
                2 => Delimiter::Brace,
                _ => Delimiter::None,
            };
            vec![Group::new(delimiter, stream(of)).into()]
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    /// Whatever it says, it is an expression, or items if it has a name: an IDE has something to work
    /// with.
    #[test]
    fn no_flow_makes_the_macro_panic(tokens in tokens()) {
        let flow = crate::flow::expression(stream(&tokens));
        let expression = syn::parse2::<syn::Expr>(flow.clone()).is_ok();
        prop_assert!(expression || syn::parse2::<syn::File>(flow.clone()).is_ok(), "{flow}");
    }

    /// The same behind the words that lead deep into a route.
    #[test]
    fn no_route_makes_the_macro_panic(tokens in tokens(), begin in 0..6_usize) {
        let route = stream(&tokens);
        let flow = match begin {
            0 => quote!(start -> #route),
            1 => quote!(start -> a; when E -> match { #route }),
            2 => quote!(start -> a; when E(x) if #route),
            3 => quote!(start -> (a, #route) -> b),
            4 => quote!(start -> each #route),
            _ => quote!(pub flow Chat #route; start -> a -> end),
        };
        let flow = crate::flow::expression(flow);
        let expression = syn::parse2::<syn::Expr>(flow.clone()).is_ok();
        prop_assert!(expression || syn::parse2::<syn::File>(flow.clone()).is_ok(), "{flow}");
    }

    #[test]
    fn no_argument_makes_the_attribute_panic(tokens in tokens()) {
        let item = quote! { async fn reply(input: UserInput, cx: &Cx) {} };
        let handler = crate::handler::attribute(stream(&tokens), &item);
        prop_assert!(syn::parse2::<syn::File>(handler.clone()).is_ok(), "{handler}");
    }

    /// The function itself may be anything; it comes out as it went in, beside an error.
    #[test]
    fn no_item_makes_the_attribute_panic(tokens in tokens()) {
        let item = stream(&tokens);
        crate::handler::attribute(quote!(on = "Loop"), &item);
        crate::event::derive(item);
    }

    #[test]
    fn no_signature_makes_the_attribute_panic(params in tokens(), returned in tokens()) {
        let (params, returned) = (stream(&params), stream(&returned));
        crate::handler::attribute(
            quote!(on = "Loop"),
            &quote! { async fn reply(#params) -> #returned { .. } },
        );
    }
}
