// The body emits an event, and there is no `emits`.
use flow_core::{Cx, Event, handler};

#[derive(Event)]
struct UserInput(String);

#[derive(Event)]
struct Quit;

#[handler(on = "UserInput")]
async fn reply(_input: UserInput, cx: &Cx) {
    cx.emit(Quit);
}

fn main() {}
