// An unknown key.
use flow_core::{Event, handler};

#[derive(Event)]
struct UserInput(String);

#[derive(Event)]
struct Loop;

#[handler(no = "UserInput", emit = "Loop", priority = 3)]
async fn reply() {}

fn main() {}
