//! Closures and constructors in all places where they can be.
#![allow(dead_code)]
#![deny(warnings, clippy::pedantic)]

use flow_core::{Event, Failed, Result, flow, handler};

#[derive(Clone, Event)]
struct Order {
    id: u32,
    lines: Vec<String>,
}

#[handler]
async fn double(n: u32) -> u32 {
    2 * n
}

#[handler]
async fn find(n: u32) -> Result<u32> {
    Ok(n)
}

#[handler]
async fn sum(all: Vec<u32>) -> u32 {
    all.into_iter().sum()
}

const OFFSET: u32 = 3;

fn square(n: u32) -> u32 {
    n * n
}

flow! {
    flow Glue(u32) -> Option<u32>;
    start -> |n| n + OFFSET -> double -> |n: u32| -> u32 { n - 1 } -> Some -> end;
    when Order -> |order| order.lines -> each (|line| line.len())[4] -> |all| {
        let all: usize = all.into_iter().sum();
        assert!(all > 0);
    };
    external Order
}

flow! {
    flow InBranches(u32) -> u32;
    start -> (|n| n + 1, find else |_| 0, find -> |n| square(n)) -> |(a, b, c)| a + b + c -> match {
        0 => |()| 1,
        n if n > 3 => |n| n - 1 -> double,
        n => double,
    } -> end
}

flow! {
    flow NamesArguments(u32) -> String;
    start -> |n| format!("{text} {text:?} {}", n, text = n + 1) -> end
}

flow! {
    flow StandsIn(u32) -> u32;
    start
        -> (double -> find) else |failed: Failed| u32::from(failed.handler.len() > 3)
        -> |n| if n > 3 { vec![n] } else { vec![] }
        -> each (find else skip)
        -> sum
        -> end
}

flow! {
    flow Rescues(u32) -> u32;
    start -> find -> end;
    rescue find -> |failed| failed.error.to_string() -> ignore
}

fn main() {
    // The name of an argument above.
    let text = NamesArguments::new().blocking_iter(1).output().unwrap();
    assert_eq!(text, "2 2 1");
}
