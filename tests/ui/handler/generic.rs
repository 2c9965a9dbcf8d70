// A generic handler.
use flow_core::{Event, handler};

#[derive(Event)]
struct UserInput(String);

#[handler(on = "UserInput")]
async fn reply<T: Send>(input: T) {
    let _ = input;
}

fn main() {}
