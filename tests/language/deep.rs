//! Joins and `each` within one another, deeper than rustc follows the types of futures.

#![allow(
    clippy::type_complexity,
    reason = "the type of a value so deep within `each` is the subject"
)]

use flow_core::{Cx, flow, handler};

#[handler]
async fn add_one(n: u64) -> u64 {
    n + 1
}

#[handler]
async fn echo(n: u64) -> u64 {
    n
}

#[rustfmt::skip]
type Nested = Vec<Vec<Vec<Vec<Vec<Vec<Vec<Vec<Vec<Vec<Vec<Vec<Vec<Vec<Vec<Vec<Vec<Vec<Vec<Vec<Vec<Vec<Vec<Vec<u64>>>>>>>>>>>>>>>>>>>>>>>>;

#[test]
fn each_is_nested_24_deep() {
    #[rustfmt::skip]
    let flow = flow! {
        flow (Nested) -> Nested;
        start -> each (each (each (each (each (each (each (each (each (each (each (each (each (each (each (each (each (each (each (each (each (each (each (each add_one))))))))))))))))))))))) -> end
    };
    #[rustfmt::skip]
    let input = vec![vec![vec![vec![vec![vec![vec![vec![vec![vec![vec![vec![vec![vec![vec![vec![vec![vec![vec![vec![vec![vec![vec![vec![1]]]]]]]]]]]]]]]]]]]]]]]];
    let output = flow.blocking_iter(input).output().unwrap();
    assert_eq!(
        format!("{output:?}"),
        "[[[[[[[[[[[[[[[[[[[[[[[[2]]]]]]]]]]]]]]]]]]]]]]]]"
    );
}

#[test]
fn joins_are_nested_40_deep() {
    #[handler]
    async fn put(n: u64, cx: &Cx) {
        cx.put(n.to_string()).await;
    }

    #[rustfmt::skip]
    let flow = flow! {
        start(u64) -> (echo -> (echo -> (echo -> (echo -> (echo -> (echo -> (echo -> (echo -> (echo -> (echo -> (echo -> (echo -> (echo -> (echo -> (echo -> (echo -> (echo -> (echo -> (echo -> (echo -> (echo -> (echo -> (echo -> (echo -> (echo -> (echo -> (echo -> (echo -> (echo -> (echo -> (echo -> (echo -> (echo -> (echo -> (echo -> (echo -> (echo -> (echo -> (echo -> (echo -> put, echo), echo), echo), echo), echo), echo), echo), echo), echo), echo), echo), echo), echo), echo), echo), echo), echo), echo), echo), echo), echo), echo), echo), echo), echo), echo), echo), echo), echo), echo), echo), echo), echo), echo), echo), echo), echo), echo), echo), echo) -> ignore
    };
    let items: Result<Vec<_>, _> = flow.blocking_iter(7).collect();
    assert_eq!(items.unwrap(), ["7"]);
}
