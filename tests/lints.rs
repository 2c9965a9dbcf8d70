//! The macros' output raises no lint; clippy sees this file, `ui/pass/lints.rs` is for rustc alone.
#![deny(clippy::all, clippy::pedantic)]
#![deny(warnings, missing_docs, missing_debug_implementations, unreachable_pub)]
#![deny(rust_2018_idioms, unused_qualifications, single_use_lifetimes)]

use flow_core::{Cx, Event, Res, flow, handler};

/// An event.
#[derive(Debug, Event)]
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

#[test]
fn a_flow_raises_no_lint() {
    let chat = flow! {
        with Llm;
        start -> get_input;
        when UserInput -> stream_reply
    };
    assert_eq!(chat.with(Llm).blocking_iter(()).count(), 1);
}
