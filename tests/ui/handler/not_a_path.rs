// The text in quotes is not a path.
use flow_core::{Event, handler};

#[derive(Event)]
struct Loop;

#[derive(Event)]
struct Quit;

#[handler(on = "User Input", emits = ["Loop", 7, "Quit!"], streams = "")]
async fn reply() {}

fn main() {}
