//! The test utilities: replaced handlers, the paused clock, the journal and the coverage.

use std::panic::catch_unwind;
use std::time::Duration;

use flow_core::testing::{Coverage, Edge, Journal, Recorder};
use flow_core::{
    Answered, Asked, Cx, Event, Failed, FlowErrorKind, Res, Result, Router, State, flow, handler,
};
use futures::{FutureExt, StreamExt};
use tokio::time::{Instant, sleep};

use crate::{Ping, Pong, all};

/// A resource that no test provides.
struct Network;

#[handler(emits = "Ping")]
async fn begin(cx: &Cx) {
    cx.emit(Ping(1));
    cx.emit(Ping(2));
}

#[handler(on = "Ping", emits = "Pong")]
async fn ask(Ping(n): Ping, cx: &Cx, network: Res<Network>) -> Result<u32> {
    let _ = network;
    cx.put("asking").await;
    cx.emit(Pong(n));
    Err("no network".into())
}

#[handler]
async fn show(n: u32, cx: &Cx) {
    cx.put(format!("shown {n}")).await;
}

#[handler(on = "Pong")]
async fn answer(Pong(n): Pong, cx: &Cx) {
    cx.put(format!("pong {n}")).await;
}

#[tokio::test]
async fn a_replacement_gets_the_event_and_its_value_goes_on() {
    let flow =
        flow! { with Network; start -> begin; when Ping -> ask -> show; when Pong -> answer }
            .with(Network)
            .replace::<ask>()
            .by(async |Ping(n): Ping, _| Ok(10 * n));
    assert_eq!(all(flow.stream(())).await, ["shown 10", "shown 20"]);
}

#[tokio::test]
async fn a_replacement_emits_and_puts_like_the_handler() {
    let journal = Journal::new();
    let flow =
        flow! { with Network; start -> begin; when Ping -> ask -> show; when Pong -> answer }
            .assume_resources()
            .replace::<ask>()
            .by(async |Ping(n): Ping, cx| {
                cx.put(format!("fake {n}")).await;
                cx.emit(Pong(n));
                n
            })
            .observe(journal.observer());
    assert_eq!(
        all(flow.stream(())).await,
        ["fake 1", "shown 1", "fake 2", "shown 2", "pong 1", "pong 2"]
    );
    // Observers see the handler.
    let called = journal.handlers();
    assert_eq!(called.iter().filter(|name| **name == "ask").count(), 2);
    journal.assert_order(["Ping", "ask", "Pong", "answer"]);
}

#[tokio::test]
async fn a_function_generic_over_the_router_can_replace_a_handler() {
    async fn fake<R: Router>(Ping(n): Ping, cx: Cx<R, ask>) -> Result<u32> {
        cx.put("a function").await;
        Ok(n)
    }

    let flow = flow! { with Network; start(Ping) -> ask -> show; ignore Pong }
        .assume_resources()
        .replace::<ask>()
        .by(fake);
    assert_eq!(all(flow.stream(Ping(3))).await, ["a function", "shown 3"]);
}

#[tokio::test]
async fn the_only_handler_of_a_clause_is_replaced_like_one_in_a_chain_or_a_join() {
    #[handler]
    async fn twice(n: u32) -> u32 {
        2 * n
    }

    #[handler]
    async fn sum((a, b): (u32, u32), cx: &Cx) {
        cx.put(format!("{a} + {b}")).await;
    }

    let flow = flow! { start(u32) -> (twice, twice) -> sum };
    let faked = flow
        .clone()
        .replace::<twice>()
        .by(async |n: u32, _| n + 100);
    assert_eq!(all(faked.stream(1)).await, ["101 + 101"]);
    // The original flow is unchanged.
    assert_eq!(all(flow.stream(1)).await, ["2 + 2"]);

    let alone = flow! { start(u32) -> show };
    let alone = alone
        .replace::<show>()
        .by(async |n: u32, cx| cx.put(format!("fake {n}")).await);
    assert_eq!(all(alone.stream(1)).await, ["fake 1"]);
}

