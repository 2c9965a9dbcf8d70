//! `when A & B by .order -> h`: events meet those with the same key, the first that came first.

use std::collections::HashMap;

use flow_core::{Cx, Event, FlowErrorKind, flow, handler};
use proptest::prelude::*;

use crate::items;

#[derive(Clone, Debug, Event)]
struct Paid {
    order: u32,
    number: u32,
}

#[derive(Clone, Debug, Event)]
struct Packed {
    order: u32,
    number: u32,
}

#[derive(Clone, Copy, Debug)]
enum Step {
    Paid(u32),
    Packed(u32),
}

/// Emits an event for each step, numbered in their order.
#[handler(emits = [Paid, Packed])]
async fn emit_them(steps: Vec<Step>, cx: &Cx) {
    for (number, step) in (0..).zip(steps) {
        match step {
            Step::Paid(order) => cx.emit(Paid { order, number }),
            Step::Packed(order) => cx.emit(Packed { order, number }),
        }
    }
}

/// The order, and the numbers of both events.
#[handler(streams = "(u32, u32, u32)")]
async fn ship((paid, packed): (Paid, Packed), cx: &Cx) {
    assert_eq!(paid.order, packed.order);
    cx.put((paid.order, paid.number, packed.number)).await;
}

struct Alone(String);

impl From<Paid> for Alone {
    fn from(paid: Paid) -> Self {
        Self(format!("Paid({})", paid.number))
    }
}

impl From<Packed> for Alone {
    fn from(packed: Packed) -> Self {
        Self(format!("Packed({})", packed.number))
    }
}

use Step::{Packed as Pack, Paid as Pay};

#[tokio::test]
async fn events_meet_those_with_the_same_key_in_the_order_of_their_arrival() {
    let flow = flow! {
        streams (u32, u32, u32);
        start(Vec<Step>) -> emit_them;
        when Paid & Packed by .order -> ship
    };
    let steps = vec![Pay(1), Pay(2), Pack(2), Pay(1), Pack(1), Pack(1)];
    assert_eq!(
        items(flow.stream(steps)).await,
        [(2, 1, 2), (1, 0, 4), (1, 3, 5)]
    );
    assert!(flow.run(vec![]).await.is_ok());
}

#[tokio::test]
async fn those_that_are_left_are_an_error_that_names_the_clause_and_counts_them() {
    let flow = flow! {
        streams (u32, u32, u32);
        start(Vec<Step>) -> emit_them;
        when Paid & Packed by .order -> ship
    };
    for (steps, left, first) in [
        (
            vec![Pay(1), Pack(2), Pay(3)],
            "2 `Paid` and 1 `Packed`",
            "Paid",
        ),
        (vec![Pack(2), Pack(2)], "no `Paid` and 2 `Packed`", "Packed"),
    ] {
        let error = flow.run(steps).await.unwrap_err();
        assert_eq!(error.kind(), FlowErrorKind::LeftOver);
        assert_eq!(error.event(), Some(first));
        assert_eq!(
            error.to_string(),
            format!(
                "the execution finished, but `when Paid & Packed by .order` was left with {left}"
            )
        );
    }
}

#[tokio::test]
async fn their_else_takes_each_of_those_that_are_left_in_order() {
    #[handler(on = [Paid, Packed], streams = "String")]
    async fn report(Alone(text): Alone, cx: &Cx) {
        cx.put(text).await;
    }

    #[handler(streams = "String")]
    async fn both((paid, packed): (Paid, Packed), cx: &Cx) {
        cx.put(format!("{} and {}", paid.number, packed.number))
            .await;
    }

    let flow = flow! {
        start(Vec<Step>) -> emit_them;
        when Paid & Packed by .order -> both else -> report
    };
    let mut steps: Vec<_> = (0..20).map(Pay).collect();
    steps.extend([Pack(7), Pack(30)]);
    let mut expected = vec!["7 and 20".to_owned()];
    let left = (0..20).filter(|number| *number != 7);
    expected.extend(left.map(|number| format!("Paid({number})")));
    expected.push("Packed(21)".to_owned());
    assert_eq!(items(flow.stream(steps)).await, expected);
}

#[derive(Clone, Debug, Event)]
struct Vote(Poll, bool);

#[derive(Clone, Debug)]
struct Poll {
    about: String,
}

