// An enum that is an event, and holds one in each variant.
use flow_core::{Event, Events};

#[derive(Debug, Event)]
struct Found(u32);

/// What comes out.
#[derive(Events)]
#[derive(Debug, Event)]
enum Outcome {
    Found(Found),
}

fn main() {}
