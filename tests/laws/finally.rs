//! `finally within "30s" -> settle` runs once on every ending but a drop, after everything else.

use std::time::Duration;

use flow_core::{
    Answered, Asked, Cx, Ending, Event, Failed, FlowError, FlowErrorKind, Res, Result, flow,
    handler,
};
use futures::StreamExt;
use tokio::time::{Instant, sleep};

use crate::{Log, read};

const SECOND: Duration = Duration::from_secs(1);

#[derive(Clone, Copy, Debug, PartialEq)]
enum Way {
    Ends,
    EndsNow,
    RunsOut,
    Stops,
    Fails,
    Panics,
    TimesOut,
    Hangs,
}

#[derive(Clone, Debug, Event)]
struct Reserved(u32);
#[derive(Clone, Debug, Event)]
struct Released(u32);

enum Verdict {
    End(u32),
    EndNow(u32),
    GoOn,
}

#[handler(emits = Reserved, timeout = "10s")]
async fn order(way: Way, cx: &Cx) -> Result<Verdict> {
    cx.emit(Reserved(1));
    sleep(SECOND).await;
    match way {
        Way::Ends => return Ok(Verdict::End(7)),
        Way::EndsNow => return Ok(Verdict::EndNow(7)),
        Way::RunsOut => {}
        Way::Stops => cx.stop(),
        Way::Fails => return Err("out of stock".into()),
        Way::Panics => panic!("a handler of a test panics"),
        Way::TimesOut => sleep(60 * SECOND).await,
        Way::Hangs => sleep(9 * SECOND).await,
    }
    Ok(Verdict::GoOn)
}

#[handler(on = Reserved)]
async fn audit(Reserved(n): Reserved, log: Res<Log>) {
    sleep(2 * SECOND).await;
    log.add(format!("audited {n}"));
}

#[handler(emits = Released)]
async fn settle(ending: Ending, cx: &Cx, log: Res<Log>) {
    let name = match &ending {
        Ending::Completed => "completed",
        Ending::Stopped => "stopped",
        Ending::Failed(_) => "failed",
        Ending::TimedOut(_) => "timed out",
        Ending::Panicked(_) => "panicked",
        Ending::Cancelled(_) => "cancelled",
        _ => "another",
    };
    log.add(name);
    cx.put(name).await;
    cx.emit(Released(1));
    sleep(SECOND).await;
}

#[handler(on = Released)]
async fn release(Released(n): Released, cx: &Cx, log: Res<Log>) {
    sleep(2 * SECOND).await;
    log.add(format!("released {n}"));
    cx.put("released").await;
}

flow! {
    flow Order(Way) -> u32 streams String;
    with Log;
    start -> order -> match {
        Verdict::End(n) => end,
        Verdict::EndNow(n) => end now,
        Verdict::GoOn => ignore,
    };
    when Reserved -> audit;
    when Released -> release;
    finally within "30s" -> settle
}

#[tokio::test(start_paused = true)]
async fn it_runs_on_every_ending_after_the_rest_and_its_events_reach_ordinary_clauses() {
    for (way, ending, audited, result) in [
        (Way::Ends, "completed", true, Ok(7)),
        (Way::EndsNow, "completed", false, Ok(7)),
        (Way::RunsOut, "failed", true, Err(FlowErrorKind::Unfinished)),
        (Way::Stops, "failed", false, Err(FlowErrorKind::Unfinished)),
        (Way::Fails, "failed", false, Err(FlowErrorKind::Failed)),
        (Way::Panics, "panicked", false, Err(FlowErrorKind::Panicked)),
        (
            Way::TimesOut,
            "timed out",
            true,
            Err(FlowErrorKind::TimedOut),
        ),
    ] {
        let log = Log::default();
        let flow = Order::new().with(log.clone());
        let expected: Vec<_> = audited
            .then_some("audited 1")
            .into_iter()
            .chain([ending, "released 1"])
            .collect();
        let ran = flow.run(way).await.map_err(|error| error.kind());
        assert_eq!(ran, result, "{way:?}");
        assert_eq!(log.lines(), expected, "{way:?}");

        // In the stream, its items come last, and then the error.
        let (items, error) = read(flow.stream(way)).await;
        assert_eq!(items, [ending, "released"], "{way:?}");
        assert_eq!(error.map(|error| error.kind()), result.err(), "{way:?}");

        let mut spawned = flow.spawn(way);
        let (items, error) = read(spawned.items()).await;
        assert_eq!(items, [ending, "released"], "{way:?}");
        assert_eq!(error.map(|error| error.kind()), result.err(), "{way:?}");
        let output = spawned.output().await.map_err(|error| error.kind());
        assert_eq!(output, result, "{way:?}");
        assert_eq!(log.lines().len(), 3 * expected.len(), "{way:?}");
    }
}