#[tokio::test]
async fn a_key_may_be_a_field_of_a_field_and_several_of_one_event_may_have_one() {
    #[handler(emits = Vote)]
    async fn vote(cx: &Cx) {
        for (about, yes) in [
            ("tea", true),
            ("cake", false),
            ("tea", false),
            ("tea", true),
        ] {
            let poll = Poll {
                about: about.to_owned(),
            };
            cx.emit(Vote(poll, yes));
        }
    }

    #[handler(streams = "String")]
    async fn tally(votes: [Vote; 3], cx: &Cx) {
        let yes = votes.iter().filter(|Vote(_, yes)| *yes).count();
        cx.put(format!("{}: {yes} of 3", votes[0].0.about)).await;
    }

    #[handler(on = Vote, streams = "String")]
    async fn late(Vote(poll, _): Vote, cx: &Cx) {
        cx.put(format!("too few for {}", poll.about)).await;
    }

    let flow = flow! {
        start -> vote;
        when Vote[3] by .0.about -> tally else -> late
    };
    assert_eq!(
        items(flow.stream(())).await,
        ["tea: 2 of 3", "too few for cake"]
    );
    let flow = flow! { start -> vote; when Vote[3] by .0.about -> tally };
    assert_eq!(
        flow.run(()).await.unwrap_err().to_string(),
        "the execution finished, but `when Vote[3] by .0.about` was left with 1 `Vote`"
    );
}

#[test]
fn the_graph_shows_the_field() {
    let graph = flow! {
        streams (u32, u32, u32);
        start(Vec<Step>) -> emit_them;
        when Paid & Packed by .order -> ship
    }
    .graph();
    assert_eq!(graph.clauses[1].by, Some(".order"));
    let mermaid = graph.to_mermaid();
    assert!(mermaid.contains(".order"), "{mermaid}");
    let json = serde_json::to_value(graph).unwrap();
    assert_eq!(json["clauses"][1]["by"], ".order");
    assert!(json["clauses"][0]["by"].is_null());
}

fn step() -> impl Strategy<Value = Step> {
    (0..4_u32, any::<bool>()).prop_map(|(order, paid)| if paid { Pay(order) } else { Pack(order) })
}

proptest! {
    /// In any order of arrival, the n-th payment of an order meets the n-th parcel of it.
    #[test]
    fn the_nth_of_a_key_meets_the_nth_of_that_key(
        steps in proptest::collection::vec(step(), 0..80),
    ) {
        let (mut paid, mut packed) = (HashMap::new(), HashMap::new());
        for (number, step) in (0_u32..).zip(&steps) {
            let (of, order) = match step {
                Pay(order) => (&mut paid, *order),
                Pack(order) => (&mut packed, *order),
            };
            of.entry(order).or_insert_with(Vec::new).push(number);
        }
        let mut expected = Vec::new();
        for (order, paid) in paid {
            let packed = packed.remove(&order).unwrap_or_default();
            expected.extend(paid.into_iter().zip(packed).map(|(a, b)| (order, a, b)));
        }
        expected.sort_unstable_by_key(|(_, a, b)| *a.max(b));
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let flow = flow! {
            streams (u32, u32, u32);
            start(Vec<Step>) -> emit_them;
            when Paid & Packed by .order -> ship else -> ignore
        };
        let met = runtime.block_on(items(flow.stream(steps)));
        prop_assert_eq!(met, expected);
    }
}

/// Panics in one of the things that a key has to do.
#[derive(Debug)]
struct Touchy(u32, &'static str);

impl Touchy {
    fn does(&self, what: &str) {
        assert_ne!(self.1, what, "no {what}");
    }
}

impl Clone for Touchy {
    fn clone(&self) -> Self {
        self.does("clone");
        Self(self.0, self.1)
    }
}

impl std::hash::Hash for Touchy {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.does("hash");
        self.0.hash(state);
    }
}

impl PartialEq for Touchy {
    fn eq(&self, other: &Self) -> bool {
        self.does("eq");
        self.0 == other.0
    }
}

impl Eq for Touchy {}

#[derive(Debug, Event)]
struct Begun {
    key: Touchy,
}

#[derive(Debug, Event)]
struct Ended {
    key: Touchy,
}

#[handler(emits = [Begun, Ended])]
async fn touch(what: &'static str, cx: &Cx) {
    cx.emit(Begun {
        key: Touchy(1, what),
    });
    cx.emit(Ended {
        key: Touchy(1, what),
    });
}

#[handler]
async fn close(_both: (Begun, Ended)) {}

#[tokio::test]
async fn a_key_that_panics_fails_its_clause_and_no_handler() {
    let flow = flow! { start(&'static str) -> touch; when Begun & Ended by .key -> close };
    for what in ["clone", "hash", "eq"] {
        let error = flow.run(what).await.unwrap_err();
        assert_eq!(error.kind(), FlowErrorKind::Panicked);
        assert_eq!(error.handler(), None);
        assert_eq!(error.to_string(), "a clause panicked on `Begun`");
    }
    flow.run("nothing").await.unwrap();
}
