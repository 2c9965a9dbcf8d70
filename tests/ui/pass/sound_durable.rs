//! Proved: what a failed call emits counts in memory, and in a durable flow it does not. Nothing is
//! said about what an `end now` leaves over.
use flow_core::{Cx, Event, Failed, Result, State, flow, handler};
use serde::{Deserialize, Serialize};

#[derive(Clone, Event, Serialize, Deserialize)]
struct Passed(u32);
#[derive(Clone, Event, Serialize, Deserialize)]
struct Paid(u32);

#[handler(emits = Passed)]
async fn check(n: u32, cx: &Cx) -> Result<()> {
    cx.emit(Passed(n));
    let _: u32 = "3".parse()?;
    Ok(())
}
#[handler(emits = [Passed, Paid], retry(attempts = 3))]
async fn sell(n: u32, cx: &Cx) -> Result<()> {
    cx.emit(Passed(n));
    let _: u32 = "3".parse()?;
    cx.emit(Paid(n));
    Ok(())
}
#[handler(emits = Passed, retry(attempts = 3))]
async fn check_again(n: u32, cx: &Cx) -> Result<()> {
    cx.emit(Passed(n));
    let _: u32 = "3".parse()?;
    Ok(())
}
#[handler]
async fn done(Passed(n): Passed) -> u32 {
    n
}
#[handler(once)]
async fn book(Passed(n): Passed) -> u32 {
    n
}
#[handler]
async fn both((Passed(n), _): (Passed, Paid)) -> u32 {
    n
}
#[handler]
async fn note(_failed: Failed) {}
#[handler]
async fn three() -> Vec<u32> {
    vec![1, 2, 3]
}
#[derive(Default, Serialize, Deserialize)]
struct Total(u32);
#[handler]
async fn add(n: u32, total: State<Total>) {
    let now = total.with(|total| total.0);
    tokio::task::yield_now().await;
    total.with(|total| total.0 = now + n);
}
#[handler]
async fn sum(_all: Vec<()>, total: State<Total>) -> u32 {
    total.with(|total| total.0)
}
#[handler(emits = [Passed, Paid])]
async fn one_or_both(n: u32, cx: &Cx) -> u32 {
    cx.emit(Passed(n));
    if n > 3 {
        cx.emit(Paid(n));
    }
    n
}

fn main() {
    let _ = flow! { sound; start(u32) -> check; when Passed -> done -> end; rescue check -> note };
    let _ = flow! { sound; durable; start(u32) -> sell; when Passed & Paid -> both -> end };
    let _ = flow! { durable; start(u32) -> check_again; when Passed -> book -> end };
    // Calls that take the same state take turns.
    let _ = flow! { sound; durable; state Total; start -> three -> each (|n| n -> add) -> sum -> end };
    let _ = flow! { sound; start(u32) -> one_or_both -> end now; when Passed & Paid -> both -> ignore };
}
