// Words that end a route, misspelt.
use flow_core::{Event, flow, handler};

#[derive(Event)]
struct Number(u32);

#[handler]
async fn number(n: u32) -> Number {
    Number(n)
}

#[handler(on = Number)]
async fn print() {}

fn main() {
    let _ = flow! { start(u32) -> number -> emits; when Number -> print };
    let _ = flow! { start(u32) -> number -> now };
}
