// Not a function.
use flow_core::{Event, handler};

#[derive(Event)]
struct UserInput(String);

#[handler(on = "UserInput")]
struct Reply;

fn main() {}
