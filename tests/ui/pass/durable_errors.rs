//! Errors without serde's traits in a durable flow: nothing takes them as their type.
use flow_core::{BoxError, Cx, Event, Failed, Recorded, Result, TimedOut, flow, handler};
use serde::{Deserialize, Serialize};

#[derive(Clone, Event, Serialize, Deserialize)]
struct Paid(u32);
#[derive(Clone, Event, Serialize, Deserialize)]
struct Packed(u32);

#[derive(Debug)]
struct NoMoney;
impl std::fmt::Display for NoMoney {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("no money")
    }
}
impl std::error::Error for NoMoney {}
impl From<TimedOut> for NoMoney {
    fn from(_: TimedOut) -> Self {
        Self
    }
}

/// No `Error` itself.
struct Heavy;
impl std::fmt::Display for Heavy {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("too heavy")
    }
}
impl From<Heavy> for BoxError {
    fn from(heavy: Heavy) -> Self {
        heavy.to_string().into()
    }
}

/// The error that serde knows, taken as its type.
#[derive(Debug, Serialize, Deserialize)]
struct Late;
impl std::fmt::Display for Late {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("late")
    }
}
impl std::error::Error for Late {}

#[handler(emits = [Paid, Packed])]
async fn begin(n: u32, cx: &Cx) {
    cx.emit(Paid(n));
    cx.emit(Packed(n));
}
#[handler(timeout = "1s", retry(attempts = 2, if = is_worth_it))]
async fn charge(paid: Paid) -> Result<u32, NoMoney> {
    if paid.0 > 0 { Ok(paid.0) } else { Err(NoMoney) }
}
fn is_worth_it(_error: &NoMoney) -> bool {
    true
}
#[handler]
async fn check(_n: u32) -> Result<u32, NoMoney> {
    Err(NoMoney)
}
#[handler]
async fn weigh(_n: u32) -> Result<u32, Heavy> {
    Err(Heavy)
}
/// serde reads such a reference only from what lives for ever.
#[handler]
async fn lend(_n: u32) -> Result<u32, &'static str> {
    Err("no money")
}
#[handler]
async fn ship(_packed: Packed) -> Result<u32, Late> {
    Err(Late)
}
#[handler]
async fn refund(_failed: Failed<Recorded, Paid>) {}
#[handler]
async fn wait(_failed: Failed<Late>) {}
#[handler]
async fn free() -> u32 {
    0
}
#[handler]
async fn told(failed: Failed<Recorded>) -> u32 {
    u32::from(failed.error.message() == "no money")
}
#[handler]
async fn told_of_chain(_failed: Failed<BoxError>) -> u32 {
    0
}

fn main() {
    let _ = flow! {
        durable;
        start(u32) -> begin;
        when Paid -> charge -> check else free -> check else told -> check else |_| 7
            -> check else |failed: Failed<Recorded, u32>| failed.cause
            -> (check -> weigh) else told_of_chain -> first (check, weigh, lend)
            -> lend else told -> lend else free -> lend else |_| 7 -> (lend -> lend) else told_of_chain
            -> ignore;
        when Packed -> ship -> (check else told, weigh else told) -> ignore;
        rescue charge -> refund;
        rescue ship -> wait
    };
    let _ = flow! {
        durable;
        start(u32) -> begin;
        when Paid -> charge -> check -> weigh -> lend -> ignore;
        when Packed -> ship -> ignore;
        rescue charge -> (told, |_| ()) -> ignore;
        rescue check -> match { _ => free } -> ignore;
        rescue lend -> told -> ignore;
        rescue -> told_of_chain -> ignore
    };
}
