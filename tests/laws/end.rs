//! `-> end` decides with what an execution ends, and what is under way is finished; `-> end now`
//! ends it at once.

use std::time::Duration;

use flow_core::{
    Answered, Asked, Cx, Event, FlowErrorKind, Res, Result, Spawned, TryEmitError, flow, handler,
};
use futures::{FutureExt, StreamExt};
use tokio::time::{Instant, interval, sleep};

use crate::{Log, read};

const SECOND: Duration = Duration::from_secs(1);

#[derive(Clone, Debug, Event)]
struct Paid(u32);

#[derive(Clone, Debug, Event)]
struct Archived(u32);

#[derive(Clone, Debug, Event)]
struct Late(u32);

/// Emits the event of an audit and returns what the flow ends with.
#[handler(emits = Paid)]
async fn pay(amount: u32, cx: &Cx) -> u32 {
    cx.emit(Paid(amount));
    amount
}

#[handler(on = Paid, emits = Archived)]
async fn audit(Paid(amount): Paid, cx: &Cx, log: Res<Log>) {
    sleep(SECOND).await;
    log.add(format!("audited {amount}"));
    cx.emit(Archived(amount));
}

#[handler(on = Archived)]
async fn archive(Archived(amount): Archived, cx: &Cx, log: Res<Log>) {
    sleep(SECOND).await;
    log.add(format!("archived {amount}"));
    cx.put(format!("archived {amount}")).await;
}

flow! {
    flow Order(u32) -> u32 streams String;
    with Log;
    start -> pay -> end;
    when Paid -> audit;
    when Archived -> archive
}

flow! {
    flow OrderNow(u32) -> u32 streams String;
    with Log;
    start -> pay -> end now;
    when Paid -> audit;
    when Archived -> archive
}

#[tokio::test(start_paused = true)]
async fn events_emitted_before_the_end_and_those_they_lead_to_are_delivered() {
    let log = Log::default();
    let begun = Instant::now();
    let mut execution = Order::new().with(log.clone()).stream(7);
    let mut items = Vec::new();
    while let Some(item) = execution.next().await {
        items.push(item.unwrap());
    }
    assert_eq!(items, ["archived 7"]);
    assert_eq!(execution.output().await.unwrap(), 7);
    assert_eq!(log.lines(), ["audited 7", "archived 7"]);
    assert_eq!(begun.elapsed(), 2 * SECOND);
}

#[tokio::test(start_paused = true)]
async fn end_now_drops_what_is_under_way() {
    let log = Log::default();
    let flow = OrderNow::new().with(log.clone());
    assert_eq!(flow.run(7).await.unwrap(), 7);
    assert_eq!(log.lines(), [""; 0]);
}

#[tokio::test(start_paused = true)]
async fn the_first_value_counts_and_later_ones_are_dropped() {
    #[handler(emits = [Paid, Late])]
    async fn both(cx: &Cx) {
        cx.emit(Late(1));
        cx.emit(Paid(2));
    }

    #[handler(on = Late)]
    async fn slow(Late(n): Late) -> u32 {
        sleep(SECOND).await;
        n
    }

    #[handler(on = Paid)]
    async fn quick(Paid(n): Paid) -> u32 {
        n
    }

    let flow = flow! { start -> both; when Late -> slow -> end; when Paid -> quick -> end };
    let begun = Instant::now();
    assert_eq!(flow.run(()).await.unwrap(), 2);
    assert_eq!(begun.elapsed(), SECOND);

    // `end now` drops the rest, and keeps the value.
    let flow = flow! { start -> both; when Late -> slow -> end now; when Paid -> quick -> end };
    assert_eq!(flow.run(()).await.unwrap(), 2);
}

#[tokio::test(start_paused = true)]
async fn stop_after_the_decision_drops_the_rest_and_keeps_the_value() {
    #[handler(on = Paid)]
    async fn pull_the_plug(_paid: Paid, cx: &Cx) {
        sleep(SECOND).await;
        cx.stop();
        sleep(SECOND * 100).await;
    }

    let flow = flow! { start(u32) -> pay -> end; when Paid -> pull_the_plug };
    let begun = Instant::now();
    assert_eq!(flow.run(5).await.unwrap(), 5);
    assert_eq!(begun.elapsed(), SECOND);
}

