//! Half-typed and nonsensical input.

use proc_macro2::{Delimiter, Group, Ident, Literal, Punct, Spacing, Span, TokenStream, TokenTree};
use proptest::prelude::*;
use proptest::test_runner::TestCaseError;
use quote::quote;

/// The keywords of the macros, and some other words.
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
    "idle_timeout",
    "drain",
    "within",
    "finally",
    "every",
    "first",
    "now",
    "skip",
    "retry",
    "once",
    "max",
    "jitter",
    "true",
    "attempts",
    "backoff",
    "concurrency",
    "max_events",
    "max_pending",
    "sound",
    "durable",
    "crate",
    "async",
    "fn",
    "pub",
    "self",
    "Loop",
    "UserInput",
    "get_input",
    "Cx",
    "Res",
    "cx",
    "impl",
    "where",
    "struct",
    "enum",
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

/// As many cases as `PROPTEST_CASES` requests, or a few.
fn config() -> ProptestConfig {
    let mut config = ProptestConfig::default();
    if std::env::var_os("PROPTEST_CASES").is_none() {
        config.cases = 200;
    }
    config
}

#[test]
fn the_input_to_be_changed_is_valid() {
    let fine = |tokens: TokenStream| {
        let text = tokens.to_string();
        assert!(!text.contains("compile_error"), "{text}");
    };
    for flow in FLOWS {
        fine(crate::flow::expression(&parsed(flow)));
    }
    for args in ARGUMENTS {
        for function in FUNCTIONS {
            fine(crate::handler::attribute(parsed(args), &parsed(function)));
        }
    }
    for event in &EVENTS[..2] {
        fine(crate::event::derive(parsed(event)));
    }
}

