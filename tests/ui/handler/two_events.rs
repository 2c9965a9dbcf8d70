// Two parameters that could each be the event.
use flow_core::{Event, handler};

#[derive(Event)]
struct UserInput(String);

#[derive(Event)]
struct Loop;

#[handler(on = "UserInput")]
async fn reply(input: UserInput, again: Loop) {
    let _ = (input, again);
}

fn main() {}
