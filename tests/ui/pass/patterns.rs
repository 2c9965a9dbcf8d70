//! Patterns of events without an `if`.
#![allow(dead_code)]
#![deny(warnings)]

use flow_core::{Event, flow, handler};

mod events {
    use flow_core::Event;

    #[derive(Clone, Event)]
    pub(super) struct Paid {
        pub(super) order: u32,
        pub(super) parts: (u8, [u8; 2]),
    }
}

#[derive(Clone, Event)]
struct Order(u32, String);

#[derive(Event)]
struct Quit;

#[handler]
async fn begin() -> (Order, events::Paid, Quit) {
    let paid = events::Paid {
        order: 1,
        parts: (2, [3, 4]),
    };
    (Order(1, String::new()), paid, Quit)
}

#[handler]
async fn number(_n: u32) {}

#[handler]
async fn bytes(_bytes: (u8, u8)) {}

#[handler]
async fn close() {}

flow! {
    flow Orders;
    start -> begin -> emit;
    when Order(id, _) -> number;
    when Order(id, ..) -> (number, |id| drop(id.to_string())) -> ignore;
    when events::Paid { order, .. } -> number;
    when events::Paid { parts: (one, [_, two]), .. } -> bytes;
    when Quit {} -> close
}

fn main() {}
