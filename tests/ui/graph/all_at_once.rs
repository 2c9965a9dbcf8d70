// Several defects of one flow are reported together, without follow-on errors.
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

#[derive(Event)]
struct Quit;

#[derive(Event)]
struct Asked;

#[handler(on = "Loop", emits = "Asked")]
async fn ask_twice(cx: &Cx) {
    cx.emit(Asked);
}

fn main() {
    let _ = flow! {
        start -> get_input;
        when UserInput -> stream_reply;
        when Quit -> stream_reply;
        when Loop -> ask_twice
    };
}
