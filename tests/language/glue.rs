//! Closures and constructors as stages.

use std::sync::{Arc, Mutex};

use flow_core::lifecycle::{LifecycleEvent, LifecycleKind};
use flow_core::{BoxError, Cx, Event, Failed, FlowErrorKind, Res, Result, flow, handler};

use crate::items;

#[handler]
async fn double(n: u32) -> u32 {
    2 * n
}

#[handler]
async fn words(text: String) -> Vec<String> {
    text.split(' ').map(str::to_owned).collect()
}

#[tokio::test]
async fn a_closure_passes_on_what_it_returns() {
    let flow = flow! { flow -> u32; start(u32) -> |n: u32| n + 1 -> double -> |n| n - 1 -> end };
    assert_eq!(flow.run(3).await.unwrap(), 7);
}

#[tokio::test]
async fn the_parameter_has_the_type_of_what_arrives() {
    let flow = flow! {
        flow -> usize;
        start(String) -> words -> each (|word| word.len())[8] -> |all| all.iter().sum::<usize>() -> end
    };
    assert_eq!(flow.run("to be or not".to_owned()).await.unwrap(), 9);
}

#[handler]
async fn number(word: String) -> Result<u32> {
    Ok(word.parse()?)
}

#[tokio::test]
async fn a_closure_stands_in_for_a_stage_that_fails() {
    let flow = flow! {
        flow -> Vec<u32>;
        start(String) -> words -> each (number else |_| 0)[8] -> end
    };
    assert_eq!(flow.run("1 two 3".to_owned()).await.unwrap(), [1, 0, 3]);
    let told = flow! {
        flow -> String;
        start(String)
            -> (number -> |n| n.to_string()) else |failed: Failed| failed.handler.to_owned()
            -> end
    };
    assert_eq!(told.run("1".to_owned()).await.unwrap(), "1");
    assert_eq!(told.run("one".to_owned()).await.unwrap(), "number");
}

#[tokio::test]
async fn a_closure_that_stands_in_takes_the_cause_that_it_names() {
    let told = flow! {
        flow -> Vec<String>;
        start(String)
            -> words
            -> each ((number -> |n| n.to_string())
                else |failed: Failed<BoxError, String>| format!("{}?", failed.cause))[8]
            -> end
    };
    assert_eq!(told.run("1 two".to_owned()).await.unwrap(), ["1", "two?"]);
    // Made by `From`, as for a handler.
    let length = flow! {
        flow -> usize;
        start(String) -> (number -> |n| n as usize) else |failed: Failed<BoxError, Text>| failed.cause.0.len() -> end
    };
    assert_eq!(length.run("three".to_owned()).await.unwrap(), 5);
}

struct Text(String);

impl From<String> for Text {
    fn from(text: String) -> Self {
        Self(text)
    }
}

#[tokio::test]
async fn constructors_are_stages() {
    let some = flow! { start(u32) -> double -> Some -> end };
    assert_eq!(some.run(3).await.unwrap(), Some(6));
    let ok = flow! { flow -> std::result::Result<u32, String>; start(u32) -> double -> Ok -> end };
    assert_eq!(ok.run(3).await.unwrap(), Ok(6));
    let either = flow! {
        flow -> std::result::Result<u32, String>;
        start(u32) -> match {
            0 => |()| "zero".to_owned() -> Err,
            n => Ok,
        } -> end
    };
    assert_eq!(either.run(3).await.unwrap(), Ok(3));
    assert_eq!(either.run(0).await.unwrap(), Err("zero".to_owned()));
}

#[handler]
async fn either_way(all: (u32, Option<u32>)) -> u32 {
    all.0 + all.1.unwrap_or(0)
}

#[tokio::test]
async fn a_closure_is_a_branch_of_a_join() {
    let flow = flow! { start(u32) -> (|n| n / 2, |n| n.checked_sub(3)) -> either_way -> end };
    assert_eq!(flow.run(8).await.unwrap(), 9);
}

#[derive(Clone, Debug, Event, PartialEq)]
struct Order {
    id: u32,
}

#[derive(Event)]
struct Shipped(u32);

#[handler]
async fn order(id: u32) -> Order {
    Order { id }
}

#[handler(on = Shipped)]
async fn print(Shipped(id): Shipped, cx: &Cx) {
    cx.put(format!("{id} is shipped")).await;
}

#[tokio::test]
async fn a_closure_takes_an_event_and_makes_another() {
    let flow = flow! {
        start(u32) -> order -> emit;
        when Order -> |order| Shipped(order.id) -> emit;
        when Shipped -> print
    };
    assert_eq!(items(flow.stream(3)).await, ["3 is shipped"]);
}

struct Factor(u32);

#[handler]
async fn times(n: u32, factor: Res<Factor>) -> u32 {
    n * factor.0
}

#[tokio::test]
async fn a_closure_names_what_its_module_defines() {
    const OFFSET: u32 = 10;
    fn square(n: u32) -> u32 {
        n * n
    }
    let flow = flow! {
        flow -> Vec<u32>;
        with Factor;
        start(u32) -> times -> |n| -> Vec<u32> {
            let half = |n: u32| -> Option<u32> { Some(n.checked_sub(1)? / 2) };
            (0..n).map(square).map(|n| n + OFFSET).filter_map(half).collect()
        } -> end
    };
    assert_eq!(flow.with(Factor(2)).run(1).await.unwrap(), [4, 5]);
}

#[tokio::test]
async fn a_panic_of_a_closure_is_not_that_of_the_handler_before_it() {
    let flow = flow! { flow -> u32; start(u32) -> double -> |n| 10 / n -> end };
    let error = flow.run(0).await.unwrap_err();
    assert_eq!(error.kind(), FlowErrorKind::Panicked);
    assert_eq!(error.handler(), None);
}

#[tokio::test]
async fn a_closure_without_a_value_ends_a_clause() {
    let flow = flow! { start(u32) -> double -> |_| () };
    assert_eq!(items(flow.stream(3)).await, [""; 0]);
    let dropped = flow! { start(u32) -> double -> |n| n + 1 -> ignore };
    assert_eq!(items(dropped.stream(3)).await, [""; 0]);
}

#[test]
fn a_picture_shows_the_code_of_a_closure() {
    let flow = flow! { start(u32) -> double -> |n| n + 1 -> ignore };
    let drawn = flow.graph().to_mermaid();
    assert!(
        drawn.contains("closure[/\"#124;n#124; n #43; 1\"/]"),
        "{drawn}"
    );
    assert!(drawn.contains("h_double --> closure"), "{drawn}");
}

#[tokio::test]
async fn observers_are_told_only_of_handlers() {
    let started = Arc::new(Mutex::new(Vec::new()));
    let starting = Arc::clone(&started);
    let flow = flow! { start(u32) -> |n: u32| n + 1 -> double -> |n| n + 1 -> ignore };
    let flow = flow.observe(move |event: &LifecycleEvent| {
        if let LifecycleKind::HandlerStarted { handler } = event.kind {
            starting.lock().unwrap().push(handler);
        }
    });
    assert_eq!(items(flow.stream(3)).await, [""; 0]);
    assert_eq!(*started.lock().unwrap(), ["double"]);
}

#[handler]
async fn long(n: u64) -> u64 {
    n
}

#[tokio::test]
async fn a_literal_has_the_type_that_the_next_handler_takes() {
    let flow = flow! { start(u32) -> |_| 7 -> long -> end };
    assert_eq!(flow.run(3).await.unwrap(), 7);
}
