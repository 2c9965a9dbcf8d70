// Closures that are not written yet. The stage after one tells what it will return.
#![allow(dead_code)]

use flow_core::{Answered, Asked, Event, Failed, Result, flow, handler};

#[derive(Clone, Event)]
#[event(answer = bool)]
struct Review(u32);

#[handler]
async fn double(n: u32) -> u32 {
    2 * n
}

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

#[handler]
async fn question(n: u32) -> Review {
    Review(n)
}

#[handler]
async fn decide(_: Answered<Review>) {}

fn main() {
    let _ = flow! { start(u32) -> |_| todo!() -> double -> ignore };
    let _ = flow! { start(u32) -> |n| { let _ = n; unimplemented!("later") } -> (double, double) -> ignore };
    let _ = flow! { start(u32) -> |_| todo!() -> find else |_: Failed| { panic!() } -> ignore };
    let _ = flow! { start(u32) -> find else |_| unreachable!() -> |n| n + 1 -> ignore };
    let _ = flow! { start(u32) -> (find -> double) else |_| todo!() -> double -> ignore };
    let _ = flow! { start(u32) -> first (find, |_| todo!()) -> double -> ignore };
    let _ = flow! { start(u32) -> match { 0 => |()| todo!(), n => double } -> double -> ignore };
    let _ = flow! { start(u32) -> list -> each (|_| todo!() -> double) -> ignore };
    let _ = flow! { start(u32) -> list -> each (|_| todo!()) -> ignore };
    let _ = flow! { start(u32) -> |_| todo!() -> match { 0 => nothing, n => double -> ignore } };
    let _ = flow! { start(u32) -> |_| todo!() -> nothing };
    let _ = flow! { start(u32) -> |_| todo!() };
    let _ = flow! { start(u32) -> |_| todo!() -> |n: u32| n + 1 -> ignore };
    let _ = flow! { start(u32) -> |n| -> Vec<u32> { todo!("split {n}") } -> each double -> ignore };
    let _ = flow! { flow -> u32; start(u32) -> |_| todo!() -> end };
    let _ = flow! {
        streams Asked<Review>;
        start(u32) -> question -> ask Review else |_| todo!() -> decide
    };
}
