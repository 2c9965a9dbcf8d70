// Every syntax error of a flow is reported, each at its word.
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
        when UserInput -> end -> get_input;
        when UserInput | Loop & Loop -> get_input;
        when UserInput("text") -> stream_reply;
        when UserInput(text) if text.is_empty() -> stream_reply;
        when UserInput -> if true -> stream_reply else -> get_input;
        when UserInput -> (stream_reply) -> get_input;
        when UserInput -> each;
        when UserInput -> match stream_reply;
        when UserInput -> match { UserInput(text) -> stream_reply };
        when UserInput -> match {};
        42;
        banana Loop;
        streams;
        with;
        state;
        state Loop = ;
        rescue;
        external;
        ignore 7
        when Loop -> get_input
    };
}
