// A generic event.
use flow_core::Event;

#[derive(Event)]
struct Wrapped<T>(T);

fn main() {}
