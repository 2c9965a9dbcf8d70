//! A crate without the implicit prelude.
#![no_implicit_prelude]

use ::flow_core::{Cx, Event, flow, handler};

#[derive(Event)]
struct UserInput;

#[handler(emits = "UserInput")]
async fn get_input(cx: &Cx) -> ::core::result::Result<(), ::std::io::Error> {
    cx.emit(UserInput);
    ::core::result::Result::Ok(())
}

#[handler(on = "UserInput")]
async fn stream_reply(_input: UserInput, cx: &Cx) {
    cx.put("item").await;
}

fn main() {
    let chat = flow! { start -> get_input; when UserInput -> stream_reply };
    let mut items = chat.blocking_iter(());
    ::std::assert!(::core::iter::Iterator::next(&mut items).is_some());
}
