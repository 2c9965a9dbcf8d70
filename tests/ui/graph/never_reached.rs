// Clauses that only lead to each other.
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
struct Ping;

#[derive(Event)]
struct Pong;

#[handler(on = "Pong", emits = "Ping")]
async fn ping(cx: &Cx) {
    cx.emit(Ping);
}

#[handler(on = "Ping", emits = "Pong")]
async fn pong(cx: &Cx) {
    cx.emit(Pong);
}

fn main() {
    let _ = flow! {
        start -> get_input;
        when UserInput -> stream_reply;
        when Loop -> get_input;
        when Ping -> pong;
        when Pong -> ping
    };
}