#[handler(on = Paid)]
async fn fails_later(_paid: Paid) -> Result<()> {
    sleep(SECOND).await;
    Err("the archive is full".into())
}

#[tokio::test(start_paused = true)]
async fn a_failure_after_the_decision_fails_the_execution_and_gives_the_value_back_once() {
    let flow = flow! { start(u32) -> pay -> end; when Paid -> fails_later };
    for error in [
        flow.run(9).await.unwrap_err(),
        flow.stream(9).output().await.unwrap_err(),
        flow.spawn(9).output().await.unwrap_err(),
        read(flow.stream(9)).await.1.unwrap(),
    ] {
        assert_eq!(error.kind(), FlowErrorKind::Failed);
        assert_eq!(error.handler(), Some("fails_later"));
        assert_eq!(
            format!("{error:#}"),
            "handler `fails_later` failed on `Paid`: the archive is full"
        );
        assert_eq!(error.take_output::<String>(), None, "of another type");
        assert_eq!(error.clone().take_output::<u32>(), Some(9));
        assert_eq!(error.take_output::<u32>(), None);
    }
}

#[tokio::test(start_paused = true)]
async fn a_rescue_after_the_decision_keeps_the_value() {
    #[handler]
    async fn note(log: Res<Log>) {
        log.add("rescued");
    }

    let log = Log::default();
    let flow = flow! {
        with Log;
        start(u32) -> pay -> end;
        when Paid -> fails_later;
        rescue fails_later -> note
    };
    assert_eq!(flow.with(log.clone()).run(9).await.unwrap(), 9);
    assert_eq!(log.lines(), ["rescued"]);
}

#[tokio::test(start_paused = true)]
async fn a_cancel_after_the_decision_is_an_error_with_the_value() {
    let execution = Order::new().with(Log::default()).spawn(3);
    sleep(SECOND / 2).await;
    execution.cancel();
    let error = execution.output().await.unwrap_err();
    assert_eq!(error.kind(), FlowErrorKind::Cancelled);
    assert_eq!(error.take_output::<u32>(), Some(3));
}

#[tokio::test(start_paused = true)]
async fn limits_still_count_after_the_decision() {
    let flow = Order::new().with(Log::default());
    let error = flow.clone().timeout(SECOND).run(1).await.unwrap_err();
    assert_eq!(error.kind(), FlowErrorKind::TimedOut);
    assert_eq!(error.take_output::<u32>(), Some(1));
    let error = flow
        .clone()
        .idle_timeout(SECOND / 2)
        .run(1)
        .await
        .unwrap_err();
    assert_eq!(error.kind(), FlowErrorKind::Idle);
    let error = flow.max_events(1).run(1).await.unwrap_err();
    assert_eq!(error.kind(), FlowErrorKind::TooManyEvents);
}

#[tokio::test(start_paused = true)]
async fn retries_and_an_each_in_progress_go_on() {
    #[handler(on = Paid, retry(attempts = 3, backoff = "1s"))]
    async fn upload(Paid(n): Paid, cx: &Cx, log: Res<Log>) -> Result<Vec<u32>> {
        if cx.attempt() < 3 {
            return Err("no connection".into());
        }
        log.add("uploaded");
        Ok(vec![n, n + 1, n + 2])
    }

    #[handler]
    async fn index(n: u32, log: Res<Log>) {
        sleep(SECOND).await;
        log.add(format!("indexed {n}"));
    }

    let log = Log::default();
    let flow = flow! { with Log; start(u32) -> pay -> end; when Paid -> upload -> each index[1] };
    assert_eq!(flow.with(log.clone()).run(1).await.unwrap(), 1);
    assert_eq!(
        log.lines(),
        ["uploaded", "indexed 1", "indexed 2", "indexed 3"]
    );
}

