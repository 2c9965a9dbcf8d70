//! The basics: two handlers, and an event that wires them.
//!
//! A handler is an async function. Its `cx` puts items into the stream that the caller reads, and
//! emits events; the flow declares which handler takes each of them.
//!
//! `cargo run --example 01_basics` prints
//!
//! ```text
//! Hello Ada, what will it be?
//! One flat white for Ada!
//! ```

use flow_core::{Cx, Event, Result, flow, handler};
use futures::TryStreamExt;

/// An event is a type; its fields are its payload.
#[derive(Event)]
struct Order {
    guest: &'static str,
    drink: &'static str,
}

#[handler(emits = Order)]
async fn greet(guest: &'static str, cx: &Cx) {
    cx.put(format!("Hello {guest}, what will it be?")).await;
    cx.emit(Order {
        guest,
        drink: "flat white",
    });
}

#[handler(on = Order)]
async fn serve(Order { guest, drink }: Order, cx: &Cx) {
    cx.put(format!("One {drink} for {guest}!")).await;
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<()> {
    let cafe = flow! {
        start(&'static str) -> greet;
        when Order -> serve
    };

    let mut lines = cafe.stream("Ada");
    while let Some(line) = lines.try_next().await? {
        println!("{line}");
    }
    Ok(())
}
