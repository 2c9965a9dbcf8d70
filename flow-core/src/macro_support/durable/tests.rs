//! What a flow runs with goes through its codec, clause by clause.

#![allow(
    clippy::unwrap_used,
    clippy::unused_async,
    clippy::trivially_copy_pass_by_ref,
    clippy::too_many_lines,
    reason = "a test fails by panicking"
)]

use serde::{Deserialize, Serialize};

use crate::error::{BoxError, FlowError, FlowErrorKind, Recorded, Result};
use crate::handler::Cx;
use crate::macro_support::durable::codec::{ErrorProbe, NoErrorCodec as _};
use crate::macro_support::durable::payload::{failed_from_bytes, failed_to_bytes};
use crate::macro_support::graph::{Graph, GraphCodec};
use crate::macro_support::probe::Probe;
use crate::macro_support::type_map::TypeMap;
use crate::records::codec::CodecError;
use crate::run::flow::Flow;
use crate::state::State;
use crate::{Answered, Asked, Ending, Event, Failed, Tick, flow, handler};

#[derive(Clone, Debug, PartialEq, Event, Serialize, Deserialize)]
struct Paid(u32);

#[derive(Clone, Debug, PartialEq, Event, Serialize, Deserialize)]
struct Packed {
    order: u32,
}

#[derive(Clone, Debug, PartialEq, Event, Serialize, Deserialize)]
struct Vote(char);

#[derive(Clone, Debug, PartialEq, Event, Serialize, Deserialize)]
#[event(answer = Option<bool>)]
struct Review(String);

#[derive(Clone, Debug, PartialEq, Event, Serialize, Deserialize)]
#[event(answer = u8)]
struct Rate(u64);

#[derive(Debug, Serialize, Deserialize)]
enum Out {
    Text(String),
    Review(Asked<Review>),
    Rate(Asked<Rate>),
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

impl From<Asked<Rate>> for Out {
    fn from(asked: Asked<Rate>) -> Self {
        Self::Rate(asked)
    }
}

#[derive(Default, Serialize, Deserialize)]
struct Total(u64);

#[derive(Debug, PartialEq, Serialize, Deserialize)]
enum Refused {
    NoMoney { missing: u32 },
}

impl std::fmt::Display for Refused {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("no money")
    }
}

impl std::error::Error for Refused {}

#[handler(emits = [Paid, Packed, Vote, Review])]
async fn begin(n: u32, cx: &Cx, total: State<Total>) -> Result<()> {
    total.with(|total| total.0 += u64::from(n));
    cx.emit(Paid(n));
    cx.emit(Packed { order: n });
    cx.emit(Vote('a'));
    cx.emit(Review(n.to_string()));
    Ok(())
}
#[handler]
async fn charge(_paid: Paid) -> std::result::Result<Rate, Refused> {
    Err(Refused::NoMoney { missing: 3 })
}
#[handler]
async fn refund(_failed: Failed<Refused, Paid>) {}
#[handler]
async fn apologise(_failed: Failed) {}
#[handler]
async fn rated(_answered: Answered<Rate>) {}
#[handler]
async fn ship(_both: (Paid, Packed)) {}
#[handler]
async fn count(_votes: [Vote; 2]) {}
#[handler]
async fn late(_vote: Vote) {}
#[handler]
async fn decide(_answered: Answered<Review>) -> u64 {
    7
}
#[handler]
async fn expire(_review: Review) {}
#[handler]
async fn beat(_tick: Tick) {}
#[handler]
async fn settle(_ending: Ending) {}

flow! {
    flow Order(u32) -> u64 streams Out;
    durable;
    state Total;
    start -> begin;
    when Paid -> charge -> ask Rate -> rated;
    when Paid & Packed -> ship else -> ignore;
    when Vote[2] -> count else -> late;
    ask Review within "1h" -> decide -> end else -> expire;
    every "1s" -> beat;
    rescue charge -> refund;
    rescue -> apologise;
    finally within "30s" -> settle
}

fn codec() -> &'static GraphCodec<Order> {
    Order::CODEC.unwrap()
}

/// The activation through its bytes, and its name.
fn through(activation: &<Order as Graph>::Activation) -> (String, <Order as Graph>::Activation) {
    let (name, bytes) = (codec().encode)(activation).unwrap();
    let back = (codec().decode)(name, &bytes).unwrap();
    let (name_of_it, bytes_of_it) = (codec().encode)(&back).unwrap();
    assert_eq!((name_of_it, &bytes_of_it), (name, &bytes));
    assert_eq!(Order::place(&back), Order::place(activation));
    assert_eq!((codec().part)(&back), (codec().part)(activation));
    (name.to_owned(), back)
}

fn delivered<E: Event>(event: E) -> Vec<String> {
    let mut names = Vec::new();
    Order::deliver(event, |activation| names.push(through(&activation).0));
    names
}

#[test]
fn each_activation_comes_back_under_the_name_of_its_clause() {
    let _: Flow<Order, _> = Order::new();
    assert_eq!(through(&Order::start(7)).0, "start -> begin");
    assert_eq!(
        delivered(Paid(3)),
        [
            "when Paid -> charge -> ask Rate -> rated",
            "when Paid & Packed -> ship: Paid",
        ]
    );
    assert_eq!(
        delivered(Packed { order: 3 }),
        ["when Paid & Packed -> ship: Packed"]
    );
    assert_eq!(delivered(Vote('x')), ["when Vote[2] -> count: Vote"]);
    assert_eq!(delivered(Review(String::new())), ["ask Review"]);
    let answered = Answered::new(Review("r".to_owned()), Some(true));
    let answered = Order::answered(answered).unwrap();
    assert_eq!(through(&answered).0, "ask Review -> decide -> end");
    let unanswered = Order::unanswered(Review("r".to_owned())).unwrap();
    assert_eq!(through(&unanswered).0, "ask Review else -> expire");
    let ending = Ending::Failed(FlowError::new(FlowErrorKind::Failed, "no"));
    assert_eq!(
        through(&Order::finally(ending).unwrap()).0,
        "finally -> settle"
    );
    let tick = (Order::EVERY[0].activation)(Tick::new(3));
    assert_eq!(through(&tick).0, "every -> beat");
}

