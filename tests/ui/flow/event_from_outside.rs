// An event is sent from outside, and is not declared `external`.
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
    let execution = flow! {
        start -> get_input;
        when UserInput -> stream_reply;
        when Loop -> get_input
    }
    .spawn(());
    execution.try_emit(Loop).unwrap();
}
