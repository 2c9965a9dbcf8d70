// Alternatives are separated by one `|`.
use flow_core::{Answered, Asked, Cx, Event, flow, handler};

#[derive(Clone, Event)]
struct A;

#[derive(Clone, Event)]
struct B;

#[derive(Clone, Event)]
#[event(answer = bool)]
struct Q;

#[handler(emits = [A, B, Q])]
async fn first(cx: &Cx) {
    cx.emit(A);
    cx.emit(B);
    cx.emit(Q);
}

#[handler]
async fn work() {}

#[handler]
async fn decide(_answered: Answered<Q>) {}

fn main() {
    let _ = flow! { streams Asked<Q>; start -> first; when A || B -> work; ask Q -> decide };
}
