//! `first (a, b)`: the branch that succeeds first goes on, and the others are dropped.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use flow_core::lifecycle::LifecycleKind;
use flow_core::{Cx, Ending, Event, Failed, FlowErrorKind, Res, Result, flow, handler};
use futures::StreamExt;
use tokio::time::{Instant, sleep};

const SECOND: Duration = Duration::from_secs(1);

/// What handlers note, in order.
#[derive(Clone, Debug, Default)]
struct Notes(Arc<Mutex<Vec<String>>>);

impl Notes {
    fn add(&self, line: impl Into<String>) {
        let mut lines = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        lines.push(line.into());
    }

    fn lines(&self) -> Vec<String> {
        let lines = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        lines.clone()
    }
}

/// Notes when it is dropped.
struct Guard(Notes, &'static str);

impl Drop for Guard {
    fn drop(&mut self) {
        self.0.add(format!("{} dropped", self.1));
    }
}

/// After how many seconds a branch comes to its end, and whether it fails.
#[derive(Clone, Copy, Debug)]
struct Plan {
    a: (u64, bool),
    b: (u64, bool),
}

const fn plan(a: (u64, bool), b: (u64, bool)) -> Plan {
    Plan { a, b }
}

const GOOD: bool = true;
const BAD: bool = false;

async fn come(name: &'static str, (seconds, is_good): (u64, bool)) -> Result<&'static str> {
    if seconds > 0 {
        sleep(Duration::from_secs(seconds)).await;
    }
    if is_good {
        Ok(name)
    } else {
        Err(format!("{name} broke").into())
    }
}

#[handler]
async fn a(plan: Plan, notes: Res<Notes>) -> Result<&'static str> {
    let _guard = Guard((*notes).clone(), "a");
    come("a", plan.a).await
}

#[handler]
async fn b(plan: Plan, notes: Res<Notes>) -> Result<&'static str> {
    let _guard = Guard((*notes).clone(), "b");
    come("b", plan.b).await
}

