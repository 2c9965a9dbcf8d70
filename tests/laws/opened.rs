//! `with Session = open_session` opens a resource for each execution, before `start`, and drops it
//! at the end, after everything else.

use std::any::Any;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use flow_core::lifecycle::LifecycleKind;
use flow_core::testing::Journal;
use flow_core::{
    Cx, Ending, Event, FlowError, FlowErrorKind, Res, Result, State, Tick, flow, handler,
};
use tokio::time::{Instant, sleep, timeout};

use crate::{Log, read};

const SECOND: Duration = Duration::from_secs(1);

/// Adds a line when it is dropped.
struct Noted(Log, &'static str);

impl Drop for Noted {
    fn drop(&mut self) {
        self.0.add(self.1);
    }
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Way {
    Ends,
    EndsNow,
    RunsOut,
    Stops,
    Fails,
    Panics,
    Hangs,
    OpensNothing,
    OpenerPanics,
    OpenerHangs,
    OpenerHangsForever,
}

#[allow(
    clippy::trivially_copy_pass_by_ref,
    reason = "a state is made from a reference to the input"
)]
fn way(input: &Way) -> Way {
    *input
}

struct Session {
    log: Log,
}

impl Drop for Session {
    fn drop(&mut self) {
        self.log.add("closed");
    }
}

#[handler(timeout = "10s")]
async fn open_session(way: State<Way>, log: Res<Log>) -> Result<Session> {
    let log = (*log).clone();
    let _opening = Noted(log.clone(), "opened or given up");
    log.add("opening");
    sleep(SECOND).await;
    match way.with(|way| *way) {
        Way::OpensNothing => return Err("the pool is empty".into()),
        Way::OpenerPanics => panic!("an opener of a test panics"),
        Way::OpenerHangs => sleep(8 * SECOND).await,
        Way::OpenerHangsForever => std::future::pending().await,
        _ => {}
    }
    Ok(Session { log })
}

enum Verdict {
    End(u32),
    EndNow(u32),
    GoOn,
}

#[derive(Clone, Debug, Event)]
struct Message(u32);

#[handler(emits = Message)]
async fn work(way: Way, cx: &Cx, session: Res<Session>) -> Result<Verdict> {
    session.log.add("started");
    cx.emit(Message(0));
    sleep(SECOND).await;
    match way {
        Way::Ends => return Ok(Verdict::End(7)),
        Way::EndsNow => return Ok(Verdict::EndNow(7)),
        Way::Stops => cx.stop(),
        Way::Fails => return Err("out of stock".into()),
        Way::Panics => panic!("a handler of a test panics"),
        Way::Hangs => std::future::pending().await,
        _ => {}
    }
    Ok(Verdict::GoOn)
}

#[handler(on = Message)]
async fn hear(Message(n): Message, session: Res<Session>) {
    session.log.add(format!("message {n}"));
}

#[handler]
async fn settle(ending: Ending, session: Res<Session>) {
    sleep(SECOND).await;
    session.log.add(match ending {
        Ending::Completed => "settled",
        Ending::Stopped => "settled: stopped",
        Ending::Failed(_) => "settled: failed",
        Ending::TimedOut(_) => "settled: timed out",
        Ending::Panicked(_) => "settled: panicked",
        Ending::Cancelled(_) => "settled: cancelled",
        _ => "settled?",
    });
}

#[handler]
async fn output(verdict: u32) -> Option<u32> {
    Some(verdict)
}

flow! {
    /// Works in a session of its own.
    flow Work(Way) -> Option<u32>;
    with Log;
    with Session = open_session;
    state Way = way;
    external Message;
    timeout "20s";
    start -> work -> match {
        Verdict::End(n) => output -> end,
        Verdict::EndNow(n) => output -> end now,
        Verdict::GoOn => ignore
    };
    when Message -> hear;
    finally within "10s" -> settle
}

/// What happens before `start` has begun, and when the resource is dropped.
const OPENED: [&str; 3] = ["opening", "opened or given up", "started"];