#[tokio::test]
async fn the_error_of_a_replacement_is_rescued_like_the_handlers() {
    #[handler]
    async fn apologise(failed: Failed, cx: &Cx) {
        cx.put(failed.to_string()).await;
    }

    let flow = flow! {
        with Network;
        start(Ping) -> ask -> show;
        ignore Pong;
        rescue ask -> apologise
    }
    .assume_resources()
    .replace::<ask>()
    .by(async |_: Ping, _| {
        let n: u32 = "seven".parse()?;
        Ok(n)
    });
    assert_eq!(
        all(flow.stream(Ping(1))).await,
        ["handler `ask` failed on start: invalid digit found in string"]
    );
}

#[tokio::test]
async fn a_panic_of_a_replacement_is_that_of_the_handler() {
    let flow = flow! { start(u32) -> show }
        .replace::<show>()
        .by(|_: u32, _| -> futures::future::Ready<()> { panic!("out of order") });
    let error = flow.run(1).await.unwrap_err();
    assert_eq!(error.kind(), FlowErrorKind::Panicked);
    assert_eq!(
        format!("{error:#}"),
        "handler `show` panicked on start: out of order"
    );
}

#[tokio::test]
async fn the_last_replacement_counts_and_others_stay() {
    let flow = flow! { with Network; start(Ping) -> ask -> show; ignore Pong }
        .assume_resources()
        .replace::<ask>()
        .by(async |Ping(n): Ping, _| n)
        .replace::<show>()
        .by(async |n: u32, cx| cx.put(format!("seen {n}")).await)
        .replace::<ask>()
        .by(async |Ping(n): Ping, _| n + 1);
    assert_eq!(all(flow.stream(Ping(1))).await, ["seen 2"]);
}

struct Number(u32);

impl From<Ping> for Number {
    fn from(Ping(n): Ping) -> Self {
        Self(n)
    }
}

impl From<Pong> for Number {
    fn from(Pong(n): Pong) -> Self {
        Self(100 * n)
    }
}

#[handler(on = ["Ping", "Pong"])]
async fn either(Number(n): Number, cx: &Cx) {
    cx.put(n.to_string()).await;
}

#[tokio::test]
async fn a_replacement_gets_the_converted_event_like_the_handler() {
    #[handler(emits = ["Ping", "Pong"])]
    async fn both(cx: &Cx) {
        cx.emit(Ping(1));
        cx.emit(Pong(1));
    }

    let flow = flow! { start -> both; when Ping | Pong -> either }
        .replace::<either>()
        .by(async |Number(n): Number, cx| cx.put(format!("fake {n}")).await);
    assert_eq!(all(flow.stream(())).await, ["fake 1", "fake 100"]);
}

#[handler]
async fn nothing(cx: &Cx) {
    cx.put("nothing").await;
}

#[tokio::test]
async fn the_replacement_of_a_handler_that_takes_nothing_takes_nothing_or_what_arrives() {
    let flow = flow! { start(u32) -> nothing };
    let faked = flow
        .clone()
        .replace::<nothing>()
        .by(async |(): (), cx| cx.put("fake").await);
    assert_eq!(all(faked.stream(1)).await, ["fake"]);

    let faked = flow.clone().replace::<nothing>();
    let faked = faked.by(async |n: u32, cx| cx.put(format!("fake {n}")).await);
    assert_eq!(all(faked.stream(1)).await, ["fake 1"]);

    let faked = flow.replace::<nothing>().by(async |_: u8, _| ());
    let error = faked.run(1).await.unwrap_err();
    assert_eq!(
        format!("{error:#}"),
        "handler `nothing` panicked on start: the replacement of `nothing` takes `u8` but receives `u32`: change the type of its parameter"
    );
}

#[derive(Default)]
struct Tally(Vec<u32>);

#[handler(on = "Ping")]
async fn tally(Ping(n): Ping, cx: &Cx, tally: State<Tally>, by: Res<u32>) -> Result<()> {
    let all = tally.with(|tally| {
        tally.0.push(n * *by);
        format!("{:?}", tally.0)
    });
    cx.put(all).await;
    Ok(())
}

