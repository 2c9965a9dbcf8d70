// Parameters that are borrowed and must not be, or the reverse.
use flow_core::{Cx, Event, handler};

#[derive(Event)]
struct UserInput(String);

#[handler(on = "UserInput")]
async fn reply(input: &UserInput, cx: Cx) {
    let _ = (input, cx);
}

#[handler]
async fn again(cx: &mut Cx) {
    cx.stop();
}

fn main() {}