#[handler]
async fn after(name: &'static str, notes: Res<Notes>) -> &'static str {
    notes.add(format!("after {name}"));
    sleep(10 * SECOND).await;
    name
}

#[tokio::test(start_paused = true)]
async fn the_first_success_goes_on_and_the_others_are_dropped_before_that() {
    let flow = flow! { with Notes; start(Plan) -> first (a, b) -> after -> end };
    let cases = [
        (
            plan((2, GOOD), (1, GOOD)),
            "b",
            1,
            ["b dropped", "a dropped", "after b"],
        ),
        (
            plan((1, GOOD), (2, GOOD)),
            "a",
            1,
            ["a dropped", "b dropped", "after a"],
        ),
        // The text decides on a tie.
        (
            plan((1, GOOD), (1, GOOD)),
            "a",
            1,
            ["a dropped", "b dropped", "after a"],
        ),
        // A failure does not.
        (
            plan((1, BAD), (3, GOOD)),
            "b",
            3,
            ["a dropped", "b dropped", "after b"],
        ),
        (
            plan((3, GOOD), (1, BAD)),
            "a",
            3,
            ["b dropped", "a dropped", "after a"],
        ),
        (
            plan((1, BAD), (1, GOOD)),
            "b",
            1,
            ["a dropped", "b dropped", "after b"],
        ),
    ];
    for (plan, winner, seconds, lines) in cases {
        let (notes, before) = (Notes::default(), Instant::now());
        let won = flow.clone().with(notes.clone()).run(plan).await.unwrap();
        assert_eq!(won, winner, "{plan:?}");
        assert_eq!(
            before.elapsed(),
            Duration::from_secs(10 + seconds),
            "{plan:?}"
        );
        assert_eq!(notes.lines(), lines, "{plan:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_branch_that_succeeds_at_once_leaves_those_after_it_unbegun() {
    let notes = Notes::default();
    let flow = flow! { with Notes; start(Plan) -> first (a, b) -> after -> end };
    let plan = plan((0, GOOD), (0, GOOD));
    assert_eq!(flow.with(notes.clone()).run(plan).await.unwrap(), "a");
    assert_eq!(notes.lines(), ["a dropped", "after a"]);
}

#[tokio::test(start_paused = true)]
async fn if_all_fail_the_last_error_is_that_of_the_clause() {
    let flow = flow! { with Notes; start(Plan) -> first (a, b) -> after -> end };
    let cases = [
        (plan((2, BAD), (1, BAD)), "a"),
        (plan((1, BAD), (2, BAD)), "b"),
        (plan((1, BAD), (1, BAD)), "b"),
        (plan((0, BAD), (0, BAD)), "b"),
    ];
    for (plan, last) in cases {
        let error = flow
            .clone()
            .with(Notes::default())
            .run(plan)
            .await
            .unwrap_err();
        assert_eq!(error.kind(), FlowErrorKind::Failed);
        assert_eq!(error.handler(), Some(last), "{plan:?}");
        let message = format!("handler `{last}` failed on start: {last} broke");
        assert_eq!(format!("{error:#}"), message, "{plan:?}");
    }
}

#[handler]
async fn stand_in(failed: Failed<flow_core::BoxError>) -> &'static str {
    if failed.error.to_string().starts_with('b') {
        "instead of b"
    } else {
        "instead of a"
    }
}

#[tokio::test(start_paused = true)]
async fn what_stands_in_for_a_first_takes_the_last_error() {
    let flow = flow! {
        with Notes;
        start(Plan) -> first (a, b) else stand_in -> after -> end
    };
    let run = async |plan| flow.clone().with(Notes::default()).run(plan).await.unwrap();
    assert_eq!(run(plan((1, BAD), (2, BAD))).await, "instead of b");
    assert_eq!(run(plan((2, BAD), (1, BAD))).await, "instead of a");
    assert_eq!(run(plan((2, GOOD), (1, BAD))).await, "a");
}

#[tokio::test(start_paused = true)]
async fn what_stands_in_for_a_branch_is_its_success() {
    let before = Instant::now();
    let flow = flow! {
        with Notes;
        start(Plan) -> first (a else stand_in, b) -> end
    };
    let flow = flow.with(Notes::default());
    let won = flow.run(plan((1, BAD), (5, GOOD))).await.unwrap();
    assert_eq!((won, before.elapsed()), ("instead of a", SECOND));
}

#[derive(Clone, Event)]
struct Looked(u32);

#[handler(emits = Looked)]
async fn slow(n: u32, cx: &Cx) -> u32 {
    cx.emit(Looked(n));
    sleep(2 * SECOND).await;
    cx.emit(Looked(n + 1));
    n
}

#[handler]
async fn quick(n: u32) -> u32 {
    sleep(SECOND).await;
    n * 10
}

#[handler]
async fn note(Looked(n): Looked, cx: &Cx) {
    cx.put(format!("looked {n}")).await;
}

#[handler]
async fn show(n: u32, cx: &Cx) {
    cx.put(format!("won {n}")).await;
}

#[tokio::test(start_paused = true)]
async fn what_a_loser_has_emitted_stays() {
    let flow = flow! { start(u32) -> first (slow, quick) -> show; when Looked -> note };
    let items: Vec<_> = flow.stream(7).map(Result::unwrap).collect().await;
    assert_eq!(items, ["looked 7", "won 70"]);
}

#[handler]
async fn add_one(n: u32) -> u32 {
    sleep(SECOND / 2).await;
    n + 1
}

#[handler]
async fn fail(_: u32) -> Result<u32> {
    Err("never works".into())
}

#[handler]
async fn sum((a, b): (u32, u32)) -> u32 {
    a + b
}

#[handler]
async fn numbers(n: u32) -> Vec<u32> {
    (1..=n).collect()
}

#[handler]
async fn total(all: Vec<u32>) -> u32 {
    all.into_iter().sum()
}

#[tokio::test(start_paused = true)]
async fn branches_are_chains_that_may_hold_joins_and_others() {
    let chains = flow! {
        start(u32) -> first (slow -> add_one, quick -> add_one -> add_one) -> end;
        ignore Looked
    };
    assert_eq!(chains.run(5).await.unwrap(), 52);
    let nested = flow! {
        start(u32) -> first (
            fail,
            first (fail, slow) -> add_one,
            (quick, first (fail, add_one)) -> sum
        ) -> add_one -> end;
        ignore Looked
    };
    assert_eq!(nested.run(5).await.unwrap(), 57);
    let in_each = flow! {
        start(u32) -> numbers -> each (first (slow, quick, fail) -> add_one)[2] -> total -> end;
        ignore Looked
    };
    assert_eq!(in_each.run(3).await.unwrap(), 63);
    let in_arm = flow! {
        start(u32) -> match { n if n > 90 => fail, n => first (quick, slow) } -> end;
        ignore Looked
    };
    assert_eq!(in_arm.run(3).await.unwrap(), 30);
    let in_join = flow! {
        start(u32) -> (first (fail, quick), first (slow, add_one)) -> sum -> end;
        ignore Looked
    };
    assert_eq!(in_join.run(3).await.unwrap(), 34);
}

#[handler]
async fn at_once(n: u32) -> u32 {
    sleep(SECOND).await;
    n + 100
}

#[tokio::test(start_paused = true)]
async fn a_branch_may_end_the_execution() {
    let before = Instant::now();
    let flow = flow! {
        start(u32) -> first (slow, at_once -> end now) -> add_one -> end;
        ignore Looked
    };
    assert_eq!(flow.run(1).await.unwrap(), 101);
    assert_eq!(before.elapsed(), SECOND);
    let before = Instant::now();
    let flow = flow! { start(u32) -> first (quick -> end now, at_once -> end now) };
    assert_eq!(flow.run(1).await.unwrap(), 10);
    assert_eq!(before.elapsed(), SECOND);
}

flow! {
    /// A stage that waits for longer than any other.
    flow Slow(u32) -> u32;
    start -> slow -> end;
    ignore Looked
}

#[tokio::test(start_paused = true)]
async fn a_flow_is_a_branch_like_any_other() {
    let before = Instant::now();
    let flow = flow! { start(u32) -> first (Slow, quick) -> add_one -> end };
    assert_eq!(flow.run(1).await.unwrap(), 11);
    assert_eq!(before.elapsed(), SECOND + SECOND / 2);
    let flow = flow! { start(u32) -> first (Slow, fail) -> add_one -> end };
    assert_eq!(flow.run(1).await.unwrap(), 2);
}

#[handler]
async fn give_back(ending: Ending, notes: Res<Notes>) {
    let is_cancelled = matches!(ending, Ending::Cancelled(_));
    notes.add(if is_cancelled { "given back" } else { "kept" });
    sleep(SECOND).await;
    notes.add("settled");
}

flow! {
    /// Reserves something, and gives it back if it is not needed.
    flow Reserve(u32) -> u32;
    with Notes;
    start -> slow -> end;
    finally within "10s" -> give_back;
    ignore Looked
}

#[handler]
async fn note_won(n: u32, notes: Res<Notes>) -> u32 {
    notes.add(format!("won {n}"));
    n
}

#[tokio::test(start_paused = true)]
async fn a_flow_that_loses_runs_its_finally() {
    let (notes, before) = (Notes::default(), Instant::now());
    let flow = flow! {
        with Notes;
        start(u32) -> first (Reserve, quick) -> note_won -> end
    };
    assert_eq!(flow.with(notes.clone()).run(1).await.unwrap(), 10);
    assert_eq!(notes.lines(), ["won 10", "given back", "settled"]);
    assert_eq!(before.elapsed(), 2 * SECOND);
}

#[handler]
async fn recover(_: Failed<flow_core::BoxError>, notes: Res<Notes>) {
    notes.add("rescued");
}

#[handler]
async fn begin() -> Plan {
    plan((1, BAD), (2, GOOD))
}

#[tokio::test(start_paused = true)]
async fn a_rescue_takes_the_errors_of_the_same_handler_elsewhere() {
    let notes = Notes::default();
    let flow = flow! {
        with Notes;
        start -> begin -> (first (a else stand_in, b) -> ignore, c) -> ignore;
        when Looked -> begin -> a -> ignore;
        rescue a -> recover
    };
    flow.with(notes.clone()).run(()).await.unwrap();
    assert_eq!(
        notes.lines(),
        ["a dropped", "b dropped", "a dropped", "rescued"]
    );
}

#[handler(emits = Looked)]
async fn c(_: Plan, cx: &Cx) {
    sleep(SECOND).await;
    cx.emit(Looked(1));
}

#[tokio::test(start_paused = true)]
async fn observers_are_told_of_each_failure_once() {
    let notes = Notes::default();
    let told = notes.clone();
    let flow = flow! { with Notes; start(Plan) -> first (a, b) -> after -> end };
    let flow = flow
        .with(Notes::default())
        .observe(move |event| match event.kind {
            LifecycleKind::HandlerStarted { .. }
            | LifecycleKind::HandlerFailed { .. }
            | LifecycleKind::HandlerFinished { .. } => told.add(event.kind.to_string()),
            _ => {}
        });
    flow.run(plan((1, BAD), (2, BAD))).await.unwrap_err();
    assert_eq!(
        notes.lines(),
        ["`a` started", "`b` started", "`a` failed", "`b` failed"]
    );
}

#[test]
fn the_graph_has_the_branches() {
    let flow = flow! { start(u32) -> first (quick, at_once -> add_one) -> add_one -> end };
    let json = serde_json::to_value(flow.graph()).unwrap();
    let stage = &json["clauses"][0]["route"][0];
    assert_eq!(stage["kind"], "first");
    assert_eq!(stage["of"][1][0]["of"]["name"], "at_once");
    let picture = flow.graph().to_mermaid();
    for edge in [
        "first --> h_quick",
        "first --> h_at_once",
        "h_quick --> h_add_one_2",
    ] {
        assert!(picture.contains(edge), "{edge} in\n{picture}");
    }
}