proptest! {
    #![proptest_config(config())]

    /// Any input expands to an expression, or to items if it has a name, so an editor keeps
    /// working.
    #[test]
    fn no_flow_makes_the_macro_panic(tokens in tokens()) {
        is_flow(&stream(&tokens))?;
    }

    /// The same after words that lead deep into a route.
    #[test]
    fn no_route_makes_the_macro_panic(tokens in tokens(), begin in 0..12_usize) {
        let route = stream(&tokens);
        is_flow(&match begin {
            0 => quote!(start -> #route),
            1 => quote!(start -> a; when E -> match { #route }),
            2 => quote!(start -> a; when E(x) if #route),
            3 => quote!(start -> (a, #route) -> b),
            4 => quote!(start -> each #route),
            5 => quote!(pub flow Chat #route; start -> a -> end),
            6 => quote!(start -> a; rescue #route),
            7 => quote!(start -> a; state #route; with #route; with T = #route),
            8 => quote!(timeout #route; start -> a; idle_timeout #route; every #route),
            9 => quote!(max_events #route; max_pending #route; start -> a; external #route),
            10 => quote!(start -> a; ignore #route; when A & B #route),
            _ => quote!(streams #route; start -> a; when A | #route -> b),
        })?;
    }

    #[test]
    fn no_argument_makes_the_attribute_panic(tokens in tokens()) {
        let item = quote! { async fn reply(input: UserInput, cx: &Cx) {} };
        let handler = crate::handler::attribute(stream(&tokens), &item);
        prop_assert!(syn::parse2::<syn::File>(handler.clone()).is_ok(), "{handler}");
    }

    /// The item may be anything; it is kept, next to an error.
    #[test]
    fn no_item_makes_the_attribute_panic(tokens in tokens()) {
        is_handler(quote!(on = "Loop"), &stream(&tokens))?;
    }

    #[test]
    fn no_item_makes_the_derive_panic(tokens in tokens()) {
        are_items(&crate::event::derive(stream(&tokens)))?;
    }

    #[test]
    fn no_signature_makes_the_attribute_panic(params in tokens(), returned in tokens()) {
        let (params, returned) = (stream(&params), stream(&returned));
        crate::handler::attribute(
            quote!(on = "Loop"),
            &quote! { async fn reply(#params) -> #returned { .. } },
        );
    }

    /// The same after keys that take more than a word.
    #[test]
    fn no_limit_makes_the_attribute_panic(tokens in tokens(), begin in 0..6_usize) {
        let limit = stream(&tokens);
        let args = match begin {
            0 => quote!(on = "Loop", timeout = #limit),
            1 => quote!(retry(#limit), concurrency = 4),
            2 => quote!(retry(attempts = 3, #limit)),
            3 => quote!(concurrency = #limit, emits = "Loop"),
            4 => quote!(concurrency(#limit), emits = "Loop"),
            _ => quote!(emits = [#limit], timeout = "1s", streams = "u32"),
        };
        is_handler(args, &quote! { async fn reply(input: UserInput, cx: &Cx) -> Result<()> {} })?;
    }

    #[test]
    fn no_changed_flow_makes_the_macro_panic(
        flow in 0..FLOWS.len(),
        changes in changes(),
    ) {
        is_flow(&changed(FLOWS[flow], &changes))?;
    }

    #[test]
    fn no_changed_handler_makes_the_attribute_panic(
        (args, item) in (0..ARGUMENTS.len(), 0..FUNCTIONS.len()),
        (of_args, of_item) in (changes(), changes()),
    ) {
        is_handler(changed(ARGUMENTS[args], &of_args), &parsed(FUNCTIONS[item]))?;
        is_handler(parsed(ARGUMENTS[args]), &changed(FUNCTIONS[item], &of_item))?;
    }

    #[test]
    fn no_changed_event_makes_the_derive_panic(event in 0..EVENTS.len(), changes in changes()) {
        are_items(&crate::event::derive(changed(EVENTS[event], &changes)))?;
    }
}

/// Valid input, which the tests change.
const FLOWS: &[&str] = &[
    "pub flow Chat(Question) -> Answer streams Token; with Llm; with Db = open; state u32 = count; state Total; \
     timeout \"5m\"; idle_timeout \"30s\"; max_events 10_000; max_pending 1_000; \
     concurrency 8; sound; drain within \"10s\"; external Approve; ignore Loop; \
     start -> parse -> (count, shout -> trim) -> merge -> end; \
     when A | B -> either; when A & B -> both -> ignore else -> lone; \
     when Batch -> each ((weigh -> wrap) else skip)[8] -> sum -> end now; \
     rescue parse -> apologise; finally within \"30s\" -> close",
    "start(Vec<u8>) -> open; when Score { points, .. } if points > 90 && true -> publish \
     else if points > 50 -> praise else -> comfort; \
     when Verdict -> judge -> match { Verdict::Pass(n) if n > 9 => note -> end, _ => ignore }",
];

const ARGUMENTS: &[&str] = &[
    "on = [\"UserInput\", events::Loop], emits = [\"Done\", Loop], streams = \"Token\"",
    "on = \"Ask\", timeout = \"1m 30s\", \
     retry(attempts = 3, backoff = \"100ms\", max = \"10s\", jitter = false, if = Error::is_transient), \
     concurrency = 4",
];

const FUNCTIONS: &[&str] = &[
    "/// Answers.\n pub async fn reply(UserInput(question): UserInput, cx: &Cx, llm: Res<Llm>) -> Result<()> \
     { let words = llm.ask(&question).await?; cx.put(words).await; cx.emit(Loop); Ok(()) }",
    "async fn meet((left, right): (Left, Right), total: State<Total>) -> u32 \
     { if left { return 1; } loop { cx.stop() } }",
];

const EVENTS: &[&str] = &[
    "/// Said.\n pub(crate) struct UserInput(#[doc = \"x\"] pub String, Vec<u8>);",
    "enum Command { Say(&'static str), Stop { why: String }, Nothing = 3 }",
    "struct Wraps<T: Send, const N: usize>([T; N]) where T: Clone;",
];

/// A change to one token of a piece of code.
#[derive(Clone, Debug)]
enum Change {
    Remove,
    Double,
    Replace(Token),
    Insert(Vec<Token>),
}

fn changes() -> impl Strategy<Value = Vec<(usize, Change)>> {
    let change = prop_oneof![
        2 => Just(Change::Remove),
        1 => Just(Change::Double),
        3 => tokens().prop_filter_map("a token", |tokens| tokens.into_iter().next().map(Change::Replace)),
        1 => prop::collection::vec(tokens(), 1..2).prop_map(|tokens| Change::Insert(tokens.concat())),
    ];
    prop::collection::vec((0..120_usize, change), 0..5)
}

fn parsed(text: &str) -> TokenStream {
    text.parse().unwrap()
}

fn changed(text: &str, changes: &[(usize, Change)]) -> TokenStream {
    changes.iter().fold(parsed(text), |tokens, (at, change)| {
        change_at(tokens, &mut at.clone(), change)
    })
}

fn change_at(tokens: TokenStream, left: &mut usize, change: &Change) -> TokenStream {
    let mut out = TokenStream::new();
    for tree in tokens {
        let here = *left == 0;
        *left = left.wrapping_sub(1);
        let tree = match tree {
            TokenTree::Group(group) if !here => {
                Group::new(group.delimiter(), change_at(group.stream(), left, change)).into()
            }
            tree => tree,
        };
        match change {
            _ if !here => out.extend([tree]),
            Change::Remove => {}
            Change::Double => out.extend([tree.clone(), tree]),
            Change::Replace(token) => out.extend(self::tree(token)),
            Change::Insert(tokens) => {
                out.extend(stream(tokens));
                out.extend([tree]);
            }
        }
    }
    out
}

fn is_flow(tokens: &TokenStream) -> Result<(), TestCaseError> {
    let flow = crate::flow::expression(tokens);
    let expression = syn::parse2::<syn::Expr>(flow.clone()).is_ok();
    prop_assert!(
        expression || syn::parse2::<syn::File>(flow.clone()).is_ok(),
        "{flow}"
    );
    are_items(&crate::flow::document(
        tokens.clone(),
        &quote!(
            pub struct Chat(Infallible);
        ),
    ))
}

/// The output consists of items if the input was a function.
fn is_handler(args: TokenStream, item: &TokenStream) -> Result<(), TestCaseError> {
    let handler = crate::handler::attribute(args.clone(), item);
    if syn::parse2::<syn::File>(item.clone()).is_ok() {
        are_items(&handler)?;
        are_items(&crate::handler::document(args, item))?;
    }
    Ok(())
}

fn are_items(tokens: &TokenStream) -> Result<(), TestCaseError> {
    prop_assert!(syn::parse2::<syn::File>(tokens.clone()).is_ok(), "{tokens}");
    Ok(())
}