#[tokio::test(start_paused = true)]
async fn a_resource_is_opened_before_start_and_dropped_after_everything_else_on_every_ending() {
    for (way, settled, kind) in [
        (Way::Ends, "settled", None),
        (Way::EndsNow, "settled", None),
        (
            Way::RunsOut,
            "settled: failed",
            Some(FlowErrorKind::Unfinished),
        ),
        (
            Way::Stops,
            "settled: failed",
            Some(FlowErrorKind::Unfinished),
        ),
        (Way::Fails, "settled: failed", Some(FlowErrorKind::Failed)),
        (
            Way::Panics,
            "settled: panicked",
            Some(FlowErrorKind::Panicked),
        ),
        (
            Way::Hangs,
            "settled: timed out",
            Some(FlowErrorKind::TimedOut),
        ),
    ] {
        let log = Log::default();
        let ended = Work::new().with(log.clone()).run(way).await;
        assert_eq!(ended.as_ref().err().map(FlowError::kind), kind, "{way:?}");
        if kind.is_none() {
            assert_eq!(ended.unwrap(), Some(7));
        }
        let rest = ["message 0", settled, "closed"];
        assert_eq!(log.lines(), [&OPENED[..], &rest].concat(), "{way:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_cancel_and_a_drop_close_it_too() {
    let log = Log::default();
    let flow = Work::new().with(log.clone());
    let execution = flow.spawn(Way::Hangs);
    sleep(2 * SECOND).await;
    execution.cancel();
    let error = execution.output().await.unwrap_err();
    assert_eq!(error.kind(), FlowErrorKind::Cancelled);
    let rest = ["message 0", "settled: cancelled", "closed"];
    assert_eq!(log.lines(), [&OPENED[..], &rest].concat());

    let log = Log::default();
    let flow = Work::new().with(log.clone());
    // Dropped in the middle of it.
    timeout(2 * SECOND, flow.run(Way::Hangs)).await.unwrap_err();
    let rest = ["message 0", "closed"];
    assert_eq!(log.lines(), [&OPENED[..], &rest].concat());
}

/// Neither `start` nor `finally` has run.
const NOT_OPENED: [&str; 2] = ["opening", "opened or given up"];

#[tokio::test(start_paused = true)]
async fn a_failure_to_open_it_is_one_of_the_execution_and_nothing_else_runs() {
    for (way, message) in [
        (
            Way::OpensNothing,
            "handler `open_session` failed in `with Session`: the pool is empty",
        ),
        (
            Way::OpenerPanics,
            "handler `open_session` panicked in `with Session`: an opener of a test panics",
        ),
        (
            Way::OpenerHangsForever,
            "handler `open_session` timed out in `with Session` after 10s: `open_session` took \
             longer than 10s",
        ),
    ] {
        let log = Log::default();
        let error = Work::new().with(log.clone()).run(way).await.unwrap_err();
        assert_eq!(format!("{error:#}"), message);
        assert_eq!(error.handler(), Some("open_session"));
        assert_eq!(log.lines(), NOT_OPENED);
    }
}

#[tokio::test(start_paused = true)]
async fn what_ends_an_execution_ends_it_while_it_opens_and_no_finally_runs() {
    // Its timeout.
    let log = Log::default();
    let flow = Work::new().with(log.clone()).timeout(5 * SECOND);
    let error = flow.run(Way::OpenerHangs).await.unwrap_err();
    assert_eq!(error.kind(), FlowErrorKind::TimedOut);
    assert_eq!(log.lines(), NOT_OPENED);

    // Its idle timeout, which names the handler.
    let log = Log::default();
    let flow = Work::new().with(log.clone()).idle_timeout(5 * SECOND);
    let error = flow.run(Way::OpenerHangs).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "the execution was idle for 5s while `open_session` was running"
    );
    assert_eq!(log.lines(), NOT_OPENED);

    // A cancel.
    let log = Log::default();
    let execution = Work::new().with(log.clone()).spawn(Way::OpenerHangs);
    sleep(2 * SECOND).await;
    execution.cancel();
    let error = execution.output().await.unwrap_err();
    assert_eq!(error.kind(), FlowErrorKind::Cancelled);
    assert_eq!(log.lines(), NOT_OPENED);

    // A cancel before it has begun.
    let log = Log::default();
    let execution = Work::new().with(log.clone()).spawn(Way::Ends);
    execution.cancel();
    assert_eq!(
        execution.output().await.unwrap_err().kind(),
        FlowErrorKind::Cancelled
    );
    assert_eq!(log.lines(), [""; 0]);

    // A drop.
    let log = Log::default();
    let flow = Work::new().with(log.clone());
    timeout(2 * SECOND, flow.run(Way::OpenerHangs))
        .await
        .unwrap_err();
    assert_eq!(log.lines(), NOT_OPENED);
}

#[tokio::test(start_paused = true)]
async fn what_is_sent_while_it_opens_waits_behind_start() {
    let log = Log::default();
    let flow = Work::new().with(log.clone());
    let execution = flow.spawn(Way::Ends);
    execution.emit(Message(1)).await.unwrap();
    sleep(SECOND / 2).await;
    execution.emit(Message(2)).await.unwrap();
    assert_eq!(log.lines(), ["opening"]);
    assert_eq!(execution.output().await.unwrap(), Some(7));
    let rest = ["message 1", "message 2", "message 0", "settled", "closed"];
    assert_eq!(log.lines(), [&OPENED[..], &rest].concat());
}

#[tokio::test(start_paused = true)]
async fn observers_are_told_of_it_as_of_any_clause() {
    let (log, journal) = (Log::default(), Journal::new());
    // `max_pending` counts what waits as well.
    let flow = Work::new()
        .with(log.clone())
        .max_pending(2)
        .observe(journal.observer());
    let execution = flow.spawn(Way::Ends);
    execution.emit(Message(1)).await.unwrap();
    execution.emit(Message(2)).await.unwrap();
    assert!(execution.try_emit(Message(3)).is_err());
    assert_eq!(execution.output().await.unwrap(), Some(7));
    assert_eq!(
        journal.handlers(),
        [
            "open_session",
            "work",
            "hear",
            "hear",
            "hear",
            "output",
            "settle"
        ]
    );
    let entered = journal
        .lifecycle()
        .into_iter()
        .filter_map(|event| match event.kind {
            LifecycleKind::ClauseEntered { text, cause, .. } => {
                Some((text.to_string(), event.step, cause))
            }
            _ => None,
        });
    let entered: Vec<_> = entered.collect();
    let clauses: Vec<_> = entered.iter().map(|(text, ..)| text.as_str()).collect();
    assert_eq!(
        clauses,
        [
            "`with Session = open_session`",
            "`start`",
            "`when Message`",
            "`when Message`",
            "`when Message`",
            "`finally`",
        ]
    );
    // The message of `work` was caused by the run of `start`, and the others came from outside.
    let caused_by: Vec<_> = entered[..5].iter().map(|(_, _, cause)| *cause).collect();
    assert_eq!(caused_by, [None, None, None, None, entered[1].1]);
}

struct Connection(Noted);
struct Transaction(Noted, Res<Connection>);

#[handler]
async fn connect(log: Res<Log>) -> Connection {
    log.add("connecting");
    sleep(SECOND).await;
    Connection(Noted((*log).clone(), "disconnected"))
}

#[handler]
async fn begin(connection: Res<Connection>) -> Result<Transaction> {
    let log = connection.0.0.clone();
    log.add("beginning");
    sleep(SECOND).await;
    Ok(Transaction(Noted(log, "rolled back"), connection))
}

#[handler]
async fn query(transaction: Res<Transaction>) {
    transaction.1.0.0.add("asked");
    let _ = &transaction.0;
}

#[tokio::test(start_paused = true)]
async fn resources_are_opened_in_the_order_of_the_text_and_dropped_in_reverse() {
    let log = Log::default();
    let flow = flow! {
        // Clauses may come in any order around them.
        start -> query;
        with Connection = connect;
        with Log;
        with Transaction = begin
    };
    flow.with(log.clone()).run(()).await.unwrap();
    assert_eq!(
        log.lines(),
        [
            "connecting",
            "beginning",
            "asked",
            "rolled back",
            "disconnected"
        ]
    );
}

struct Number(u32);

/// The number of the execution.
#[handler]
async fn count(counter: Res<Mutex<u32>>) -> Number {
    let mut counter = counter.lock().unwrap();
    *counter += 1;
    Number(*counter)
}

#[handler(streams = u32)]
async fn tell(number: Res<Number>, cx: &Cx) {
    cx.put(number.0).await;
}

flow! {
    /// Opens its own.
    flow Own streams u32;
    with Mutex<u32>;
    with Number = count;
    start -> tell
}

flow! {
    /// Is given that of the flow around it.
    flow Given streams u32;
    with Number;
    start -> tell
}

#[tokio::test]
async fn each_execution_has_its_own_and_a_stage_takes_that_of_the_flow_or_its_own() {
    let flow = flow! {
        flow streams u32;
        with Mutex<u32>;
        with Number = count;
        start -> tell -> Own -> Own -> Given -> tell
    };
    let flow = flow.with(Mutex::new(0));
    assert_eq!(read(flow.stream(())).await.0, [1, 2, 3, 1, 1]);
    assert_eq!(read(flow.stream(())).await.0, [4, 5, 6, 4, 4]);
}

#[handler]
async fn fail_soon(pause: Duration) -> Result<()> {
    sleep(pause).await;
    Err("out of paper".into())
}

#[handler]
async fn hang(_pause: Duration) -> Way {
    Way::Hangs
}

#[tokio::test(start_paused = true)]
async fn a_stage_that_is_given_up_closes_its_own_after_its_finally_if_it_was_open() {
    for (pause, lines) in [
        (SECOND / 2, &NOT_OPENED[..]),
        (
            3 * SECOND / 2,
            &[
                "opening",
                "opened or given up",
                "started",
                "message 0",
                "settled: cancelled",
                "closed",
            ],
        ),
    ] {
        let log = Log::default();
        let flow = flow! {
            with Log;
            external Message;
            start(Duration) -> (fail_soon, hang -> Work) -> ignore
        };
        let before = Instant::now();
        let error = flow.with(log.clone()).run(pause).await.unwrap_err();
        assert_eq!(error.handler(), Some("fail_soon"));
        assert_eq!(log.lines(), lines);
        let settles = if lines.len() > 2 {
            SECOND
        } else {
            Duration::ZERO
        };
        assert_eq!(before.elapsed(), pause + settles);
    }
}

trait Store: Send + Sync {
    fn name(&self) -> &'static str;
}

struct Disk;

impl Store for Disk {
    fn name(&self) -> &'static str {
        "disk"
    }
}

