// A13: every syntax error of a flow, each at its word.
use flow_core::{Cx, Event, flow, handler};

#[derive(Event)]
struct UserInput(String);

#[derive(Event)]
struct Loop;

#[handler(on = "Loop", emits = "UserInput")]
async fn get_input(cx: &Cx) {
    cx.emit(UserInput(String::new()));
}

#[handler(on = "UserInput", emits = "Loop")]
async fn stream_reply(UserInput(question): UserInput, cx: &Cx) {
    cx.put(question).await;
    cx.emit(Loop);
}

fn main() {
    let _ = flow! {
        start -> get_input;
        whem UserInput -> stream_reply;
        when -> stream_reply;
        when Loop => get_input;
        when Loop get_input;
        when Loop ->;
        when Loop;
        when UserInput -> stream_reply -> get_input;
        when UserInput | Loop -> get_input;
        42;
        banana Loop;
        streams;
        with;
        external;
        ignore 7
        when Loop -> get_input
    };
}
