//! A type of the user's that is called `Answered` is made from an event as any other.
use flow_core::{Cx, Event, flow, handler};

#[derive(Event)]
struct Approve(u32);

struct Answered<T>(T);

impl From<Approve> for Answered<Approve> {
    fn from(event: Approve) -> Self {
        Self(event)
    }
}

#[handler(emits = Approve)]
async fn begin(cx: &Cx) {
    cx.emit(Approve(7));
}

#[handler(on = Approve)]
async fn note(Answered(Approve(number)): Answered<Approve>, cx: &Cx) {
    cx.put(number.to_string()).await;
}

struct Plain;

#[handler]
async fn plain() -> Answered<Plain> {
    Answered(Plain)
}

#[handler]
async fn take(Answered(Plain): Answered<Plain>) {}

fn main() {
    let _ = flow! { start -> plain -> take };
    let flow = flow! { start -> begin; when Approve -> note };
    let items: Vec<_> = flow.blocking_iter(()).map(Result::unwrap).collect();
    assert_eq!(items, ["7"]);
}