#[handler]
async fn mount() -> Result<Arc<dyn Store>> {
    Ok(Arc::new(Disk))
}

#[handler]
async fn name(store: Res<dyn Store>, cx: &Cx) {
    cx.put(store.name()).await;
}

#[tokio::test]
async fn a_trait_object_is_returned_in_an_arc() {
    let flow = flow! { with dyn Store = mount; start -> name };
    assert_eq!(read(flow.stream(())).await.0, ["disk"]);
}

#[handler(retry(attempts = 3, backoff = "1s"))]
async fn open_at_last(cx: &Cx, log: Res<Log>) -> Result<Connection> {
    log.add(format!("attempt {}", cx.attempt()));
    if cx.attempt() < 3 {
        return Err("not yet".into());
    }
    Ok(Connection(Noted((*log).clone(), "disconnected")))
}

#[handler]
async fn use_it(_connection: Res<Connection>) {}

#[tokio::test(start_paused = true)]
async fn a_handler_that_opens_a_resource_has_the_limits_of_any_other() {
    let log = Log::default();
    let flow = flow! { with Log; with Connection = open_at_last; start -> use_it };
    flow.with(log.clone()).run(()).await.unwrap();
    assert_eq!(
        log.lines(),
        ["attempt 1", "attempt 2", "attempt 3", "disconnected"]
    );
}