#[tokio::test(start_paused = true)]
async fn clones_of_a_context_are_under_way_and_may_emit() {
    #[handler(emits = Late)]
    async fn hand_over(cx: &Cx) -> &'static str {
        let cx = cx.clone();
        tokio::spawn(async move {
            sleep(SECOND).await;
            cx.emit(Late(1));
            sleep(SECOND).await;
            cx.emit(Late(2));
        });
        "done"
    }

    #[handler(on = Late)]
    async fn note(Late(n): Late, log: Res<Log>) {
        log.add(format!("late {n}"));
    }

    let log = Log::default();
    let flow = flow! { with Log; start -> hand_over -> end; when Late -> note };
    assert_eq!(flow.with(log.clone()).run(()).await.unwrap(), "done");
    assert_eq!(log.lines(), ["late 1", "late 2"]);
}

flow! {
    flow Open(u32) -> u32 streams String;
    with Log;
    external Late;
    start -> pay -> end;
    when Paid -> audit;
    when Late -> note_late;
    when Archived -> archive
}

#[handler(on = Late)]
async fn note_late(Late(n): Late, log: Res<Log>) {
    log.add(format!("late {n}"));
}

#[tokio::test(start_paused = true)]
async fn senders_and_handles_find_it_closed_and_do_not_keep_it_open() {
    let log = Log::default();
    let mut execution: Spawned<Open> = Open::new().with(log.clone()).spawn(4);
    let sender = execution.sender();
    sleep(SECOND / 2).await;
    assert!(sender.is_closed());
    assert!(matches!(
        sender.try_emit(Late(1)),
        Err(TryEmitError::Ended(Late(1)))
    ));
    assert!(execution.emit(Late(2)).await.is_err());
    let (items, error) = read(execution.items()).await;
    assert_eq!((items.len(), error.is_none()), (1, true));
    assert_eq!(execution.output().await.unwrap(), 4);
    assert_eq!(log.lines(), ["audited 4", "archived 4"]);
    drop(sender);
}

#[derive(Clone, Debug, Event)]
#[event(answer = "bool")]
struct Refund(u32);

#[handler(emits = [Refund, Paid])]
async fn ask_and_pay(amount: u32, cx: &Cx) {
    cx.emit(Refund(amount));
    cx.emit(Paid(amount));
}

#[handler]
async fn answered(answered: Answered<Refund>, log: Res<Log>) {
    log.add(format!("answered {}", answered.answer));
}

#[handler(on = Refund)]
async fn lapse(Refund(amount): Refund, log: Res<Log>) {
    sleep(SECOND).await;
    log.add(format!("lapsed {amount}"));
}

#[handler(on = Paid)]
async fn settle(Paid(amount): Paid) -> u32 {
    sleep(SECOND).await;
    amount
}

flow! {
    flow WithElse(u32) -> u32 streams Asked<Refund>;
    with Log;
    start -> ask_and_pay;
    ask Refund -> answered else -> lapse;
    when Paid -> settle -> end
}

flow! {
    flow WithoutElse(u32) -> u32 streams Asked<Refund>;
    with Log;
    start -> ask_and_pay;
    ask Refund -> answered;
    when Paid -> settle -> end
}

#[tokio::test(start_paused = true)]
async fn a_question_that_waits_takes_its_else_when_the_end_is_decided() {
    let log = Log::default();
    let mut execution = WithElse::new().with(log.clone()).spawn(8);
    let asked = execution.items().next().await.unwrap().unwrap();
    assert!(asked.closed().now_or_never().is_none());
    asked.closed().await;
    assert!(asked.answer(true).is_err());
    assert_eq!(execution.output().await.unwrap(), 8);
    assert_eq!(log.lines(), ["lapsed 8"]);
}

#[tokio::test(start_paused = true)]
async fn a_question_without_an_else_is_given_up_when_the_end_is_decided() {
    let log = Log::default();
    let mut execution = WithoutElse::new().with(log.clone()).spawn(8);
    let asked = execution.items().next().await.unwrap().unwrap();
    asked.closed().await;
    assert_eq!(execution.output().await.unwrap(), 8);
    assert!(asked.answer(true).is_err());
    assert_eq!(log.lines(), [""; 0]);
}