#[tokio::test]
async fn it_is_told_of_a_stop_in_a_flow_without_an_output() {
    #[handler]
    async fn stops(cx: &Cx) {
        cx.stop();
    }

    #[handler]
    async fn note(ending: Ending, log: Res<Log>) {
        log.add(format!("{ending:?}"));
    }

    let log = Log::default();
    let flow = flow! { with Log; start -> stops; finally within "30s" -> note };
    assert!(flow.with(log.clone()).run(()).await.is_ok());
    assert_eq!(log.lines(), ["Stopped"]);
}

#[tokio::test(start_paused = true)]
async fn it_runs_when_the_execution_is_cancelled_or_out_of_time() {
    let log = Log::default();
    let flow = Order::new().with(log.clone());
    let execution = flow.spawn(Way::Hangs);
    sleep(SECOND / 2).await;
    execution.cancel();
    let begun = Instant::now();
    let error = execution.output().await.unwrap_err();
    assert_eq!(error.kind(), FlowErrorKind::Cancelled);
    assert_eq!(begun.elapsed(), 2 * SECOND);
    assert_eq!(log.lines(), ["cancelled", "released 1"]);

    let error = flow
        .clone()
        .timeout(SECOND)
        .run(Way::Hangs)
        .await
        .unwrap_err();
    assert_eq!(error.kind(), FlowErrorKind::TimedOut);
    assert_eq!(log.lines()[2..], ["timed out", "released 1"]);
    // The clock of the execution stands still, and so do its other limits.
    let error = flow
        .clone()
        .idle_timeout(SECOND / 2)
        .run(Way::Hangs)
        .await
        .unwrap_err();
    assert_eq!(error.kind(), FlowErrorKind::Idle);
    assert_eq!(log.lines()[4..], ["timed out", "released 1"]);
    let error = flow.max_events(1).run(Way::Ends).await;
    assert!(error.is_ok());
    assert_eq!(log.lines()[6..], ["audited 1", "completed", "released 1"]);
}

#[tokio::test(start_paused = true)]
async fn it_does_not_run_when_the_execution_is_dropped() {
    let log = Log::default();
    let flow = Order::new().with(log.clone());
    let mut execution = flow.stream(Way::Hangs);
    assert!(
        tokio::time::timeout(SECOND / 2, execution.next())
            .await
            .is_err()
    );
    drop(execution);
    drop(flow.run(Way::Ends));
    assert_eq!(log.lines(), [""; 0]);
}

#[tokio::test(start_paused = true)]
async fn a_second_cancel_drops_it() {
    let log = Log::default();
    let flow = Order::new().with(log.clone());
    let execution = flow.spawn(Way::Hangs);
    sleep(SECOND / 2).await;
    execution.cancel();
    sleep(SECOND / 2).await;
    execution.cancel();
    let begun = Instant::now();
    let error = execution.output().await.unwrap_err();
    assert_eq!(error.kind(), FlowErrorKind::Cancelled);
    assert_eq!(begun.elapsed(), Duration::ZERO);
    assert_eq!(log.lines(), ["cancelled"]);

    // After another ending, the first cancel comes too late for it, and the second drops it.
    let execution = flow.spawn(Way::Fails);
    sleep(SECOND * 3 / 2).await;
    execution.cancel();
    sleep(SECOND / 2).await;
    assert_eq!(log.lines()[1..], ["failed"]);
    execution.cancel();
    let error = execution.output().await.unwrap_err();
    assert_eq!(error.kind(), FlowErrorKind::Failed);
    assert_eq!(error.suppressed().unwrap().kind(), FlowErrorKind::Cancelled);
    assert_eq!(log.lines()[1..], ["failed"]);
}

#[tokio::test(start_paused = true)]
async fn two_cancels_at_once_drop_it() {
    let log = Log::default();
    let flow = Order::new().with(log.clone());
    let execution = flow.spawn(Way::Hangs);
    sleep(SECOND / 2).await;
    let begun = Instant::now();
    execution.cancel();
    execution.cancel();
    let error = execution.output().await.unwrap_err();
    assert_eq!(error.kind(), FlowErrorKind::Cancelled);
    assert_eq!(begun.elapsed(), Duration::ZERO);

    // While it runs after another ending, both come too late for that.
    let execution = flow.spawn(Way::Fails);
    sleep(SECOND * 3 / 2).await;
    let begun = Instant::now();
    execution.cancel();
    execution.cancel();
    let error = execution.output().await.unwrap_err();
    assert_eq!(error.kind(), FlowErrorKind::Failed);
    assert_eq!(error.suppressed().unwrap().kind(), FlowErrorKind::Cancelled);
    assert_eq!(begun.elapsed(), Duration::ZERO);
    assert!(!log.lines().contains(&"released 1".to_owned()));
}

