// A handler takes a resource that the flow does not declare.
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

struct Llm;

#[handler(on = "UserInput", emits = "Loop")]
async fn ask(_input: UserInput, cx: &Cx, _llm: flow_core::Res<Llm>) {
    cx.put("asking").await;
    cx.emit(Loop);
}

fn main() {
    let _ = flow! {
        start -> get_input;
        when UserInput -> ask;
        when Loop -> get_input
    };
}