/// The bytes through an activation of that name.
fn back(name: &str, bytes: &[u8]) {
    let activation = (codec().decode)(name, bytes).unwrap();
    let again = through(&activation).0;
    assert_eq!(again, name);
    assert_eq!((codec().encode)(&activation).unwrap().1, bytes);
}

#[test]
fn an_error_comes_back_in_its_rescue_with_its_cause() {
    let error = ErrorProbe::<Refused>::CODEC;
    let cause = Probe::<Paid>::CODEC;
    let failed = Failed::new(Refused::NoMoney { missing: 3 }, "charge", Some("Paid"));
    let failed = failed.with_cause(Paid(7));
    let bytes = failed_to_bytes(&failed, error, cause).unwrap();
    back("rescue charge -> refund", &bytes);
    let read = failed_from_bytes(&bytes, error, cause).unwrap();
    assert_eq!(read.error, Refused::NoMoney { missing: 3 });
    assert_eq!(read.cause, Paid(7));
    assert_eq!(read.to_string(), failed.to_string());

    let error = ErrorProbe::<BoxError>::CODEC;
    let failed = Failed::new(BoxError::from("no"), "begin", None).in_every();
    let bytes = failed_to_bytes(&failed, error, Probe::<()>::CODEC).unwrap();
    back("rescue -> apologise", &bytes);
    let read = failed_from_bytes(&bytes, error, Probe::<()>::CODEC).unwrap();
    assert_eq!(
        read.error.downcast_ref::<Recorded>().unwrap().message(),
        "no"
    );
    assert_eq!(read.to_string(), "handler `begin` failed in `every`: no");
}

#[test]
fn a_clause_that_is_not_there_is_named() {
    let error = (codec().decode)("when Lost -> find", &[])
        .map(drop)
        .unwrap_err();
    assert_eq!(error, CodecError::NoClause("when Lost -> find".to_owned()));
    assert_eq!(
        error.to_string(),
        "what was recorded belongs to the clause `when Lost -> find`, which this flow does not have"
    );
    let error = (codec().decode)("start -> begin", &[0, 0])
        .map(drop)
        .unwrap_err();
    assert!(error.to_string().contains("1 more bytes"), "{error}");
}

#[test]
fn states_input_items_and_output_come_back() {
    let mut states = TypeMap::default();
    Order::states(&3, &mut states);
    let [total] = codec().states else {
        unreachable!("it has one state");
    };
    assert_eq!((total.name)(), "Total");
    let before = (total.read)(&states).unwrap().unwrap();
    states.state::<Total>().unwrap().with(|total| total.0 = 9);
    (total.write)(&states, &before).unwrap();
    assert_eq!(states.state::<Total>().unwrap().with(|total| total.0), 0);
    let item = codec().item.encode(&Out::Text("x".to_owned())).unwrap();
    assert!(matches!(codec().item.decode(&item), Ok(Out::Text(text)) if text == "x"));
    assert_eq!(
        codec().output.decode(&codec().output.encode(&7).unwrap()),
        Ok(7)
    );
    assert_eq!(
        codec().input.decode(&codec().input.encode(&7).unwrap()),
        Ok(7)
    );
    assert!(Order::DESC.durable);
}

#[test]
fn clauses_that_differ_have_names_that_differ() {
    #[handler]
    async fn nothing() {}
    #[handler]
    async fn some(_paid: Paid) {}
    #[handler(emits = [Paid, Rate])]
    async fn ask(cx: &Cx) {
        cx.emit(Paid(1));
        cx.emit(Rate(1));
    }
    flow! {
        flow Alike streams Asked<Rate>;
        durable;
        start -> ask;
        when Paid -> some;
        when Paid -> (some, nothing) -> ignore;
        ignore Rate
    }
    let codec = Alike::CODEC.unwrap();
    let names = |event: Paid| {
        let mut names = Vec::new();
        Alike::deliver(event, |activation| {
            names.push((codec.encode)(&activation).unwrap().0);
        });
        names
    };
    let [first, second] = names(Paid(1)).try_into().unwrap();
    assert_eq!(first, "when Paid -> some");
    assert_eq!(second, "when Paid -> (some, nothing) -> ignore");
    // Neither the layout nor what comes before it changes a name.
    flow! {
        flow Moved streams Asked<Rate>;
        durable;
        when   Paid->some;
        start -> ask;
        ignore Rate
    }
    let mut names = Vec::new();
    let codec = Moved::CODEC.unwrap();
    Moved::deliver(Paid(1), |activation| {
        names.push((codec.encode)(&activation).unwrap().0);
    });
    assert_eq!(names, [first]);
}

#[test]
fn a_flow_that_is_not_durable_has_no_codec() {
    #[handler]
    async fn nothing() {}
    flow! { flow Plain; start -> nothing }
    assert!(Plain::CODEC.is_none());
    assert!(!Plain::DESC.durable);
}
