// A repeated key, and a repeated event.
use flow_core::{Event, handler};

#[derive(Event)]
struct UserInput(String);

#[derive(Event)]
struct Loop;

#[derive(Event)]
struct Quit;

#[handler(on = "UserInput", on = "Quit", emits = ["Loop", "Loop"])]
async fn reply() {}

fn main() {}