#[tokio::test(start_paused = true)]
async fn a_second_cancel_drops_it_after_a_good_end_as_well() {
    #[handler]
    async fn work(n: u32, cx: &Cx) -> u32 {
        cx.put("begun").await;
        sleep(SECOND).await;
        cx.put("done").await;
        n
    }

    #[handler]
    async fn hang(_ending: Ending, log: Res<Log>) {
        sleep(10 * SECOND).await;
        log.add("settled");
    }

    let log = Log::default();
    let flow = flow! {
        with Log;
        start(u32) -> work -> end;
        finally within "30s" -> hang
    };
    let mut execution = flow.with(log.clone()).spawn(7);
    // What is read goes through the handle.
    let items: Vec<_> = execution.items().take(2).collect().await;
    assert_eq!(items.len(), 2);
    sleep(SECOND).await;
    execution.cancel();
    sleep(SECOND).await;
    execution.cancel();
    let begun = Instant::now();
    let error = execution.output().await.unwrap_err();
    assert_eq!(error.kind(), FlowErrorKind::Cancelled);
    assert_eq!(error.take_output::<u32>(), Some(7));
    assert_eq!(begun.elapsed(), Duration::ZERO);
    assert_eq!(log.lines(), [""; 0]);
}

#[handler]
async fn fails(_ending: Ending) -> Result<()> {
    Err("the warehouse does not answer".into())
}

#[handler]
async fn seven() -> u32 {
    7
}

#[handler]
async fn charge() -> Result<u32> {
    Err("declined".into())
}

#[tokio::test]
async fn its_failure_fails_a_good_execution_and_joins_the_error_of_a_bad_one() {
    let flow = flow! { start -> seven -> end; finally within "30s" -> fails };
    let error = flow.run(()).await.unwrap_err();
    assert_eq!(error.to_string(), "handler `fails` failed in `finally`");
    assert_eq!(error.take_output::<u32>(), Some(7));

    let flow = flow! { start -> charge -> end; finally within "30s" -> fails };
    let error = flow.run(()).await.unwrap_err();
    assert_eq!(error.handler(), Some("charge"));
    assert_eq!(error.suppressed().unwrap().handler(), Some("fails"));
    assert_eq!(
        format!("{error:#}"),
        "handler `charge` failed on start: declined; \
         then handler `fails` failed in `finally`: the warehouse does not answer"
    );
}

#[tokio::test(start_paused = true)]
async fn it_is_bounded() {
    #[handler]
    async fn hangs() {
        std::future::pending::<()>().await;
    }

    let flow = flow! { start -> seven -> end; finally within "30s" -> hangs };
    let begun = Instant::now();
    let error = flow.run(()).await.unwrap_err();
    assert_eq!(begun.elapsed(), 30 * SECOND);
    assert_eq!(error.kind(), FlowErrorKind::TimedOut);
    assert_eq!(
        error.to_string(),
        "`finally` took longer than 30s: `hangs` was running"
    );
    assert_eq!(error.take_output::<u32>(), Some(7));
}

#[tokio::test(start_paused = true)]
async fn its_limit_is_given_at_run_time_and_is_not_that_of_a_stage() {
    #[handler]
    async fn hangs() {
        std::future::pending::<()>().await;
    }

    flow! {
        flow Stage -> u32;
        start -> seven -> end;
        finally within "30s" -> hangs
    }

    #[handler]
    async fn none(_failed: Failed<FlowError>) -> u32 {
        0
    }

    let flow = flow! { start -> Stage else none -> end; finally within "20s" -> hangs };
    let begun = Instant::now();
    let error = flow.finally_within(2 * SECOND).run(()).await.unwrap_err();
    assert_eq!(begun.elapsed(), 32 * SECOND);
    assert_eq!(
        error.to_string(),
        "`finally` took longer than 2s: `hangs` was running"
    );
}

