// The body emits an event that `emits` does not list.
use flow_core::{Cx, Event, handler};

#[derive(Event)]
struct UserInput(String);

#[derive(Event)]
struct Loop;

#[derive(Event)]
struct Quit;

#[handler(on = "UserInput", emits = "Loop")]
async fn reply(_input: UserInput, cx: &Cx) {
    cx.emit(Loop);
    cx.emit(Quit);
}

fn main() {}
