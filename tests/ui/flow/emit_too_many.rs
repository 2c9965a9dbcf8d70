// A tuple of more events than `emit` takes apart.
use flow_core::{Event, flow, handler};

#[derive(Event)]
struct Tick;

type Ticks = (Tick, Tick, Tick, Tick, Tick, Tick, Tick, Tick, Tick, Tick, Tick, Tick, Tick);

#[handler]
async fn tick() -> Ticks {
    (Tick, Tick, Tick, Tick, Tick, Tick, Tick, Tick, Tick, Tick, Tick, Tick, Tick)
}

#[handler(on = Tick)]
async fn print() {}

fn main() {
    let _ = flow! { start -> tick -> emit; when Tick -> print };
}
