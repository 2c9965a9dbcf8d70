// Alternatives are separated by one `|`.
use flow_core::{Cx, Event, flow, handler};

#[derive(Event)]
struct A;

#[derive(Event)]
struct B;

#[handler(emits = [A, B])]
async fn first(cx: &Cx) {
    cx.emit(A);
    cx.emit(B);
}

#[handler]
async fn work() {}

fn main() {
    let _ = flow! { start -> first; when A || B -> work };
}