#[tokio::test]
async fn a_test_opens_another_one() {
    let flow = flow! { flow streams u32; with Mutex<u32>; with Number = count; start -> tell };
    let flow = flow
        .assume_resources()
        .replace::<count>()
        .by(async |(), _| Number(8));
    assert_eq!(read(flow.stream(())).await.0, [8]);
}

#[handler(emits = Message)]
async fn announce(cx: &Cx, log: Res<Log>) {
    log.add("started");
    cx.emit(Message(1));
}

#[handler]
async fn tick(_tick: Tick, log: Res<Log>, cx: &Cx) {
    log.add("ticked");
    cx.stop();
}

#[tokio::test(start_paused = true)]
async fn a_clock_waits_for_start_too() {
    let log = Log::default();
    let flow = flow! {
        with Log;
        with Connection = connect_slowly;
        start -> announce;
        when Message -> note;
        every "1s" -> tick
    };
    flow.with(log.clone()).run(()).await.unwrap();
    assert_eq!(log.lines()[..3], ["started", "ticked", "disconnected"]);
}

#[handler]
async fn connect_slowly(log: Res<Log>) -> Connection {
    sleep(7 * SECOND / 2).await;
    Connection(Noted((*log).clone(), "disconnected"))
}

#[handler(on = Message)]
async fn note(_message: Message, _connection: Res<Connection>) {}

/// A resource that holds a context of its execution keeps it open, and is dropped with it.
struct Held(Noted, #[allow(dead_code)] Box<dyn Any + Send + Sync>);

#[handler(streams = !)]
async fn hold(cx: &Cx, log: Res<Log>) -> Held {
    Held(Noted((*log).clone(), "closed"), Box::new(cx.clone()))
}

#[handler]
async fn look(held: Res<Held>) {
    held.0.0.add("started");
}

#[tokio::test(start_paused = true)]
async fn one_that_holds_a_context_goes_with_the_execution() {
    let log = Log::default();
    let flow = flow! { with Log; with Held = hold; start -> look };
    let execution = flow.with(log.clone()).spawn(());
    sleep(SECOND).await;
    execution.cancel();
    assert!(execution.output().await.is_err());
    assert_eq!(log.lines(), ["started", "closed"]);
}
