// Two events in one string.
use flow_core::{Cx, Event, handler};

#[derive(Event)]
struct A;

#[derive(Event)]
struct B;

#[handler(emits = "A, B")]
async fn first(cx: &Cx) {
    cx.emit(A);
    cx.emit(B);
}

fn main() {}
