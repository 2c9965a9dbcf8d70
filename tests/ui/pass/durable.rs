//! What a durable flow records: serde's types, in collections, under other names, and with the
//! errors that need no serde.
use std::collections::{BTreeMap, VecDeque};
use std::convert::Infallible;

use flow_core::{
    Answered, Asked, BoxError, Cx, Ending, Event, Events, Failed, FlowError, Res,
    Result, State, Tick, Unanswered, flow, handler,
};

mod types {
    use serde::{Deserialize, Serialize};

    #[derive(Clone, Serialize, Deserialize)]
    pub struct Order {
        pub id: u32,
        pub lines: Vec<Line>,
    }
    #[derive(Clone, Serialize, Deserialize)]
    #[serde(tag = "kind")]
    pub enum Line {
        Item { name: String },
        Gift,
    }
    #[derive(Serialize, Deserialize)]
    pub(crate) enum Out {
        Text(String),
        Review(flow_core::Asked<super::Review>),
    }
}

use types::{Line, Order, Out};
type Alias = Order;

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

#[derive(Clone, Event, serde::Serialize, serde::Deserialize)]
struct Paid(u32);
#[derive(Clone, Event, serde::Serialize, serde::Deserialize)]
struct Packed(u32);
#[derive(Clone, Event, serde::Serialize, serde::Deserialize)]
#[event(answer = Option<bool>)]
struct Review(u32);
/// Nothing takes it, so it is not recorded.
#[derive(Event)]
struct Ignored(std::time::Instant);
#[derive(Events)]
#[derive(serde::Serialize, serde::Deserialize)]
enum Outcome {
    Paid(Paid),
    Packed(Packed),
}
#[derive(Default, serde::Serialize, serde::Deserialize)]
struct Total(u64);
#[derive(Debug, serde::Serialize, serde::Deserialize)]
enum NoMoney {
    Missing(u32),
}
impl std::fmt::Display for NoMoney {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("no money")
    }
}
impl std::error::Error for NoMoney {}
/// A resource is not recorded.
struct Shop;

#[handler(emits = [Paid, Packed, Review, Ignored])]
async fn begin(order: Order, cx: &Cx, total: State<Total>, _shop: Res<Shop>) -> Result<()> {
    total.with(|total| total.0 += u64::from(order.id));
    cx.emit(Paid(order.id));
    cx.emit(Packed(order.id));
    cx.emit(Review(order.id));
    cx.emit(Ignored(std::time::Instant::now()));
    cx.put("begun".to_owned()).await;
    Ok(())
}
#[handler]
async fn charge(_paid: Paid) -> Result<Vec<Line>, NoMoney> {
    Err(NoMoney::Missing(3))
}
#[handler]
async fn first(lines: Vec<Line>) -> Result<Option<Alias>, Infallible> {
    Ok(Some(Order { id: 0, lines }))
}
#[handler]
async fn many(order: Option<Order>) -> Result<BTreeMap<(u32, char), VecDeque<Order>>, BoxError> {
    Ok([((0, 'a'), order.into_iter().collect())].into())
}
#[handler]
async fn ship((_, packed): (Paid, Packed)) -> Outcome {
    Outcome::Packed(packed)
}
#[handler]
async fn both(_paid: Paid) -> (Option<Packed>, [Review; 2]) {
    (None, [Review(0), Review(1)])
}
#[handler]
async fn apologise(_failed: Failed<NoMoney, Paid>) {}
#[handler]
async fn note(_failed: Failed) {}
#[handler]
async fn decide(answered: Answered<Review>) -> u32 {
    answered.question.0
}
#[handler]
async fn expire(_failed: Failed<Unanswered<Review>>) {}
#[handler]
async fn ask(paid: Paid) -> Review {
    Review(paid.0)
}
#[handler]
async fn beat(_tick: Tick) {}
#[handler]
async fn nested(_paid: Paid) -> Result<(), FlowError> {
    Ok(())
}
#[handler]
async fn log(_review: Review) {}
#[handler]
async fn settle(_ending: Ending) {}

flow! {
    /// Everything at once.
    flow Shopping(types::Order) -> u32 streams types::Out;
    durable;
    with Shop;
    state Total;
    external Paid;
    ignore Ignored;
    start -> begin;
    when Paid -> charge -> first -> many -> ignore;
    when Paid -> both -> emit;
    when Paid -> nested;
    when Review -> log;
    when Paid -> ask -> ask Review -> decide -> end;
    when Paid & Packed -> ship -> emit;
    every "1h" -> beat;
    rescue charge -> apologise;
    rescue ask Review -> expire;
    rescue -> note;
    finally within "1s" -> settle
}

fn main() {
    assert!(Shopping::GRAPH.durable);
    let _ = Shopping::new().with(Shop);
    #[handler]
    async fn durable() {}
    let _ = flow! { durable; start -> durable };
}