#[tokio::test(start_paused = true)]
async fn a_question_of_a_stage_is_given_up_when_the_end_of_the_outer_flow_is_decided() {
    #[handler(on = Paid)]
    async fn order(Paid(amount): Paid) -> u32 {
        amount
    }

    #[handler]
    async fn count(n: u32, log: Res<Log>) {
        log.add(format!("the stage ended with {n}"));
    }

    #[derive(Clone, Event)]
    struct Quick;

    #[handler(emits = [Paid, Quick])]
    async fn begin(amount: u32, cx: &Cx) {
        cx.emit(Paid(amount));
        cx.emit(Quick);
    }

    #[handler(on = Quick)]
    async fn quick(_quick: Quick) -> u32 {
        sleep(SECOND / 2).await;
        1
    }

    /// Asks, and decides its end only after the answer.
    #[handler]
    async fn lapsed(refund: Refund) -> u32 {
        refund.0
    }

    #[handler]
    async fn decided(answered: Answered<Refund>) -> u32 {
        answered.question.0
    }

    #[handler(emits = Refund)]
    async fn ask_only(amount: u32, cx: &Cx) {
        cx.emit(Refund(amount));
    }

    flow! {
        flow Inner(u32) -> u32 streams Asked<Refund>;
        start -> ask_only;
        ask Refund -> decided -> end else -> lapsed -> end
    }

    flow! {
        flow Outer(u32) -> u32 streams Asked<Refund>;
        with Log;
        start -> begin;
        when Paid -> order -> Inner -> count;
        when Quick -> quick -> end
    }

    let log = Log::default();
    let mut execution = Outer::new().with(log.clone()).spawn(8);
    let begun = Instant::now();
    let asked = execution.items().next().await.unwrap().unwrap();
    assert_eq!(execution.output().await.unwrap(), 1);
    assert_eq!(begun.elapsed(), SECOND / 2);
    assert!(asked.answer(true).is_err());
    assert_eq!(log.lines(), ["the stage ended with 8"]);
}

#[tokio::test(start_paused = true)]
async fn a_stage_that_waits_without_an_else_is_given_up_with_its_clause() {
    #[handler]
    async fn decided(answered: Answered<Refund>) -> u32 {
        answered.question.0
    }

    #[handler(emits = Refund)]
    async fn ask_only(amount: u32, cx: &Cx) {
        cx.emit(Refund(amount));
    }

    #[handler(on = Late)]
    async fn amount(Late(n): Late) -> u32 {
        n
    }

    #[handler]
    async fn count(_n: u32, log: Res<Log>) {
        log.add("never");
    }

    #[handler(emits = [Late, Paid])]
    async fn begin(cx: &Cx) {
        cx.emit(Late(3));
        cx.emit(Paid(4));
    }

    flow! {
        flow Waiting(u32) -> u32 streams Asked<Refund>;
        start -> ask_only;
        ask Refund -> decided -> end
    }

    flow! {
        flow Between(u32) -> u32 streams Asked<Refund>;
        start -> Waiting -> end
    }

    flow! {
        flow Around -> u32 streams Asked<Refund>;
        with Log;
        start -> begin;
        when Late -> amount -> Between -> count;
        when Paid -> settle -> end
    }

    let log = Log::default();
    let execution = Around::new().with(log.clone()).spawn(());
    let handle = execution.sender();
    assert_eq!(execution.output().await.unwrap(), 4);
    assert_eq!(log.lines(), [""; 0]);
    drop(handle);
}

#[handler(on = Paid)]
async fn heartbeat(_paid: Paid, cx: &Cx, log: Res<Log>) {
    let mut beats = interval(SECOND);
    loop {
        tokio::select! {
            _ = beats.tick() => log.add("beat"),
            () = cx.ending() => break,
        }
    }
    log.add("quiet");
}