#[tokio::test]
async fn a_replacement_uses_the_states_and_resources_of_its_execution() {
    let flow = flow! { with u32; state Tally; start -> begin; when Ping -> tally }
        .with(10)
        .replace::<tally>()
        .by(async |Ping(n): Ping, cx| {
            let sum = cx.state::<Tally>().with(|tally| {
                tally.0.push(n);
                tally.0.iter().sum::<u32>()
            });
            cx.put((sum * *cx.resource::<u32>()).to_string()).await;
        });
    // Each execution has states of its own.
    assert_eq!(all(flow.stream(())).await, ["10", "30"]);
    assert_eq!(all(flow.stream(())).await, ["10", "30"]);
}

#[tokio::test]
async fn a_replacement_uses_a_state_that_its_handler_does_not_take() {
    #[handler(on = "Ping")]
    async fn forget(Ping(_): Ping) {}

    let flow = flow! {
        with u32;
        state Tally;
        start -> begin;
        when Ping -> tally;
        when Ping -> forget
    };
    let flow = flow
        .with(1)
        .replace::<forget>()
        .by(async |_: Ping, cx| cx.state::<Tally>().with(|tally| tally.0.push(7)));
    assert_eq!(all(flow.stream(())).await, ["[1]", "[1, 7, 2]"]);
}

#[tokio::test]
async fn a_replacement_calls_the_handler_itself() {
    let flow = flow! { with u32; state Tally; start -> begin; when Ping -> tally }
        .with(10)
        .replace::<tally>()
        .by(async |Ping(n): Ping, cx| match n {
            1 => Err("one is refused".into()),
            n => tally(Ping(n), &cx, cx.state(), cx.resource()).await,
        });
    let error = flow.run(()).await.unwrap_err();
    assert_eq!(error.handler(), Some("tally"));

    let flow = flow.replace::<tally>().by(async |Ping(n): Ping, cx| {
        cx.put(format!("before {n}")).await;
        tally(Ping(n), &cx, cx.state(), cx.resource()).await
    });
    assert_eq!(
        all(flow.stream(())).await,
        ["before 1", "[10]", "before 2", "[10, 20]"]
    );
}

#[tokio::test]
async fn a_replacement_within_a_stage_uses_the_state_of_that_stage() {
    #[handler]
    async fn count(n: u32, total: State<u32>) -> u32 {
        total.with(|total| *total += n);
        0
    }

    #[handler]
    async fn sum(_: u32, total: State<u32>) -> u32 {
        total.with(|total| *total)
    }

    flow! { flow Counting(u32) -> u32; state u32; start -> count -> sum -> end }
    let flow = flow! { state u32; start(u32) -> Counting -> sum -> show };

    let flow = flow
        .replace_within::<Counting, count>()
        .by(async |n: u32, cx| {
            cx.state::<u32>().with(|total| *total += 2 * n);
            n
        });
    assert_eq!(all(flow.clone().stream(4)).await, ["shown 0"]);
    let flow = flow.replace::<sum>().by(async |n: u32, _| n);
    assert_eq!(all(flow.stream(4)).await, ["shown 8"]);
}

#[tokio::test]
async fn a_resource_that_was_left_out_is_missed_when_it_is_asked_for() {
    let flow = flow! { with u32; state Tally; start(Ping) -> tally }
        .assume_resources()
        .replace::<tally>()
        .by(async |Ping(_), cx| drop(cx.resource::<u32>()));
    let error = flow.run(Ping(1)).await.unwrap_err();
    assert_eq!(
        format!("{error:#}"),
        "handler `tally` panicked on start: no `u32` was given"
    );
}

flow! {
    /// A stage.
    flow Inner(u32) -> u32;
    with Network;
    start -> fetch -> end
}

#[handler]
async fn fetch(n: u32, network: Res<Network>) -> Result<u32> {
    let _ = network;
    Err(format!("no network for {n}").into())
}

flow! {
    /// A stage of a stage.
    flow Outer(u32) -> u32;
    with Network;
    start -> Inner -> end
}

