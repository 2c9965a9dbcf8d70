//! The output of the macros raises no lint. Clippy checks this file, and rustc alone
//! `ui/pass/lints.rs`.
#![deny(clippy::all, clippy::pedantic)]
#![deny(warnings, missing_docs, missing_debug_implementations, unreachable_pub)]
#![deny(rust_2018_idioms, unused_qualifications, single_use_lifetimes)]

use flow_core::{Cx, Event, Res, flow, handler};

/// An event.
#[derive(Clone, Debug, Event)]
pub struct UserInput(pub String);

/// A resource.
#[derive(Debug)]
pub struct Llm;

/// A handler.
///
/// # Errors
///
/// None.
#[handler(emits = "UserInput")]
pub async fn get_input(cx: &Cx, _llm: Res<Llm>) -> flow_core::Result<()> {
    cx.emit(UserInput("3".parse::<u8>()?.to_string()));
    Ok(())
}

#[handler(on = "UserInput")]
async fn stream_reply(UserInput(mut question): UserInput, cx: &Cx) {
    question.push('!');
    cx.put(question).await;
}

/// A handler with limits.
///
/// # Errors
///
/// If it is not a number.
#[handler(
    on = "UserInput",
    timeout = "30s",
    retry(attempts = 3, jitter = false, if = is_transient),
    concurrency = 4
)]
pub async fn count(UserInput(mut text): UserInput, cx: &Cx) -> flow_core::Result<u32> {
    text.push('0');
    cx.put(text.as_str()).await;
    Ok(text.parse()?)
}

fn is_transient(error: &flow_core::BoxError) -> bool {
    error.is::<std::io::Error>()
}

#[handler(timeout = "2h")]
async fn pause() -> u8 {
    3
}

#[test]
fn a_flow_with_limits_raises_no_lint() {
    let flow = flow! {
        timeout "1d";
        idle_timeout "12h";
        max_events 1_000;
        max_pending 1_000;
        concurrency 8;
        with Llm;
        start -> get_input;
        when UserInput -> count -> ignore;
        when UserInput -> pause -> ignore
    };
    assert_eq!(flow.with(Llm).blocking_iter(()).count(), 1);
}

#[test]
fn a_flow_raises_no_lint() {
    let chat = flow! {
        with Llm;
        start -> get_input;
        when UserInput -> stream_reply
    };
    assert_eq!(chat.with(Llm).blocking_iter(()).count(), 1);
}

#[test]
fn a_value_without_a_destructor_that_is_ignored_raises_no_lint() {
    let flow = flow! { start(u32) -> ignore };
    assert_eq!(flow.blocking_iter(3).count(), 0);
}