#[tokio::test(start_paused = true)]
async fn a_heartbeat_ends_with_its_execution() {
    #[handler(emits = Paid)]
    async fn work(cx: &Cx) -> u32 {
        cx.emit(Paid(0));
        sleep(SECOND * 5 / 2).await;
        42
    }

    let log = Log::default();
    let flow = flow! { with Log; start -> work -> end; when Paid -> heartbeat };
    assert_eq!(flow.with(log.clone()).run(()).await.unwrap(), 42);
    assert_eq!(log.lines(), ["beat", "beat", "beat", "quiet"]);
}

#[tokio::test(start_paused = true)]
async fn a_heartbeat_in_a_stage_ends_with_the_outer_flow() {
    #[derive(Clone, Event)]
    struct Begin;

    #[handler(emits = [Begin, Paid])]
    async fn begin(cx: &Cx) {
        cx.emit(Begin);
        cx.emit(Paid(3));
    }

    #[handler(on = Begin)]
    async fn enter(_begin: Begin) -> Paid {
        Paid(0)
    }

    flow! { flow Beating(Paid); with Log; start -> heartbeat }
    flow! { flow Middle(Paid); with Log; start -> Beating }

    let log = Log::default();
    let flow = flow! {
        with Log;
        start -> begin;
        when Begin -> enter -> Middle;
        when Paid -> settle -> end
    };
    assert_eq!(flow.with(log.clone()).run(()).await.unwrap(), 3);
    assert_eq!(log.lines(), ["beat", "beat", "quiet"]);
}

#[tokio::test(start_paused = true)]
async fn ending_is_over_at_once_after_the_decision_and_after_the_end() {
    #[handler(emits = Paid)]
    async fn begin(cx: &Cx, log: Res<Log>) -> u32 {
        let late = cx.clone();
        tokio::spawn(async move {
            late.ending().await;
            log.add("first");
            late.ending().await;
            log.add("second");
        });
        1
    }

    let log = Log::default();
    let flow = flow! { with Log; ignore Paid; start -> begin -> end };
    assert_eq!(flow.with(log.clone()).run(()).await.unwrap(), 1);
    assert_eq!(log.lines(), ["first", "second"]);
}

#[tokio::test(start_paused = true)]
async fn draining_is_bounded_and_names_the_handlers_that_still_ran() {
    #[handler(emits = [Paid, Late])]
    async fn begin(cx: &Cx) -> u32 {
        cx.emit(Paid(1));
        cx.emit(Late(2));
        7
    }

    #[handler(on = Late)]
    async fn hang(_late: Late) {
        std::future::pending::<()>().await;
    }

    let flow = flow! {
        drain within "10s";
        with Log;
        start -> begin -> end;
        when Paid -> audit;
        when Archived -> archive;
        when Late -> hang
    };
    let log = Log::default();
    let flow = flow.with(log.clone());
    let begun = Instant::now();
    let error = flow.run(()).await.unwrap_err();
    assert_eq!(begun.elapsed(), 10 * SECOND);
    assert_eq!(error.kind(), FlowErrorKind::TimedOut);
    assert_eq!(
        error.to_string(),
        "the execution went on for longer than 10s after its `end`: `hang` was running"
    );
    assert_eq!(error.take_output::<u32>(), Some(7));
    assert_eq!(log.lines(), ["audited 1", "archived 1"]);

    let error = flow.drain_within(SECOND / 2).run(()).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "the execution went on for longer than 500ms after its `end`: \
         `audit` and `hang` were running"
    );
}

#[tokio::test(start_paused = true)]
async fn an_execution_that_drains_in_time_is_not_touched_by_the_bound() {
    let log = Log::default();
    let flow = Order::new().with(log.clone()).drain_within(3 * SECOND);
    assert_eq!(flow.run(7).await.unwrap(), 7);
    // The bound begins at the decision, not at the beginning.
    #[handler]
    async fn long(n: u32) -> u32 {
        sleep(60 * SECOND).await;
        n
    }
    let flow = flow! { drain within "1s"; start(u32) -> long -> end };
    assert_eq!(flow.run(1).await.unwrap(), 1);
}