#[tokio::test]
async fn a_handler_is_replaced_within_a_named_flow_that_is_a_stage_however_deep() {
    let flow = flow! { with Network; start(u32) -> Outer -> show }.with(Network);
    let faked = flow
        .clone()
        .replace_within::<Inner, fetch>()
        .by(async |n: u32, _| Ok(n + 1));
    assert_eq!(all(faked.stream(1)).await, ["shown 2"]);

    // Or the stage itself.
    let faked = flow.replace::<Outer>().by(async |n: u32, _| n + 2);
    assert_eq!(all(faked.stream(1)).await, ["shown 3"]);
}

fn panic_of<T>(f: impl FnOnce() -> T + std::panic::UnwindSafe) -> String {
    let panic = catch_unwind(f).map(drop).unwrap_err();
    *panic.downcast::<String>().unwrap()
}

#[test]
fn a_handler_outside_the_flow_cannot_be_replaced() {
    let flow = || flow! { start(u32) -> show };
    assert_eq!(
        panic_of(|| flow().replace::<answer>()),
        "`answer` cannot be replaced because no clause of this flow calls it: name a handler that one does"
    );
    assert_eq!(
        panic_of(|| flow().replace_within::<Inner, fetch>()),
        "`Inner` is not a stage of this flow: name a flow that is"
    );
    let outer = || flow! { with Network; start(u32) -> Outer -> show };
    assert_eq!(
        panic_of(|| outer().replace_within::<Outer, fetch>()),
        "`fetch` cannot be replaced because no clause of `Outer` calls it: name a handler that one does"
    );
}

#[tokio::test]
async fn a_handler_that_takes_an_assumed_resource_panics() {
    let flow = flow! { with Network; start(Ping) -> ask -> show; ignore Pong }.assume_resources();
    let error = flow.run(Ping(1)).await.unwrap_err();
    assert_eq!(error.kind(), FlowErrorKind::Panicked);
    let error = format!("{error:#}");
    assert!(error.ends_with("Network` was given"), "{error}");
}

#[tokio::test(start_paused = true)]
async fn a_wait_of_thirty_days_is_over_at_once() {
    const DAY: Duration = Duration::from_secs(24 * 60 * 60);

    #[handler(on = "Ping", emits = "Pong")]
    async fn remind(Ping(days): Ping, cx: &Cx) {
        sleep(DAY * days).await;
        cx.emit(Pong(days));
    }

    let flow = flow! { start(Ping) -> remind; when Pong -> answer };
    let (begun, before) = (Instant::now(), std::time::Instant::now());
    assert_eq!(all(flow.stream(Ping(30))).await, ["pong 30"]);
    assert!(begun.elapsed() >= DAY * 30);
    // The clock of the standard library is not paused.
    assert!(before.elapsed() < Duration::from_secs(60));
}

#[tokio::test]
async fn a_recorder_logs_in_order_what_a_handler_does() {
    let recorder = Recorder::new();
    let returned = ask(Ping(1), &recorder.cx(), Res::new(Network)).await;
    assert!(returned.is_err());
    assert_eq!(recorder.emitted::<Pong>(), [Pong(1)]);
    assert_eq!(recorder.log(), ["put", "emit Pong"]);
}

#[tokio::test]
async fn a_full_recorder_blocks_the_handler_until_its_items_are_taken() {
    #[handler(emits = "Ping")]
    async fn put_twice(cx: &Cx) {
        cx.put("one").await;
        cx.put("two").await;
        cx.emit(Ping(1));
    }

    let recorder = Recorder::with_capacity(1.try_into().unwrap());
    let cx = recorder.cx();
    let put = tokio::spawn(async move { put_twice(&cx).await });
    tokio::task::yield_now().await;
    assert_eq!(recorder.log(), ["put"]);
    assert_eq!(recorder.items::<String>(), ["one"]);
    put.await.unwrap();
    assert_eq!(recorder.log(), ["put", "put", "emit Ping"]);
}

