// The body puts items of a type that the handler does not stream.
use flow_core::{Cx, Event, handler};

#[derive(Event)]
struct UserInput(String);

#[handler(on = "UserInput")]
async fn reply(_input: UserInput, cx: &Cx) {
    cx.put(42).await;
}

fn main() {}