#[tokio::test]
async fn an_end_or_a_stop_in_what_it_leads_to_does_not_change_the_ending() {
    #[handler(emits = Released)]
    async fn settle(cx: &Cx) {
        cx.emit(Released(9));
    }

    #[handler(on = Released)]
    async fn other(Released(n): Released) -> u32 {
        n
    }

    #[handler(on = Released)]
    async fn stops(_released: Released, cx: &Cx) {
        cx.stop();
    }

    let flow = flow! {
        start -> seven -> end;
        when Released -> other -> end;
        finally within "1s" -> settle
    };
    assert_eq!(flow.run(()).await.unwrap(), 7);
    let flow = flow! {
        start -> charge -> end;
        when Released -> other -> end now;
        finally within "1s" -> settle
    };
    assert_eq!(flow.run(()).await.unwrap_err().handler(), Some("charge"));
    let flow = flow! {
        start -> seven -> end;
        when Released -> stops;
        finally within "1s" -> settle
    };
    assert_eq!(flow.run(()).await.unwrap(), 7);
}

#[derive(Clone, Debug, Event)]
#[event(answer = "bool")]
struct Refund(u32);

#[tokio::test(start_paused = true)]
async fn a_question_in_it_is_unanswered_at_once() {
    #[handler(emits = Refund)]
    async fn settle(cx: &Cx) {
        cx.emit(Refund(3));
    }

    #[handler]
    async fn answered(_answered: Answered<Refund>) {}

    #[handler(on = Refund)]
    async fn lapse(Refund(n): Refund, log: Res<Log>) {
        log.add(format!("lapsed {n}"));
    }

    flow! {
        flow Asking -> u32 streams Asked<Refund>;
        with Log;
        start -> seven -> end;
        ask Refund within "24h" -> answered else -> lapse;
        finally within "30s" -> settle
    }

    let log = Log::default();
    let execution = Asking::new().with(log.clone()).spawn(());
    let begun = Instant::now();
    assert_eq!(execution.output().await.unwrap(), 7);
    assert_eq!(begun.elapsed(), Duration::ZERO);
    assert_eq!(log.lines(), ["lapsed 3"]);
}

#[tokio::test(start_paused = true)]
async fn tasks_with_a_context_are_not_waited_for_and_emit_nothing_into_it() {
    #[handler(emits = Released)]
    async fn leaves_a_task(cx: &Cx) -> Result<()> {
        let cx = cx.clone();
        tokio::spawn(async move {
            sleep(SECOND).await;
            cx.emit(Released(1));
            sleep(60 * SECOND).await;
        });
        Err("no".into())
    }

    #[handler]
    async fn settle() {
        sleep(3 * SECOND).await;
    }

    let log = Log::default();
    let flow = flow! {
        with Log;
        start -> leaves_a_task;
        when Released -> release;
        finally within "30s" -> settle
    };
    let begun = Instant::now();
    let error = flow.with(log.clone()).run(()).await.unwrap_err();
    assert_eq!(error.handler(), Some("leaves_a_task"));
    assert_eq!(begun.elapsed(), 3 * SECOND);
    assert_eq!(log.lines(), [""; 0]);
}

#[tokio::test(start_paused = true)]
async fn a_stage_runs_its_own_and_then_the_outer_flow_goes_on() {
    #[handler]
    async fn note(n: u32, log: Res<Log>) -> u32 {
        log.add(format!("outer {n}"));
        n
    }

    let log = Log::default();
    let flow = flow! { with Log; start(Way) -> Order -> note -> end };
    assert_eq!(flow.with(log.clone()).run(Way::Ends).await.unwrap(), 7);
    assert_eq!(
        log.lines(),
        ["audited 1", "completed", "released 1", "outer 7"]
    );
}

#[tokio::test]
async fn the_questions_in_it_have_numbers_of_their_own() {
    #[derive(Clone, Event)]
    #[event(answer = u32)]
    struct Refund;

    #[handler(emits = Refund)]
    async fn fail_later(cx: &Cx) -> Result<()> {
        cx.emit(Refund);
        tokio::task::yield_now().await;
        Err("declined".into())
    }

    #[handler(emits = Refund)]
    async fn ask_again(cx: &Cx) {
        cx.emit(Refund);
    }

    #[handler]
    async fn refund(_answered: Answered<Refund>) {}

    #[handler]
    async fn lapse(Refund: Refund) {}

    let flow = flow! {
        streams Asked<Refund>;
        start -> fail_later;
        ask Refund -> refund else -> lapse;
        finally within "30s" -> ask_again
    };
    let (asked, error) = read(flow.stream(())).await;
    assert_eq!(error.unwrap().handler(), Some("fail_later"));
    let numbers: Vec<_> = asked.iter().map(|asked| asked.id.to_string()).collect();
    assert_eq!(numbers, ["0", "1"]);
}
