//! The macros as functions from text to text: snapshots of their expansions, and random input that
//! must not make them panic. `UPDATE_EXPECT=1 cargo test -p flow-macros` rewrites the snapshots.

use expect_test::{ExpectFile, expect, expect_file};
use proc_macro2::TokenStream;
use quote::quote;

mod inputs;

/// Formats the output of a macro.
fn pretty(tokens: TokenStream) -> String {
    let text = tokens.to_string();
    let file: syn::File = syn::parse2(tokens).unwrap_or_else(|error| panic!("{error}: {text}"));
    prettyplease::unparse(&file)
}

fn expands_to(tokens: TokenStream, expected: &ExpectFile) {
    expected.assert_eq(&pretty(tokens));
}

/// An expression, wrapped in the file that `pretty` needs.
fn in_main(expression: &TokenStream) -> TokenStream {
    quote!(fn main() { let flow = #expression; })
}

#[test]
fn an_event() {
    let event = crate::event::derive(quote! {
        struct UserInput(String);
    });
    expands_to(event, &expect_file!["snapshots/event.rs"]);
}

#[test]
fn a_handler() {
    let handler = crate::handler::attribute(
        quote!(on = "UserInput", emits = "Loop"),
        &quote! {
            /// Answers.
            pub async fn stream_reply(
                UserInput(question): UserInput,
                cx: &Cx,
                llm: Res<Llm>,
            ) -> Result<()> {
                cx.put(llm.ask(question)).await;
                Ok(())
            }
        },
    );
    expands_to(handler, &expect_file!["snapshots/handler.rs"]);
}

#[test]
fn a_handler_with_limits() {
    let handler = crate::handler::attribute(
        quote!(
            on = "Ask",
            timeout = "1m 30s",
            retry(attempts = 3, backoff = "250ms", max = "10s", if = is_transient),
            concurrency = 4
        ),
        &quote! {
            async fn fetch(Ask(question): Ask, llm: Res<Llm>) -> Result<String> {
                llm.ask(question).await
            }
        },
    );
    expands_to(handler, &expect_file!["snapshots/handler_with_limits.rs"]);
}

#[test]
fn a_handler_with_a_shared_limit() {
    let handler = crate::handler::attribute(
        quote!(concurrency(4, shared)),
        &quote! {
            async fn fetch(question: String) -> String {
                question
            }
        },
    );
    expands_to(
        handler,
        &expect_file!["snapshots/handler_with_a_shared_limit.rs"],
    );
}

#[test]
fn a_handler_in_error() {
    let handler = crate::handler::attribute(
        quote!(onn = "UserInput"),
        &quote! {
            async fn stream_reply(input: UserInput, cx: &Cx) {
                cx.put(input.0).await;
            }
        },
    );
    expands_to(handler, &expect_file!["snapshots/handler_in_error.rs"]);
}

#[test]
fn a_flow() {
    let flow = crate::flow::expression(&quote! {
        with Llm;
        start -> get_input;
        when UserInput -> stream_reply;
        when UserInput -> log;
        when events::Loop -> get_input
    });
    expands_to(in_main(&flow), &expect_file!["snapshots/flow.rs"]);
}

#[test]
fn a_handler_in_documentation() {
    // In the form that `#[handler]` passes on: generic, and with its arguments.
    let handler = crate::handler::document(
        quote!(
            on = ["UserInput", "Review"],
            emits = "Loop",
            streams = Token
        ),
        &quote! {
            /// Answers.
            pub async fn stream_reply<__R: ::flow_core::Router>(
                Input { text, .. }: Input,
                cx: &Cx<__R, stream_reply>,
                llm: Res<Llm>,
            ) -> Result<()> {
                cx.put(llm.ask(text)).await;
                Ok(())
            }
        },
    );
    expands_to(handler, &expect_file!["snapshots/handler_documented.rs"]);
}

/// The text that rustdoc shows for the flow and for its events.
#[test]
fn the_page_of_a_named_flow() {
    // Parsed from text, so that the tokens have spans.
    let flow = r#"
        /// Sells.
        pub flow Shop(Vec<String>) -> String;
        with Llm;
        with dyn Store = open_store;
        state u32 = count;
        external Order;
        timeout "90s";
        max_events 10_000;
        max_pending 1_000;
        concurrency 8;
        start -> each (weigh -> wrap)[8] -> (count, describe) -> send;
        when Order(note) if note == "a | b" -> send else -> ignore;
        when Paid & shop::Packed -> ask -> match {
            Answer::Yes(n) if n > 90 => thank -> end,
            _ => ignore
        };
        rescue weigh -> send
    "#;
    let item = quote!(
        pub struct Shop(Infallible);
    );
    let page = crate::flow::document(flow.parse().unwrap(), &item);
    let page: syn::File = syn::parse2(page).unwrap();
    let docs = page.items.iter().find_map(|item| match item {
        syn::Item::Struct(item) => Some(crate::docs::docs(&item.attrs)),
        _ => None,
    });
    expect_file!["snapshots/named_flow.md"].assert_eq(&docs.unwrap());
    let events = page.items.iter().filter_map(|item| match item {
        syn::Item::Impl(item) => Some((crate::docs::docs(&item.attrs), item.self_ty.clone())),
        _ => None,
    });
    let events = events.map(|(docs, event)| format!("{}: {docs}", quote!(#event)));
    assert_eq!(
        events.collect::<Vec<_>>(),
        [
            "Order: `when Order(note) if note == \"a | b\" -> send else -> ignore`",
            "Paid: `when Paid & shop::Packed -> ask -> match { Answer::Yes(n) if n > 90 => thank -> end, \
             _ => ignore }`",
            "shop :: Packed: `when Paid & shop::Packed -> ask -> match { Answer::Yes(n) if n > 90 => \
             thank -> end, _ => ignore }`",
        ]
    );
}

/// What rustdoc shows of questions: their limits, and the stages that ask them.
#[test]
fn the_page_of_a_flow_that_asks() {
    let flow = r#"
        flow Approve(Draft) -> bool;
        start -> ask Review within "1h" else lapse -> ask Publish -> decide -> end;
        when Late -> ask Review within LATE else lapse -> ignore;
        ask Price within "3h" -> set
    "#;
    let item = quote!(
        struct Approve(Infallible);
    );
    let page = crate::flow::document(flow.parse().unwrap(), &item);
    let page: syn::File = syn::parse2(page).unwrap();
    let mut events = Vec::new();
    for item in &page.items {
        match item {
            syn::Item::Struct(item) => {
                let docs = crate::docs::docs(&item.attrs);
                for shown in [
                    "ask Review within `\"1h\"`<",
                    "within `LATE`<",
                    "ask within `\"3h\"`<",
                ] {
                    assert!(docs.contains(shown), "no {shown} in {docs}");
                }
            }
            syn::Item::Impl(item) => {
                let (docs, event) = (crate::docs::docs(&item.attrs), &item.self_ty);
                events.push(format!("{}: {docs}", quote!(#event)));
            }
            _ => {}
        }
    }
    expect![[r"
        Late: `when Late -> ask Review else lapse -> ignore`
        Price: `ask Price`
        Review: `start -> ask Review else lapse -> ask Publish -> decide -> end`

        `when Late -> ask Review else lapse -> ignore`
        Publish: `start -> ask Review else lapse -> ask Publish -> decide -> end`"]]
    .assert_eq(&events.join("\n"));
}

#[test]
fn a_flow_in_error_keeps_its_other_clauses() {
    let flow = crate::flow::expression(&quote! {
        start -> get_input;
        whem UserInput -> stream_reply;
        when UserInp;
        when Loop -> get_input
    });
    expands_to(in_main(&flow), &expect_file!["snapshots/flow_in_error.rs"]);
}

/// A flow with this many clauses, each with its own handler and event.
fn flow_of(clauses: usize) -> String {
    let clauses = (1..clauses).map(|index| format!("when E{index} -> h{index};"));
    let clauses: String = clauses.collect();
    let tokens: TokenStream = format!("start(E0) -> h0; {clauses}").parse().unwrap();
    crate::flow::expression(&tokens).to_string()
}

#[test]
fn many_clauses_are_types_and_few_are_arms() {
    // `tests/language/many.rs` relies on this.
    assert!(!flow_of(32).contains("__Bundle0"));
    assert!(flow_of(33).contains("__Bundle4"));
    assert!(!flow_of(33).contains("__Bundle5"));
}

#[test]
fn many_events_are_looked_up_in_parts() {
    // The first clause takes no event.
    assert!(!flow_of(17).contains("__deliver_"));
    assert!(flow_of(18).contains("__deliver_1"));
}

#[test]
fn a_condition_that_begins_with_a_block_is_one_expression() {
    let flow = crate::flow::expression(&quote! {
        start -> a;
        when E(n) if { n } > 9 -> b else -> c
    });
    assert!(syn::parse2::<syn::Expr>(flow.clone()).is_ok(), "{flow}");
}

#[cfg(feature = "durable")]
#[test]
fn the_way_to_a_call_of_a_durable_flow_has_an_end() {
    let deep = |inner: &TokenStream| {
        let route = (0..8).fold(inner.clone(), |route, _| quote!(each (#route)));
        let flow = crate::flow::expression(&quote! { durable; start -> many -> #route });
        let too_deep = "a durable flow has at most 8 `each`, `first` and `else` of branches";
        flow.to_string().contains(too_deep)
    };
    assert!(deep(&quote!(first(one, two))));
    assert!(deep(&quote!(((one, two) -> three) else four)));
    // Only one of its calls runs at a time.
    assert!(!deep(&quote!((one -> two) else three)));
}

#[cfg(feature = "durable")]
#[test]
fn the_branches_of_a_first_have_a_number_each_in_a_durable_flow() {
    let has_too_many = |word: &TokenStream, branches: usize| {
        let branches = (0..branches).map(|_| quote!(one));
        let first = quote!(first(#(#branches),*));
        let flow = crate::flow::expression(&quote! { #word start -> one -> #first });
        let too_many = "a durable flow has at most 256 branches in a `first`";
        flow.to_string().contains(too_many)
    };
    assert!(!has_too_many(&quote!(durable;), 256));
    assert!(has_too_many(&quote!(durable;), 257));
    assert!(!has_too_many(&quote!(), 257));
}

#[cfg(not(feature = "durable"))]
#[test]
fn a_durable_flow_names_the_feature_that_it_needs() {
    let flow = crate::flow::expression(&quote! { durable; start -> one });
    let text = flow.to_string();
    assert!(
        text.contains("`durable` needs the feature of the same name"),
        "{text}"
    );
    assert_eq!(text.matches("compile_error").count(), 1, "{text}");
}
