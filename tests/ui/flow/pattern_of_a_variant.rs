// A clause waits for an event, and not for a variant of one.
use flow_core::{Event, flow, handler};

#[derive(Event)]
enum Outcome {
    Found(u32),
    Nothing,
}

#[handler]
async fn search(n: u32) -> Outcome {
    if n > 3 { Outcome::Found(n) } else { Outcome::Nothing }
}

#[handler]
async fn print(_: u32) {}

fn main() {
    let _ = flow! { start(u32) -> search -> emit; when Outcome::Found(n) -> print };
    let _ = flow! {
        start(u32) -> search -> emit;
        when Outcome::Found(n) if n > 3 -> print else -> ignore
    };
    let _ = flow! { start(u32) -> search -> emit; when Outcome::Nothing -> ignore };
}
