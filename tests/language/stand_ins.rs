//! `a else b`: a value that stands in for that of a stage that failed.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use flow_core::lifecycle::LifecycleEvent;
use flow_core::testing::{Coverage, Edge};
use flow_core::{
    BoxError, Cx, Event, Failed, FlowError, FlowErrorKind, Res, Result, TimedOut, flow, handler,
};
use tokio::time::{Instant, sleep};

use crate::items;

#[derive(Clone, Debug, PartialEq)]
struct Url(&'static str);

#[derive(Debug, PartialEq)]
struct NotFound(&'static str);

impl std::fmt::Display for NotFound {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} was not found", self.0)
    }
}

impl std::error::Error for NotFound {}

/// Finds `a` and `b`. It panics at `bug`.
#[handler]
async fn fetch(Url(at): Url) -> Result<String, NotFound> {
    match at {
        "a" | "b" => Ok(format!("page {at}")),
        "bug" => panic!("a bug"),
        _ => Err(NotFound(at)),
    }
}

#[handler]
async fn blank() -> String {
    "blank".to_owned()
}

#[handler]
async fn name_it(failed: Failed<NotFound, Url>) -> String {
    let Failed {
        error,
        handler,
        event,
        cause,
        ..
    } = failed;
    format!("{handler} of {cause:?} on {event:?}: {error}")
}

/// The copies that were made of it.
#[derive(Debug)]
struct Counted<'a>(&'a AtomicUsize);

impl Clone for Counted<'_> {
    fn clone(&self) -> Self {
        self.0.fetch_add(1, Ordering::SeqCst);
        Self(self.0)
    }
}

static COPIES: AtomicUsize = AtomicUsize::new(0);

#[handler]
async fn refuse(_counted: Counted<'static>) -> Result<u32> {
    Err("refused".into())
}

#[handler]
async fn zero(_failed: Failed) -> u32 {
    0
}

#[handler]
async fn copies_of(failed: Failed<BoxError, Counted<'static>>) -> usize {
    failed.cause.0.load(Ordering::SeqCst)
}

#[handler]
async fn as_usize(number: u32) -> usize {
    number as usize
}

#[tokio::test]
async fn a_failed_stage_has_the_value_of_its_stand_in() {
    let flow = flow! { start(Url) -> fetch else blank -> end };
    assert_eq!(flow.run(Url("a")).await.unwrap(), "page a");
    assert_eq!(flow.run(Url("c")).await.unwrap(), "blank");
}

