// The parameter is not the event that the handler is `on`.
use flow_core::{Event, handler};

#[derive(Event)]
struct UserInput(String);

#[derive(Event)]
struct Loop;

#[handler(on = "UserInput")]
async fn reply(input: Loop) {
    let _ = input;
}

fn main() {}
