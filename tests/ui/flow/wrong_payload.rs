// A handler without `on` does not take the event.
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
struct Tick(u32);

#[handler(emits = "Tick")]
async fn count(Tick(n): Tick, cx: &Cx) {
    if n < 3 {
        cx.emit(Tick(n + 1));
    }
}

fn main() {
    let _ = flow! {
        start -> get_input;
        when UserInput -> count;
        when Tick -> count
    };
}
