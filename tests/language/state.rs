//! `state T;`: state that the handlers of one execution share.

use flow_core::{Cx, Event, State, flow, handler};

use crate::items;

#[derive(Event, Clone)]
struct Add(u32);

#[derive(Default)]
struct Total(u32);

struct Greeting(String);

impl Greeting {
    fn of(name: &&'static str) -> Self {
        Self(format!("hello, {name}"))
    }
}

#[handler(emits = "Add")]
async fn begin(cx: &Cx) {
    for n in 1..=4 {
        cx.emit(Add(n));
    }
}

#[handler(on = "Add")]
async fn add(Add(n): Add, cx: &Cx, total: State<Total>) {
    let before = total.with(|total| total.0);
    tokio::task::yield_now().await;
    let after = total.with(|total| {
        total.0 += n;
        total.0
    });
    cx.put(format!("{before} {after}")).await;
}

#[tokio::test]
async fn concurrent_handlers_share_it_and_each_execution_has_its_own() {
    let flow = flow! { state Total; start -> begin; when Add -> add };
    for _ in 0..2 {
        let totals = items(flow.stream(())).await;
        assert!(
            totals.iter().all(|total| total.starts_with("0 ")),
            "{totals:?}"
        );
        assert_eq!(totals.last().unwrap(), "0 10");
    }
}

#[tokio::test]
async fn it_may_be_made_from_the_input() {
    #[handler]
    async fn greet(greeting: State<Greeting>, cx: &Cx) {
        cx.put(greeting.with(|greeting| greeting.0.clone())).await;
    }
    let flow = flow! { state Greeting = Greeting::of; start(&'static str) -> greet };
    assert_eq!(items(flow.stream("Ada")).await, ["hello, Ada"]);
}

#[test]
#[should_panic = "inside `State::with`"]
fn a_nested_access_panics_instead_of_deadlocking() {
    let state = State::new(1);
    let again = state.clone();
    state.with(|_| again.with(|n| *n));
}
