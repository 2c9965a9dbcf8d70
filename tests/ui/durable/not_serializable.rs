//! What a durable flow records, without serde's traits: each type once, at the first word that
//! shows it.
use flow_core::{Answered, Asked, Cx, Event, Failed, Result, State, flow, handler};
use serde::{Deserialize, Serialize};

struct Order(u32);
#[derive(Event)]
struct Paid(u32);
#[derive(Clone, Event, Serialize, Deserialize)]
#[event(answer = Verdict)]
struct Review(u32);
struct Verdict;
struct Report;
#[derive(Default)]
struct Total(u32);
struct Parcel;
enum Out {
    Text(String),
    Review(Asked<Review>),
}
impl From<String> for Out {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}
impl From<Asked<Review>> for Out {
    fn from(asked: Asked<Review>) -> Self {
        Self::Review(asked)
    }
}
#[derive(Debug)]
struct NoMoney;
impl std::fmt::Display for NoMoney {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("no money")
    }
}
impl std::error::Error for NoMoney {}

#[handler(emits = [Paid, Review])]
async fn begin(order: Order, cx: &Cx, total: State<Total>) {
    total.with(|total| total.0 += order.0);
    cx.emit(Paid(order.0));
    cx.emit(Review(order.0));
    cx.put("begun".to_owned()).await;
}
#[handler]
async fn check(paid: Paid) -> Result<Paid, NoMoney> {
    Ok(paid)
}
#[handler]
async fn charge(_paid: Paid) -> Result<Report, NoMoney> {
    Err(NoMoney)
}
#[handler]
async fn again(_report: Report) -> Report {
    Report
}
#[handler]
async fn pack(_report: Report) -> Result<Vec<Parcel>> {
    Ok(Vec::new())
}
#[handler]
async fn apologise(_failed: Failed<NoMoney>) {}
#[handler]
async fn pay(_cents: u32) -> Result<u32, NoMoney> {
    Err(NoMoney)
}
#[handler]
async fn decide(_answered: Answered<Review>) -> u32 {
    7
}

fn main() {
    let _ = flow! {
        flow -> u32 streams Out;
        durable;
        state Total;
        start(Order) -> begin;
        when Paid -> check -> charge -> again -> pack -> ignore;
        ask Review -> decide -> end;
        rescue charge -> apologise
    };
    let _ = flow! { durable; start(u32) -> pay else |_failed: Failed<NoMoney>| 0 -> ignore };
}