#[tokio::test]
async fn a_journal_that_is_not_as_expected_shows_both_lists() {
    let journal = Journal::new();
    let flow = flow! { start -> begin; when Ping -> respond; when Pong -> answer }
        .observe(journal.observer());
    flow.run(()).await.unwrap();
    assert_eq!(journal.events(), ["Ping", "Ping", "Pong", "Pong"]);
    assert_eq!(
        journal.order(),
        [
            "begin", "Ping", "Ping", "respond", "Pong", "respond", "Pong", "answer", "answer"
        ]
    );
    journal.assert_order(["Ping", "respond", "respond", "answer"]);
    let lists = "\n  happened: begin, Ping, Ping, respond, Pong, respond, Pong, answer, answer";
    let panic = |expected: &[&str]| {
        let assert = std::panic::AssertUnwindSafe(|| journal.assert_order(expected));
        panic_of(assert)
    };
    assert_eq!(
        panic(&["answer", "Ping"]),
        format!(
            "`Ping` occurs only before `answer`, not after it\n  expected: answer, Ping{lists}"
        )
    );
    assert_eq!(
        panic(&["Ping", "Quit"]),
        format!("`Quit` never occurs\n  expected: Ping, Quit{lists}")
    );
    journal.clear();
    assert!(journal.lifecycle().is_empty());
}

#[handler(on = "Ping", emits = "Pong")]
async fn respond(Ping(n): Ping, cx: &Cx) {
    cx.emit(Pong(n));
}

#[derive(Event)]
struct Quit;

#[handler(emits = ["Ping", "Quit"])]
async fn decide(n: u32, cx: &Cx) {
    match n {
        0 => cx.emit(Quit),
        n => cx.emit(Ping(n)),
    }
}

#[handler]
async fn check(Ping(n): Ping) -> Result<bool> {
    match n {
        1 => Err("one is refused".into()),
        n => Ok(n % 2 == 0),
    }
}

#[handler]
async fn even(cx: &Cx) {
    cx.put("even").await;
}

#[handler]
async fn odd(cx: &Cx) {
    cx.put("odd").await;
}

#[handler]
async fn excuse(_: Failed, cx: &Cx) {
    cx.put("excuse").await;
}

flow! {
    flow Decisions(u32);
    start -> decide;
    when Ping -> check -> match { true => even, false => odd };
    when Quit -> nothing;
    rescue check -> excuse
}

#[tokio::test]
async fn coverage_lists_each_edge_until_it_is_taken() {
    let coverage = Coverage::new(Decisions::GRAPH);
    let flow = Decisions::new().observe(coverage.observer());
    let untaken = || {
        let edges = coverage.uncovered();
        edges.iter().map(Edge::description).collect::<Vec<_>>()
    };
    assert_eq!(
        untaken(),
        [
            "`start` was never entered",
            "`when Ping` was never entered",
            "`when Ping` never called `even`",
            "`when Ping` never called `odd`",
            "`when Quit` was never entered",
            "`rescue check` was never needed",
            "`decide` never emitted `Ping`",
            "`decide` never emitted `Quit`",
        ]
    );

    assert_eq!(all(flow.stream(3)).await, ["odd"]);
    let never = [
        "`when Ping` never called `even`",
        "`when Quit` was never entered",
        "`rescue check` was never needed",
        "`decide` never emitted `Quit`",
    ];
    assert_eq!(untaken(), never);
    let report = coverage.report();
    assert!(
        report.starts_with("Decisions: 4 of 8 edges were covered\n  `when Ping` never"),
        "{report}"
    );
    assert!(report.contains(&format!("({}:", file!())), "{report}");

    assert_eq!(all(flow.stream(0)).await, ["nothing"]);
    assert_eq!(all(flow.stream(1)).await, ["excuse"]);
    assert_eq!(untaken(), ["`when Ping` never called `even`"]);
    assert_eq!(all(flow.stream(4)).await, ["even"]);
    assert!(coverage.uncovered().is_empty(), "{}", coverage.report());
    assert_eq!(coverage.report(), "Decisions: 8 of 8 edges were covered");
}

#[derive(Clone, Debug, Event)]
#[event(answer = "bool")]
struct Approval;

#[handler(emits = "Approval")]
async fn request(cx: &Cx) {
    cx.emit(Approval);
}

#[handler]
async fn approved(_approved: Answered<Approval>) {}

#[handler]
async fn lapsed(_question: Approval) {}

