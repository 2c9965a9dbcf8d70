// A question is asked by emitting it.
use flow_core::{Answered, Asked, Cx, Event, flow, handler};

#[derive(Clone, Event)]
struct A;

#[derive(Clone, Event)]
#[event(answer = bool)]
struct Q;

#[handler(emits = [A, Q])]
async fn first(cx: &Cx) {
    cx.emit(A);
    cx.emit(Q);
}

#[handler]
async fn decide(_answered: Answered<Q>) {}

fn main() {
    let _ = flow! { streams Asked<Q>; start -> first; when A -> ask Q -> decide; ask Q -> decide };
}
