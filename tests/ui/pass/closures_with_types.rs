// Closures with types for their parameters, in all places where the value has that type.
use std::num::ParseIntError;

use flow_core::{Failed, Result, flow, handler};

#[handler]
async fn find(n: u32) -> Result<u32> {
    Ok(n)
}

#[handler]
async fn list(n: u32) -> Vec<u32> {
    vec![n]
}

#[handler]
async fn nothing() {}

fn sent(_: impl Send) {}

fn main() {
    let borrowed = flow! {
        flow -> u32;
        start(&'static str) -> |text: &str| text.len() -> |n: usize| n as u32 -> end
    };
    sent(borrowed.stream("text"));
    let _ = flow! { start(u32) -> list -> |all: Vec<_>| all.len() -> ignore };
    let _ = flow! { start(u32) -> list -> each (|n: u32| n + 1)[2] -> each (|n: u32| n)[2] -> ignore };
    // Only the second closure tells what the first one returns.
    let _ = flow! { start(String) -> |text| text.parse().unwrap() -> |n: u32| n + 1 -> ignore };
    let _ = flow! {
        start(String) -> |text| text.parse() -> match {
            Ok(n) => |n: u32| n,
            Err(error) => |_: ParseIntError| 0,
        } -> ignore
    };
    let _ = flow! { start(u32) -> find else |Failed { error: _, .. }: Failed| 3 -> ignore };
    let _ = flow! {
        start((u32, bool)) -> (|(n, _): (u32, bool)| n, |(_, is): (u32, bool)| is) -> ignore
    };
    // What binds nothing may lead to what takes nothing.
    let _ = flow! { start(u32) -> match { 0 => nothing, n @ 1.. => |n: u32| n -> ignore } };
    let _ = flow! { start(u32) -> match { 0 => |(): ()| 1, n => |n: u32| n } -> ignore };
}