#[tokio::test]
async fn the_stand_in_takes_the_error_typed_and_what_arrived_at_the_stage() {
    #[handler]
    async fn at(name: &'static str) -> Url {
        Url(name)
    }
    let flow = flow! { start(&'static str) -> at -> fetch else name_it -> end };
    assert_eq!(
        flow.run("c").await.unwrap(),
        r#"fetch of Url("c") on None: c was not found"#
    );
}

#[derive(Clone, Event)]
struct Wanted(&'static str);

impl From<Wanted> for Url {
    fn from(Wanted(at): Wanted) -> Self {
        Self(at)
    }
}

#[handler(emits = Wanted)]
async fn want(at: &'static str, cx: &Cx) {
    cx.emit(Wanted(at));
}

#[handler(on = Wanted)]
async fn fetch_wanted(Wanted(at): Wanted) -> Result<String, NotFound> {
    Err(NotFound(at))
}

#[handler]
async fn put(text: String, cx: &Cx) {
    cx.put(text).await;
}

#[tokio::test]
async fn an_event_converts_into_the_cause_and_is_named() {
    let flow = flow! {
        start(&'static str) -> want;
        when Wanted -> fetch_wanted else name_it -> put
    };
    assert_eq!(
        items(flow.stream("x")).await,
        [r#"fetch_wanted of Url("x") on Some("Wanted"): x was not found"#]
    );
}

#[tokio::test]
async fn what_arrives_is_cloned_once_and_only_if_it_is_taken() {
    let counted = || Counted(&COPIES);
    let flow = flow! { start(Counted<'static>) -> refuse else zero -> end };
    assert_eq!(flow.run(counted()).await.unwrap(), 0);
    assert_eq!(COPIES.load(Ordering::SeqCst), 0);

    let flow = flow! { start(Counted<'static>) -> (refuse -> as_usize) else copies_of -> end };
    assert_eq!(flow.run(counted()).await.unwrap(), 1);
}

#[handler]
async fn parse(text: &'static str) -> Result<u8, std::num::ParseIntError> {
    text.parse()
}

#[handler]
async fn even(n: u8) -> Result<u8> {
    if n % 2 == 1 {
        return Err(format!("{n} is odd").into());
    }
    Ok(n)
}

#[handler]
async fn tell(failed: Failed<BoxError, &'static str>, cx: &Cx) -> u8 {
    cx.put(format!("{failed} ({})", failed.cause)).await;
    100
}

#[handler]
async fn double(n: u8, cx: &Cx) {
    cx.put((2 * n).to_string()).await;
}

#[tokio::test]
async fn a_chain_in_parentheses_has_one_stand_in_for_all_of_its_handlers() {
    let flow = flow! { start(&'static str) -> (parse -> even) else tell -> double };
    assert_eq!(items(flow.stream("4")).await, ["8"]);
    assert_eq!(
        items(flow.stream("x")).await,
        [
            "handler `parse` failed on start: invalid digit found in string (x)",
            "200"
        ]
    );
    assert_eq!(
        items(flow.stream("3")).await,
        ["handler `even` failed on start: 3 is odd (3)", "200"]
    );
}

#[handler]
async fn word(failed: Failed<std::num::ParseIntError, &'static str>) -> Result<u8, NotFound> {
    match failed.cause {
        "two" => Ok(2),
        other => Err(NotFound(other)),
    }
}

#[handler]
async fn length(failed: Failed<NotFound, &'static str>) -> u8 {
    u8::try_from(failed.cause.len()).unwrap()
}

#[tokio::test]
async fn a_stand_in_that_fails_goes_to_its_own_else() {
    let flow = flow! { start(&'static str) -> parse else word else length -> double };
    for (text, doubled) in [("4", "8"), ("two", "4"), ("three", "10")] {
        assert_eq!(items(flow.stream(text)).await, [doubled]);
    }
    #[handler]
    async fn one(_failed: Failed<NotFound>) -> u8 {
        1
    }
    let flow = flow! { start(&'static str) -> parse else (word else one) -> double };
    for (text, doubled) in [("4", "8"), ("two", "4"), ("three", "2")] {
        assert_eq!(items(flow.stream(text)).await, [doubled]);
    }
}

#[tokio::test]
async fn a_stand_in_that_fails_without_an_else_is_rescued_or_fails_the_execution() {
    let flow = flow! { start(&'static str) -> parse else word -> double };
    let error = flow.run("three").await.unwrap_err();
    assert_eq!(
        format!("{error:#}"),
        "handler `word` failed on start: three was not found; it was called because handler \
         `parse` failed on start: invalid digit found in string"
    );
    assert_eq!(error.rescued().unwrap().handler(), Some("parse"));
    #[handler]
    async fn apologise(failed: Failed<NotFound>, cx: &Cx) {
        cx.put(failed.to_string()).await;
    }
    let flow = flow! {
        start(&'static str) -> parse else word -> double;
        rescue word -> apologise
    };
    assert_eq!(
        items(flow.stream("three")).await,
        ["handler `word` failed on start: three was not found"]
    );
}

#[tokio::test]
async fn if_a_stand_in_fails_both_errors_are_told() {
    #[handler]
    async fn again(failed: Failed) -> Result<u8> {
        Err(failed.error)
    }
    let told = |error: FlowError| error.rescued().map(|first| format!("{first:#}"));
    let first = Some("handler `parse` failed on start: invalid digit found in string".to_owned());
    let flow = flow! { start(&'static str) -> (parse -> even) else again -> double };
    assert_eq!(told(flow.run("three").await.unwrap_err()), first);
    #[handler]
    async fn both((n, _): (u8, u8), cx: &Cx) {
        cx.put(n.to_string()).await;
    }
    #[handler]
    async fn zero_of(_at: &'static str) -> u8 {
        0
    }
    let flow = flow! { start(&'static str) -> (parse else word, zero_of) -> both };
    assert_eq!(told(flow.run("three").await.unwrap_err()), first);
    #[handler]
    async fn panics(_at: &'static str) -> u8 {
        tokio::task::yield_now().await;
        panic!("a handler of a test panics")
    }
    #[handler]
    async fn wait(failed: Failed<std::num::ParseIntError>) -> Result<u8> {
        sleep(Duration::from_secs(1)).await;
        Err(failed.error.into())
    }
    let flow = flow! { start(&'static str) -> (parse else wait, panics) -> both };
    let error = flow.run("three").await.unwrap_err();
    assert_eq!(error.kind(), FlowErrorKind::Panicked);
    assert_eq!(told(error), None, "it is no consequence");
    let flow = flow! { start(&'static str) -> parse else (nought -> word_of) -> double };
    #[handler]
    async fn nought(_failed: Failed<std::num::ParseIntError>) -> u8 {
        0
    }
    #[handler]
    async fn word_of(_n: u8) -> Result<u8, NotFound> {
        Err(NotFound("nothing"))
    }
    assert_eq!(told(flow.run("three").await.unwrap_err()), first);
}

#[tokio::test]
async fn an_error_that_an_else_takes_is_not_rescued() {
    #[handler]
    async fn never(failed: Failed, cx: &Cx) {
        cx.put(failed.to_string()).await;
    }
    let flow = flow! {
        start(&'static str) -> (parse -> even) else tell -> even -> double;
        rescue -> never
    };
    assert_eq!(
        items(flow.stream("3")).await,
        ["handler `even` failed on start: 3 is odd (3)", "200"]
    );
}

#[tokio::test]
async fn a_stand_in_may_be_a_chain() {
    #[handler]
    async fn count(text: String) -> Result<usize> {
        Ok(text.len())
    }
    let flow = flow! { start(Url) -> (fetch -> count) else (blank -> count) -> end };
    assert_eq!(flow.run(Url("a")).await.unwrap(), 6);
    assert_eq!(flow.run(Url("c")).await.unwrap(), 5);
}

#[tokio::test]
async fn a_panic_of_a_handler_is_not_taken() {
    let flow = flow! { start(Url) -> fetch else blank -> end };
    let error = flow.run(Url("bug")).await.unwrap_err();
    assert_eq!(error.kind(), FlowErrorKind::Panicked);
    assert_eq!(error.handler(), Some("fetch"));
}

flow! {
    /// Fetches a page, in a flow of its own.
    flow Fetching(Url) -> String;
    start -> fetch -> end
}

#[tokio::test]
async fn any_failure_of_a_flow_is_taken_a_panic_too() {
    #[handler]
    async fn kind(failed: Failed<FlowError, Url>) -> String {
        format!("{:?} at {:?}", failed.error.kind(), failed.cause)
    }
    let flow = flow! { start(Url) -> Fetching else kind -> end };
    assert_eq!(flow.run(Url("a")).await.unwrap(), "page a");
    assert_eq!(flow.run(Url("c")).await.unwrap(), r#"Failed at Url("c")"#);
    assert_eq!(
        flow.run(Url("bug")).await.unwrap(),
        r#"Panicked at Url("bug")"#
    );
}

#[handler(timeout = "1s")]
async fn hang() -> Result<u8> {
    std::future::pending().await
}

#[handler]
async fn seconds(failed: Failed) -> u8 {
    assert!(failed.error.is::<TimedOut>());
    1
}

#[tokio::test(start_paused = true)]
async fn a_timeout_is_taken() {
    let begun = Instant::now();
    let flow = flow! { start -> hang else seconds -> end };
    assert_eq!(flow.run(()).await.unwrap(), 1);
    assert_eq!(begun.elapsed(), Duration::from_secs(1));
}

#[tokio::test(start_paused = true)]
async fn retries_come_before_the_stand_in() {
    #[handler(retry(attempts = 3, backoff = "1s"))]
    async fn flaky(cx: &Cx, tries: Res<AtomicUsize>) -> Result<u32> {
        tries.fetch_add(1, Ordering::SeqCst);
        Err(format!("attempt {}", cx.attempt()).into())
    }
    #[handler]
    async fn last(failed: Failed) -> u32 {
        assert_eq!(failed.error.to_string(), "attempt 3");
        3
    }
    let flow = flow! { with AtomicUsize; start -> flaky else last -> end };
    let tries = Arc::new(AtomicUsize::new(0));
    let flow = flow.with_arc(Arc::clone(&tries));
    assert_eq!(flow.run(()).await.unwrap(), 3);
    assert_eq!(tries.load(Ordering::SeqCst), 3);
}

#[tokio::test]
async fn items_put_before_the_failure_stay() {
    #[handler]
    async fn half(cx: &Cx) -> Result<()> {
        cx.put("half").await;
        Err("no more".into())
    }
    #[handler]
    async fn rest(cx: &Cx) {
        cx.put("the rest").await;
    }
    let flow = flow! { start -> half else rest };
    assert_eq!(items(flow.stream(())).await, ["half", "the rest"]);
}

#[tokio::test(start_paused = true)]
async fn in_a_join_the_other_branches_go_on() {
    #[handler]
    async fn slow(_at: Url) -> String {
        sleep(Duration::from_secs(2)).await;
        "slow".to_owned()
    }
    #[handler]
    async fn both((left, right): (String, String)) -> String {
        format!("{left}, {right}")
    }
    let flow = flow! { start(Url) -> (fetch else name_it, slow) -> both -> end };
    assert_eq!(
        flow.run(Url("c")).await.unwrap(),
        r#"fetch of Url("c") on None: c was not found, slow"#
    );
    let flow = flow! { start(Url) -> (slow, (fetch -> shout) else blank) -> both -> end };
    assert_eq!(flow.run(Url("c")).await.unwrap(), "slow, blank");
    assert_eq!(flow.run(Url("a")).await.unwrap(), "slow, PAGE A");
}

#[handler]
async fn shout(text: String) -> Result<String> {
    Ok(text.to_uppercase())
}

#[tokio::test]
async fn an_arm_of_a_match_has_a_stand_in_of_its_own() {
    #[handler]
    async fn number(n: u32) -> Result<Option<Url>> {
        match n {
            0 => Ok(None),
            1 => Ok(Some(Url("a"))),
            2 => Ok(Some(Url("c"))),
            _ => Err("too much".into()),
        }
    }
    let flow = flow! {
        start(u32) -> number -> match { Some(url) => fetch else name_it, None => blank } -> end
    };
    assert_eq!(flow.run(0).await.unwrap(), "blank");
    assert_eq!(flow.run(1).await.unwrap(), "page a");
    assert!(flow.run(2).await.unwrap().starts_with("fetch of"));
    // A choice within the chain: the `else` takes the errors of all arms.
    let flow = flow! {
        start(u32) -> (number -> match { Some(url) => fetch, None => blank }) else blank -> end
    };
    for (n, text) in [(0, "blank"), (1, "page a"), (2, "blank"), (3, "blank")] {
        assert_eq!(flow.run(n).await.unwrap(), text);
    }
    // An arm that ends the execution, and one that ends the clause.
    let flow = flow! {
        flow -> String;
        start(u32) -> (number -> match { Some(url) => fetch, None => blank -> end }) else blank
            -> shout -> end
    };
    assert_eq!(flow.run(0).await.unwrap(), "blank");
    assert_eq!(flow.run(1).await.unwrap(), "PAGE A");
    assert_eq!(flow.run(3).await.unwrap(), "BLANK");
    let flow = flow! {
        start(u32) -> (number -> match { Some(url) => fetch, None => ignore }) else blank -> put
    };
    assert!(items(flow.stream(0)).await.is_empty());
    assert_eq!(items(flow.stream(3)).await, ["blank"]);
}

#[tokio::test]
async fn a_join_within_the_chain_fails_as_a_whole() {
    #[handler]
    async fn two(_n: u32) -> Result<u32> {
        Err("no two".into())
    }
    #[handler]
    async fn one(_n: u32) -> u32 {
        std::future::pending().await
    }
    #[handler]
    async fn sum((a, b): (u32, u32)) -> u32 {
        a + b
    }
    #[handler]
    async fn told(failed: Failed, cx: &Cx) -> u32 {
        cx.put(failed.to_string()).await;
        7
    }
    let flow = flow! { start(u32) -> ((one, two) -> sum) else told -> end };
    let mut stream = flow.stream(0);
    assert_eq!(
        items(&mut stream).await,
        ["handler `two` failed on start: no two"]
    );
    assert_eq!(stream.output().await.unwrap(), 7);
}

#[tokio::test(start_paused = true)]
async fn a_cancel_drops_the_stand_in() {
    #[handler]
    async fn never(at: Res<AtomicUsize>) -> String {
        at.store(1, Ordering::SeqCst);
        std::future::pending().await
    }
    let reached = Arc::new(AtomicUsize::new(0));
    let flow = flow! { with AtomicUsize; start(Url) -> fetch else never -> end };
    let flow = flow.with_arc(Arc::clone(&reached));
    let spawned = flow.spawn(Url("c"));
    sleep(Duration::from_secs(1)).await;
    assert_eq!(reached.load(Ordering::SeqCst), 1);
    spawned.cancel();
    let error = spawned.output().await.unwrap_err();
    assert_eq!(error.kind(), FlowErrorKind::Cancelled);
}

#[handler]
async fn urls() -> Vec<Url> {
    ["a", "c", "b", "d"].map(Url).to_vec()
}

/// Reads a page, the first ones slowest.
#[handler]
async fn read(Url(at): Url) -> Result<String> {
    let wait = 10 - u64::from(at.as_bytes()[0] - b'a');
    sleep(Duration::from_secs(wait)).await;
    if at == "c" {
        return Err("gone".into());
    }
    Ok(at.to_owned())
}

#[handler]
async fn gap(failed: Failed<BoxError, Url>) -> String {
    format!("no {}", failed.cause.0)
}

#[tokio::test(start_paused = true)]
async fn in_an_each_the_other_items_go_on_and_all_stay_in_order() {
    let begun = Instant::now();
    let flow = flow! { start -> urls -> each (read else gap)[8] -> end };
    assert_eq!(flow.run(()).await.unwrap(), ["a", "no c", "b", "d"]);
    assert_eq!(begun.elapsed(), Duration::from_secs(10));
}

#[tokio::test(start_paused = true)]
async fn skip_leaves_an_item_out_and_keeps_the_order() {
    let flow = flow! { start -> urls -> each (read else skip)[2] -> end };
    assert_eq!(flow.run(()).await.unwrap(), ["a", "b", "d"]);
    // After the stage, nothing of the item runs.
    let flow = flow! { start -> urls -> each (read else skip -> shout) -> end };
    assert_eq!(flow.run(()).await.unwrap(), ["A", "B", "D"]);
    let flow = flow! { start -> urls -> each ((read -> shout) else skip)[8] -> end };
    assert_eq!(flow.run(()).await.unwrap(), ["A", "B", "D"]);
}

#[tokio::test(start_paused = true)]
async fn a_stand_in_that_fails_may_be_skipped() {
    #[handler]
    async fn cached(failed: Failed<BoxError, Url>) -> Result<String> {
        if failed.cause.0 == "c" {
            return Err("not there".into());
        }
        Ok("cached".to_owned())
    }
    let flow = flow! { start -> urls -> each (read else cached else skip) -> end };
    assert_eq!(flow.run(()).await.unwrap(), ["a", "b", "d"]);
}

#[handler]
async fn sort(Url(at): Url) -> Option<Url> {
    (at != "d").then_some(Url(at))
}

#[tokio::test(start_paused = true)]
async fn an_arm_of_a_match_may_skip_the_item() {
    let flow = flow! {
        start -> urls
            -> each (sort -> match { Some(url) => read else gap, None => skip })
            -> end
    };
    assert_eq!(flow.run(()).await.unwrap(), ["a", "no c", "b"]);
    // Within a chain with an `else`, too: the item is left out, not stood in for.
    let flow = flow! {
        start -> urls
            -> each ((sort -> match { Some(url) => read, None => skip }) else gap -> shout)
            -> end
    };
    assert_eq!(flow.run(()).await.unwrap(), ["A", "NO C", "B"]);
}

#[tokio::test]
async fn skip_is_for_the_innermost_each() {
    #[handler]
    async fn groups() -> Vec<Vec<u32>> {
        vec![vec![1, 2], vec![3], vec![4, 5]]
    }
    #[handler]
    async fn odd(n: u32) -> Result<u32> {
        if n.is_multiple_of(2) {
            Err("even".into())
        } else {
            Ok(n)
        }
    }
    #[handler]
    async fn none(_numbers: Failed) -> Vec<u32> {
        vec![0]
    }
    let flow = flow! { start -> groups -> each (each (odd else skip)) -> end };
    assert_eq!(flow.run(()).await.unwrap(), [vec![1], vec![3], vec![5]]);
    // An `each` within a chain fails as a whole.
    let flow = flow! { start -> groups -> each ((each odd) else none) -> end };
    assert_eq!(flow.run(()).await.unwrap(), [vec![0], vec![3], vec![0]]);
    let flow = flow! { start -> groups -> each ((each odd) else skip) -> end };
    assert_eq!(flow.run(()).await.unwrap(), [[3]]);
}

#[tokio::test]
async fn all_items_may_be_skipped() {
    #[handler]
    async fn never(_url: Url) -> Result<u32> {
        Err("never".into())
    }
    let flow = flow! { start -> urls -> each (never else skip) -> end };
    assert!(flow.run(()).await.unwrap().is_empty());
    #[handler]
    async fn store(_url: Url) -> Result<()> {
        Err("full".into())
    }
    #[handler]
    async fn done(stored: Vec<()>, cx: &Cx) {
        cx.put(format!("{} stored", stored.len())).await;
    }
    let flow = flow! { start -> urls -> each (store else skip) -> done };
    assert_eq!(items(flow.stream(())).await, ["0 stored"]);
    let flow = flow! { start -> urls -> each (store else skip) };
    assert!(items(flow.stream(())).await.is_empty());
}

#[tokio::test]
async fn a_stand_in_that_was_never_needed_is_not_covered() {
    let flow = flow! { start(Url) -> fetch else blank -> end };
    let coverage = Coverage::new(flow.graph());
    let flow = flow.observe(coverage.observer());
    flow.run(Url("a")).await.unwrap();
    let never: Vec<_> = coverage.uncovered().iter().map(Edge::description).collect();
    assert_eq!(never, ["`start` never called `blank`"]);
    flow.run(Url("c")).await.unwrap();
    assert!(coverage.uncovered().is_empty());
}

#[tokio::test]
async fn an_error_that_an_else_takes_is_observed() {
    let told = Arc::new(Mutex::new(Vec::new()));
    let flow = flow! { start(Url) -> fetch else blank -> end };
    let flow = flow.observe({
        let told = Arc::clone(&told);
        move |event: &LifecycleEvent| told.lock().unwrap().push(format!("{:?}", event.kind))
    });
    flow.run(Url("c")).await.unwrap();
    let told = told.lock().unwrap();
    let about = |handler: &str| {
        let lines = told.iter().filter(|line| line.contains(handler));
        let kinds = lines.map(|line| line.split(' ').next().unwrap().to_owned());
        kinds.collect::<Vec<_>>()
    };
    assert_eq!(about("\"fetch\""), ["HandlerStarted", "HandlerFailed"]);
    assert_eq!(about("\"blank\""), ["HandlerStarted", "HandlerFinished"]);
}

#[tokio::test]
async fn branches_and_elements_that_fail_have_causes_of_their_own() {
    #[handler]
    async fn next(n: u32) -> Vec<u32> {
        vec![n + 1, n + 2]
    }
    #[handler]
    async fn refuse_all(_n: u32) -> Result<()> {
        Err("no".into())
    }
    #[handler]
    async fn tell_cause(failed: Failed<BoxError, u32>, cx: &Cx) {
        cx.put(failed.cause.to_string()).await;
    }
    let flow = flow! {
        start(u32) -> (
            next -> each (refuse_all else tell_cause) -> ignore,
            refuse_all else tell_cause
        ) -> ignore
    };
    let mut told = items(flow.stream(7)).await;
    told.sort();
    assert_eq!(told, ["7", "8", "9"]);
}

#[derive(Event)]
struct Placed(&'static str, &'static str);

#[derive(Clone, Event)]
struct Refund(&'static str);

#[derive(Event)]
struct Release(&'static str);

#[derive(Clone, Copy, PartialEq)]
enum Fails {
    Nothing,
    Charge,
    Reserve,
    Both,
}

#[handler]
async fn charge(fails: Fails) -> Result<Option<&'static str>> {
    match fails {
        Fails::Charge | Fails::Both => Err("the card was declined".into()),
        _ => Ok(Some("5 euros")),
    }
}

#[handler(timeout = "1s")]
async fn reserve(fails: Fails) -> Result<Option<&'static str>> {
    if matches!(fails, Fails::Reserve | Fails::Both) {
        std::future::pending::<()>().await;
    }
    Ok(Some("a book"))
}

#[handler]
async fn none(failed: Failed, cx: &Cx) -> Option<&'static str> {
    cx.put(format!("{}: {}", failed.handler, failed.error))
        .await;
    None
}

#[handler(emits = [Placed, Refund, Release])]
async fn settle(both: (Option<&'static str>, Option<&'static str>), cx: &Cx) {
    match both {
        (Some(paid), Some(goods)) => cx.emit(Placed(paid, goods)),
        (Some(paid), None) => cx.emit(Refund(paid)),
        (None, Some(goods)) => cx.emit(Release(goods)),
        (None, None) => {}
    }
}

#[handler(on = Placed)]
async fn ship(Placed(paid, goods): Placed, cx: &Cx) {
    cx.put(format!("{goods} for {paid}")).await;
}

#[handler(on = Refund)]
async fn refund(Refund(paid): Refund, cx: &Cx) -> Result<()> {
    cx.put(format!("{paid} back")).await;
    Ok(())
}

#[handler(on = Release)]
async fn release(Release(goods): Release, cx: &Cx) {
    cx.put(format!("{goods} back")).await;
}

#[tokio::test(start_paused = true)]
async fn what_a_parallel_branch_did_is_compensated_if_the_other_fails() {
    let order = flow! {
        start(Fails) -> (charge else none, reserve else none) -> settle;
        when Placed -> ship;
        when Refund -> refund;
        when Release -> release;
        rescue refund -> call_the_bank
    };
    #[handler]
    async fn call_the_bank(_failed: Failed) {}
    assert_eq!(
        items(order.stream(Fails::Nothing)).await,
        ["a book for 5 euros"]
    );
    assert_eq!(
        items(order.stream(Fails::Charge)).await,
        ["charge: the card was declined", "a book back"]
    );
    assert_eq!(
        items(order.stream(Fails::Reserve)).await,
        ["reserve: `reserve` took longer than 1s", "5 euros back"]
    );
    assert_eq!(
        items(order.stream(Fails::Both)).await,
        [
            "charge: the card was declined",
            "reserve: `reserve` took longer than 1s"
        ]
    );
}