#[tokio::test(start_paused = true)]
async fn coverage_names_the_clauses_of_a_question_as_the_flow_does() {
    let flow = flow! {
        streams Asked<Approval>;
        start -> request;
        ask Approval within "1h" -> approved else -> lapsed
    };
    let coverage = Coverage::new(flow.graph());
    let untaken = || {
        let edges = coverage.uncovered();
        edges.iter().map(Edge::description).collect::<Vec<_>>()
    };
    assert_eq!(
        untaken(),
        [
            "`start` was never entered",
            "`ask Approval` was never entered",
            "`ask Approval` was never answered",
            "the `else` of `ask Approval` was never entered",
            "`request` never emitted `Approval`",
        ]
    );

    // The question is kept until its time is over.
    let flow = flow.observe(coverage.observer());
    assert_eq!(all(flow.stream(())).await.len(), 1);
    assert_eq!(untaken(), ["`ask Approval` was never answered"]);
}

#[tokio::test]
async fn the_picture_of_the_coverage_marks_edges_never_taken() {
    let coverage = Coverage::new(Decisions::GRAPH);
    let flow = Decisions::new().observe(coverage.observer());
    all(flow.stream(3)).await;
    assert_eq!(
        marked(&coverage),
        [
            r#"choice -->|"true"| h_even"#,
            "e_Quit --> h_nothing",
            r#"h_check -.->|"error"| h_excuse"#,
            r#"h_decide -->|"one of"| e_Quit"#,
        ]
    );
}

/// The edges that the picture of the coverage marks.
fn marked(coverage: &Coverage) -> Vec<String> {
    let picture = coverage.to_mermaid();
    let edges: Vec<_> = picture.lines().filter(|line| line.contains("->")).collect();
    let marked = picture
        .lines()
        .find_map(|line| line.trim().strip_prefix("linkStyle "));
    let marked = marked.unwrap().split(' ').next().unwrap().split(',');
    marked
        .map(|index| edges[index.parse::<usize>().unwrap()].trim().to_owned())
        .collect()
}

#[tokio::test(start_paused = true)]
async fn the_picture_of_the_coverage_marks_what_did_not_become_of_a_question() {
    let flow = flow! {
        streams Asked<Approval>;
        start(bool) -> match { true => request, false => ignore };
        ask Approval within "1h" -> approved else -> ignore
    };
    let coverage = Coverage::new(flow.graph());
    let flow = flow.observe(coverage.observer());
    flow.run(false).await.unwrap();
    let (to_ask, to_else) = ("e_Approval --> ask", r#"ask -->|"no answer"| ignore"#);
    let before = marked(&coverage);
    for edge in [to_ask, to_else] {
        assert!(
            before.iter().any(|other| other.starts_with(edge)),
            "{before:#?}"
        );
    }

    // The question is answered, and never given up.
    let mut execution = flow.stream(true);
    let asked = execution.next().await.unwrap().unwrap();
    asked.answer(true).unwrap();
    execution.output().await.unwrap();
    let after = marked(&coverage);
    assert_eq!(after.len(), 1, "{after:#?}");
    assert!(after[0].starts_with(to_else), "{after:#?}");
}

#[tokio::test]
async fn an_event_of_a_task_covers_the_only_handler_that_declares_it() {
    #[handler(emits = "Ping")]
    async fn delegate(cx: &Cx) {
        let cx = cx.clone();
        tokio::spawn(async move { cx.emit(Ping(1)) });
    }

    let flow = flow! { start -> delegate; when Ping -> respond; when Pong -> answer };
    let coverage = Coverage::new(flow.graph());
    flow.observe(coverage.observer()).run(()).await.unwrap();
    assert!(coverage.uncovered().is_empty(), "{}", coverage.report());
}

#[test]
fn a_handler_that_waits_for_room_is_pending() {
    let recorder = Recorder::with_capacity(1.try_into().unwrap());
    let cx = recorder.cx();
    show(1, &cx).now_or_never().unwrap();
    assert!(show(2, &cx).now_or_never().is_none());
    assert_eq!(recorder.items::<String>(), ["shown 1"]);
}
