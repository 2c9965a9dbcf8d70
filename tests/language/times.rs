//! `when Vote[3] -> tally`: three events of one kind, as an array in the order of their arrival.

use flow_core::{Cx, Event, FlowErrorKind, flow, handler};

use crate::items;

#[derive(Event, Clone, Debug)]
struct Vote(u32);

#[derive(Event, Clone, Debug)]
struct Closed;

/// Emits the votes from 0 on.
#[handler(emits = Vote)]
async fn vote(votes: u32, cx: &Cx) {
    for n in 0..votes {
        cx.emit(Vote(n));
    }
}

#[handler(streams = "String")]
async fn tally(votes: [Vote; 3], cx: &Cx) {
    cx.put(format!("{:?}", votes.map(|Vote(n)| n))).await;
}

#[handler(on = Vote, streams = "String")]
async fn late(Vote(n): Vote, cx: &Cx) {
    cx.put(format!("{n} is late")).await;
}

#[tokio::test]
async fn each_three_arrive_as_an_array_in_the_order_of_their_arrival() {
    let flow = flow! { start(u32) -> vote; when Vote[3] -> tally };
    assert_eq!(items(flow.stream(0)).await, [""; 0]);
    assert_eq!(items(flow.stream(6)).await, ["[0, 1, 2]", "[3, 4, 5]"]);
}

#[tokio::test]
async fn those_that_are_left_are_an_error_that_names_the_clause_and_counts_them() {
    let flow = flow! { start(u32) -> vote; when Vote[3] -> tally };
    for (votes, left) in [(1, 1), (5, 2)] {
        let error = flow.run(votes).await.unwrap_err();
        assert_eq!(error.kind(), FlowErrorKind::LeftOver);
        assert_eq!(error.event(), Some("Vote"));
        assert_eq!(
            error.to_string(),
            format!("the execution finished, but `when Vote[3]` was left with {left} `Vote`")
        );
    }
}

#[tokio::test]
async fn their_else_takes_each_of_those_that_are_left() {
    let flow = flow! { start(u32) -> vote; when Vote[3] -> tally else -> late };
    assert_eq!(
        items(flow.stream(5)).await,
        ["[0, 1, 2]", "3 is late", "4 is late"]
    );
    let flow = flow! { start(u32) -> vote; when Vote[3] -> tally else -> ignore };
    assert_eq!(items(flow.stream(4)).await, ["[0, 1, 2]"]);
}

#[tokio::test]
async fn the_number_may_be_a_constant_and_other_clauses_take_the_same_event() {
    const PANEL: usize = 2;

    #[handler(streams = "String")]
    async fn both([first, second]: [Vote; PANEL], cx: &Cx) {
        cx.put(format!("{} and {}", first.0, second.0)).await;
    }

    let flow = flow! {
        start(u32) -> vote;
        when Vote[PANEL] -> both else -> ignore;
        when Vote[3] -> tally else -> ignore;
        when Vote -> late
    };
    assert_eq!(
        items(flow.stream(3)).await,
        [
            "0 is late",
            "0 and 1",
            "1 is late",
            "[0, 1, 2]",
            "2 is late"
        ]
    );
}

#[tokio::test]
async fn they_come_from_several_handlers_and_from_outside() {
    #[handler(streams = "String")]
    async fn open(cx: &Cx) {
        cx.put("open").await;
    }

    let flow = flow! { external Vote; start -> open; when Vote[3] -> tally };
    let mut execution = flow.spawn(());
    for n in 0..3 {
        execution.emit(Vote(n)).await.unwrap();
    }
    let taken = execution.take_items();
    drop(execution);
    assert_eq!(items(taken).await, ["open", "[0, 1, 2]"]);
}

#[tokio::test]
async fn a_failure_names_the_event_and_a_branch_may_look_into_the_array() {
    #[handler]
    async fn agree(votes: [Vote; 3]) -> Option<u32> {
        let [Vote(first), rest @ ..] = votes;
        rest.iter().all(|Vote(n)| *n == first).then_some(first)
    }

    #[handler(streams = "String")]
    async fn decide(n: u32, cx: &Cx) {
        cx.put(format!("decided for {n}")).await;
    }

    #[handler]
    async fn refuse() -> flow_core::Result<()> {
        Err("no majority".into())
    }

    let flow = flow! {
        start(u32) -> vote;
        when Vote[3] -> agree -> match {
            Some(n) => decide,
            None => refuse
        }
    };
    let error = flow.run(3).await.unwrap_err();
    assert_eq!(error.to_string(), "handler `refuse` failed on `Vote`");
    assert_eq!(error.handler(), Some("refuse"));

    #[handler(emits = Vote)]
    async fn alike(cx: &Cx) {
        for _ in 0..3 {
            cx.emit(Vote(7));
        }
    }
    let flow = flow! {
        start -> alike;
        when Vote[3] -> agree -> match {
            Some(n) => decide,
            None => refuse
        }
    };
    assert_eq!(items(flow.stream(())).await, ["decided for 7"]);
}

#[test]
fn the_graph_shows_the_number() {
    #[handler(on = Closed)]
    async fn close(_closed: Closed) {}

    let graph = flow! {
        external Closed;
        start(u32) -> vote;
        when Vote[3] -> tally else -> ignore;
        when Closed -> close
    }
    .graph();
    let mermaid = graph.to_mermaid();
    assert!(mermaid.contains("((\"3\"))"), "{mermaid}");
    let json = serde_json::to_value(graph).unwrap();
    let trigger = &json["clauses"][1]["trigger"];
    assert_eq!(trigger["kind"], "times");
    assert_eq!(trigger["of"]["event"]["name"], "Vote");
    assert_eq!(trigger["of"]["count"], "3");
    assert_eq!(trigger["of"]["number"], 3);
}
