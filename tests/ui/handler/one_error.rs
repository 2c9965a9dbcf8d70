// A handler with an error is reported once, not again by its body or its flows.
use flow_core::{Cx, Event, flow, handler};

#[derive(Event)]
struct UserInput(String);

#[derive(Event)]
struct Loop;

#[handler(onn = "Loop", emits = "UserInput")]
async fn get_input(cx: &Cx) {
    cx.put("no error on this line").await;
    cx.emit(UserInput(String::new()));
    if cx.attempt() > 1 {
        cx.ending().await;
    }
}

#[handler(on = "UserInput", emits = "Loop")]
async fn stream_reply(UserInput(question): UserInput, cx: &Cx) {
    cx.put(question).await;
    cx.emit(Loop);
}

fn main() {
    let chat = flow! {
        start -> get_input;
        when UserInput -> stream_reply;
        when Loop -> get_input
    };
    let _no_error_on_this_line = chat.stream(());
}
