//! Flows in flows are transparent: outside events find their way in.

use std::sync::Arc;
use std::time::Duration;

use flow_core::{Cx, Event, FlowErrorKind, Res, TryEmitError, flow, handler};
use futures::StreamExt;
use tokio::time::{Instant, sleep};

use crate::{Log, read};

const SECOND: Duration = Duration::from_secs(1);

#[derive(Clone, Debug, Event)]
struct Note(u32);
#[derive(Clone, Debug, Event)]
struct Close;
#[derive(Clone, Debug, Event)]
struct Begin;

#[handler]
async fn nothing() {}

#[handler]
async fn hear(Note(n): Note, cx: &Cx, log: Res<Log>) {
    log.add(format!("heard {n}"));
    cx.put(format!("heard {n}")).await;
}

#[handler]
async fn closed(_close: Close) -> &'static str {
    "closed"
}

flow! {
    /// Takes notes until it is closed.
    flow Listen -> &'static str streams String;
    with Log;
    external Note;
    external Close;
    start -> nothing;
    when Note -> hear;
    when Close -> closed -> end
}

flow! {
    /// Takes notes as long as something can send them.
    flow Notes streams String;
    with Log;
    external Note;
    start -> nothing;
    when Note -> hear
}

flow! {
    /// The same, a level deeper.
    flow Deeper streams String;
    with Log;
    external Note;
    start -> Notes
}

flow! {
    /// And another, which begins its stage a second later.
    flow Deepest streams String;
    with Log;
    external Note;
    start -> later -> Deeper
}

#[handler]
async fn later() {
    sleep(SECOND).await;
}

#[handler]
async fn end_of(word: &'static str, cx: &Cx) -> &'static str {
    cx.put(word.to_owned()).await;
    word
}

#[tokio::test(start_paused = true)]
async fn an_event_from_outside_reaches_the_stage_that_runs() {
    let log = Log::default();
    let flow = flow! {
        streams String;
        with Log;
        external Note;
        external Close;
        start -> Listen -> end_of -> end
    };
    let mut execution = flow.with(log.clone()).spawn(());
    sleep(SECOND).await;
    for n in 1..=2 {
        execution.emit(Note(n)).await.unwrap();
        let item = execution.items().next().await.unwrap().unwrap();
        assert_eq!(item, format!("heard {n}"));
    }
    execution.emit(Close).await.unwrap();
    assert_eq!(execution.output().await.unwrap(), "closed");
}

#[tokio::test(start_paused = true)]
async fn each_instance_that_runs_gets_a_clone() {
    #[handler]
    async fn numbers() -> Vec<()> {
        vec![(); 3]
    }
    #[handler]
    async fn all(_done: Vec<()>) {}

    let log = Log::default();
    let flow = flow! {
        streams String;
        with Log;
        external Note;
        start -> numbers -> each Notes -> all
    };
    let execution = flow.with(log.clone()).spawn(());
    sleep(SECOND).await;
    execution.emit(Note(1)).await.unwrap();
    execution.emit(Note(2)).await.unwrap();
    execution.output().await.unwrap();
    let heard = |line| log.lines().iter().filter(|heard| *heard == line).count();
    assert_eq!((heard("heard 1"), heard("heard 2")), (3, 3));
}

#[tokio::test(start_paused = true)]
async fn an_event_waits_for_the_first_instance_to_begin() {
    let log = Log::default();
    let flow = flow! {
        streams String;
        with Log;
        external Note;
        start -> later -> Notes -> Notes
    };
    let execution = flow.with(log.clone()).spawn(());
    for n in 1..=3 {
        execution.emit(Note(n)).await.unwrap();
    }
    sleep(SECOND / 2).await;
    assert_eq!(log.lines(), [""; 0]);
    sleep(SECOND).await;
    // In the order of sending.
    assert_eq!(log.lines(), ["heard 1", "heard 2", "heard 3"]);
    execution.output().await.unwrap();
    // The second instance begins after the first has taken them.
    assert_eq!(log.lines().len(), 3);
}

#[tokio::test(start_paused = true)]
async fn an_event_between_two_instances_waits_for_the_second() {
    #[handler]
    async fn pause(_word: &'static str) {
        sleep(SECOND).await;
    }

    let log = Log::default();
    let flow = flow! {
        streams String;
        with Log;
        external Note;
        external Close;
        start -> Listen -> pause -> Listen -> end_of -> end
    };
    let execution = flow.with(log.clone()).spawn(());
    sleep(SECOND).await;
    execution.emit(Note(1)).await.unwrap();
    execution.emit(Close).await.unwrap();
    sleep(SECOND / 2).await;
    execution.emit(Note(2)).await.unwrap();
    assert_eq!(log.lines(), ["heard 1"]);
    sleep(SECOND).await;
    assert_eq!(log.lines(), ["heard 1", "heard 2"]);
    execution.emit(Close).await.unwrap();
    assert_eq!(execution.output().await.unwrap(), "closed");
}

#[derive(Event)]
struct Never;

#[handler(emits = Never)]
async fn perhaps(begins: bool, cx: &Cx) {
    if begins {
        cx.emit(Never);
    }
}

#[handler(on = Never)]
async fn no_input(_never: Never) {}

#[tokio::test(start_paused = true)]
async fn an_event_that_no_instance_took_is_left_over() {
    let log = Log::default();
    let flow = flow! {
        streams String;
        with Log;
        external Note;
        start(bool) -> perhaps;
        when Never -> no_input -> Notes
    };
    let flow = flow.with(log.clone());
    for (count, message) in [
        (1, "no `Notes` began to take 1 `Note` from outside"),
        (2, "no `Notes` began to take 2 `Note` from outside"),
    ] {
        let execution = flow.spawn(false);
        for n in 0..count {
            execution.emit(Note(n)).await.unwrap();
        }
        let error = execution.output().await.unwrap_err();
        assert_eq!(error.kind(), FlowErrorKind::LeftOver);
        assert_eq!(error.event(), Some("Note"));
        assert_eq!(
            error.to_string(),
            format!("the execution finished, but {message}")
        );
    }
    // Without an event, nothing is left; with the stage, it is taken.
    flow.spawn(false).output().await.unwrap();
    let execution = flow.spawn(true);
    execution.emit(Note(7)).await.unwrap();
    execution.output().await.unwrap();
    assert_eq!(log.lines(), ["heard 7"]);
}

#[tokio::test(start_paused = true)]
async fn what_drops_the_rest_drops_an_event_that_waits() {
    #[handler(on = Close)]
    async fn stops(_close: Close, cx: &Cx) {
        cx.stop();
    }
    let flow = flow! {
        streams String;
        with Log;
        external Note;
        external Close;
        start(bool) -> perhaps;
        when Close -> stops;
        when Never -> no_input -> Notes
    };
    let execution = flow.with(Log::default()).spawn(false);
    execution.emit(Note(1)).await.unwrap();
    execution.emit(Close).await.unwrap();
    execution.output().await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_clause_of_the_outer_flow_takes_it_as_well() {
    #[handler]
    async fn note(Note(n): Note, log: Res<Log>) {
        log.add(format!("outer {n}"));
    }

    let log = Log::default();
    let flow = flow! {
        streams String;
        with Log;
        external Note;
        start(bool) -> perhaps;
        when Note -> note;
        when Never -> no_input -> Notes
    };
    let flow = flow.with(log.clone());
    let execution = flow.spawn(true);
    sleep(SECOND).await;
    execution.emit(Note(1)).await.unwrap();
    execution.output().await.unwrap();
    let mut lines = log.lines();
    lines.sort();
    assert_eq!(lines, ["heard 1", "outer 1"]);
    // Its clone waits for a stage to begin.
    let execution = flow.spawn(true);
    execution.try_emit(Note(3)).unwrap();
    execution.output().await.unwrap();
    let mut lines = log.lines().split_off(2);
    lines.sort();
    assert_eq!(lines, ["heard 3", "outer 3"]);
    // Without a stage, it is not left over.
    let execution = flow.spawn(false);
    execution.emit(Note(2)).await.unwrap();
    execution.output().await.unwrap();
    assert_eq!(log.lines().last().unwrap(), "outer 2");
}

#[tokio::test(start_paused = true)]
async fn an_event_finds_its_way_however_deep_the_stage_is() {
    let log = Log::default();
    let flow = flow! {
        streams String;
        with Log;
        external Note;
        start -> Deepest
    };
    let execution = flow.with(log.clone()).spawn(());
    // `Deepest` runs, and `Notes` does not yet.
    execution.emit(Note(1)).await.unwrap();
    sleep(2 * SECOND).await;
    assert_eq!(log.lines(), ["heard 1"]);
    execution.emit(Note(2)).await.unwrap();
    execution.output().await.unwrap();
    assert_eq!(log.lines(), ["heard 1", "heard 2"]);
}

#[tokio::test(start_paused = true)]
async fn a_stage_that_waits_for_events_ends_when_the_last_sender_is_dropped() {
    macro_rules! ends {
        ($stage:ident) => {
            let log = Log::default();
            let flow = flow! {
                streams String;
                with Log;
                external Note;
                start -> $stage
            };
            let (begun, execution) = (Instant::now(), flow.with(log.clone()).spawn(()));
            let sender = execution.sender();
            let notes = execution.sender().only::<Note>();
            tokio::spawn(async move {
                sleep(60 * SECOND).await;
                drop(sender);
                sleep(60 * SECOND).await;
                notes.emit(Note(1)).await.unwrap();
            });
            execution.output().await.unwrap();
            assert_eq!(begun.elapsed(), 120 * SECOND);
            assert_eq!(log.lines(), ["heard 1"]);
        };
    }
    ends!(Notes);
    ends!(Deepest);
}

#[tokio::test(start_paused = true)]
async fn without_a_handle_a_stage_does_not_wait_for_events() {
    let flow = flow! { streams String; with Log; external Note; start -> Deeper };
    let (items, error) = read(flow.with(Log::default()).stream(())).await;
    assert!(items.is_empty() && error.is_none());
}

#[tokio::test(start_paused = true)]
async fn the_end_of_the_outer_flow_closes_a_stage() {
    #[handler]
    async fn done(_close: Close) -> &'static str {
        "done"
    }
    macro_rules! closes {
        ($stage:ident) => {
            let log = Log::default();
            let flow = flow! {
                streams String;
                with Log;
                external Note;
                external Close;
                start -> $stage;
                when Close -> done -> end
            };
            let execution = flow.with(log.clone()).spawn(());
            let sender = execution.sender();
            sleep(5 * SECOND).await;
            sender.emit(Note(1)).await.unwrap();
            sender.emit(Close).await.unwrap();
            assert_eq!(execution.output().await.unwrap(), "done");
            assert_eq!(log.lines(), ["heard 1"]);
            assert!(matches!(
                sender.try_emit(Note(2)),
                Err(TryEmitError::Ended(Note(2)))
            ));
        };
    }
    closes!(Notes);
    closes!(Deepest);
}

#[tokio::test(start_paused = true)]
async fn a_cancel_reaches_a_stage_that_waits_for_events() {
    let flow = flow! { streams String; with Log; external Note; start -> Deepest };
    let log = Log::default();
    let execution = flow.with(log.clone()).spawn(());
    let sender = execution.sender();
    sleep(5 * SECOND).await;
    execution.cancel();
    let error = execution.output().await.unwrap_err();
    assert_eq!(error.kind(), FlowErrorKind::Cancelled);
    assert!(sender.emit(Note(1)).await.is_err());
    assert_eq!(log.lines(), [""; 0]);
}

#[tokio::test(start_paused = true)]
async fn a_stage_that_was_given_up_takes_nothing_any_more() {
    flow! {
        flow Hasty streams String;
        with Log;
        timeout "1s";
        external Note;
        start -> nothing;
        when Note -> hear
    }
    let log = Log::default();
    let flow = flow! {
        streams String;
        with Log;
        external Note;
        start -> Hasty else nothing -> later -> Notes
    };
    let execution = flow.with(log.clone()).spawn(());
    execution.emit(Note(1)).await.unwrap();
    sleep(3 * SECOND / 2).await;
    assert_eq!(log.lines(), ["heard 1"]);
    execution.emit(Note(2)).await.unwrap();
    sleep(SECOND).await;
    execution.output().await.unwrap();
    assert_eq!(log.lines(), ["heard 1", "heard 2"]);
}

#[tokio::test(start_paused = true)]
async fn a_stage_that_waits_for_an_event_is_not_idle() {
    macro_rules! waits {
        ($stage:ident) => {
            let flow = flow! {
                streams String;
                with Log;
                external Note;
                idle_timeout "10s";
                start -> $stage
            };
            let log = Log::default();
            let execution = flow.with(log.clone()).spawn(());
            sleep(3_600 * SECOND).await;
            execution.emit(Note(1)).await.unwrap();
            execution.output().await.unwrap();
            assert_eq!(log.lines(), ["heard 1"]);
        };
    }
    waits!(Notes);
    waits!(Deepest);
}

#[tokio::test(start_paused = true)]
async fn the_limit_of_a_stage_counts_the_events_that_enter() {
    flow! {
        flow Two streams String;
        with Log;
        max_events 2;
        external Note;
        start -> nothing;
        when Note -> hear
    }
    let log = Log::default();
    let flow = flow! { streams String; with Log; external Note; start -> Two };
    let execution = flow.with(log.clone()).spawn(());
    sleep(SECOND).await;
    for n in 1..=3 {
        execution.emit(Note(n)).await.unwrap();
    }
    let error = execution.output().await.unwrap_err();
    assert!(
        format!("{error:#}").contains("exceeded its `max_events` of 2"),
        "{error:#}"
    );
}

#[tokio::test(start_paused = true)]
async fn a_stage_of_each_clause_gets_its_own() {
    #[handler(emits = Begin)]
    async fn twice(cx: &Cx) {
        cx.emit(Begin);
        cx.emit(Begin);
    }
    #[handler(on = Begin)]
    async fn forget(_begin: Begin) {}

    let log = Log::default();
    let flow = flow! {
        streams String;
        with Log;
        external Note;
        start -> twice;
        when Begin -> forget -> Notes
    };
    let execution = flow.with(log.clone()).spawn(());
    sleep(SECOND).await;
    execution.emit(Note(5)).await.unwrap();
    execution.output().await.unwrap();
    assert_eq!(log.lines(), ["heard 5", "heard 5"]);
}

#[tokio::test(start_paused = true)]
async fn an_event_that_waits_for_a_stage_is_pending() {
    let log = Log::default();
    let flow = flow! {
        streams String;
        with Log;
        max_pending 2;
        external Note;
        start -> later -> Notes
    };
    let execution = flow.with(log.clone()).spawn(());
    tokio::task::yield_now().await;
    execution.emit(Note(1)).await.unwrap();
    execution.emit(Note(2)).await.unwrap();
    assert_eq!(execution.pending(), 2);
    let begun = Instant::now();
    assert!(matches!(
        execution.try_emit(Note(3)),
        Err(TryEmitError::Full(Note(3)))
    ));
    // Waits until the stage has taken one of them.
    execution.emit(Note(3)).await.unwrap();
    assert_eq!(begun.elapsed(), SECOND);
    execution.output().await.unwrap();
    assert_eq!(log.lines(), ["heard 1", "heard 2", "heard 3"]);
}

#[tokio::test(start_paused = true)]
async fn events_for_a_stage_and_for_the_flow_itself_are_pending_together() {
    #[handler(on = Begin)]
    async fn forget(_begin: Begin) {}

    let flow = flow! {
        streams String;
        with Log;
        external Note;
        external Begin;
        start -> later -> Notes;
        when Begin -> forget
    };
    let execution = flow.with(Log::default()).spawn(());
    tokio::task::yield_now().await;
    execution.try_emit(Note(1)).unwrap();
    execution.try_emit(Note(2)).unwrap();
    tokio::task::yield_now().await;
    assert_eq!(execution.pending(), 2);
    for _ in 0..3 {
        execution.try_emit(Begin).unwrap();
    }
    assert_eq!(execution.pending(), 5);
    tokio::task::yield_now().await;
    assert_eq!(execution.pending(), 2);
    execution.output().await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn an_event_that_waits_for_a_stage_is_dropped_with_the_execution() {
    #[derive(Clone, Event)]
    struct Held(Arc<()>);
    #[handler]
    async fn hold(held: Held, cx: &Cx) {
        cx.put(format!("{held:?}", held = held.0)).await;
    }
    flow! {
        flow Holds streams String;
        external Held;
        start -> nothing;
        when Held -> hold
    }
    #[handler]
    async fn hang() {
        std::future::pending::<()>().await;
    }

    let held = Arc::new(());
    let flow = flow! { streams String; external Held; start -> hang -> Holds };
    let execution = flow.spawn(());
    let sender = execution.sender();
    tokio::task::yield_now().await;
    sender.emit(Held(Arc::clone(&held))).await.unwrap();
    assert_eq!(Arc::strong_count(&held), 2);
    execution.cancel();
    let error = execution.output().await.unwrap_err();
    assert_eq!(error.kind(), FlowErrorKind::Cancelled);
    // Although a sender is left.
    assert_eq!(Arc::strong_count(&held), 1);
    drop(sender);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_event_is_lost_while_stages_begin_and_end() {
    const SENT: u32 = 2_000;

    #[derive(Clone, Event)]
    struct Again;
    #[handler]
    async fn take(Note(n): Note, log: Res<Log>) -> u32 {
        log.add(n.to_string());
        n
    }
    #[handler(emits = Again)]
    async fn until_all(n: u32, cx: &Cx) -> u32 {
        cx.emit(Again);
        n
    }
    #[handler(on = Again)]
    async fn again(_again: Again, log: Res<Log>) -> bool {
        log.lines().len() < SENT as usize
    }
    flow! {
        /// Ends with the first note, and takes those that were sent until then.
        flow One -> u32;
        with Log;
        external Note;
        start -> nothing;
        when Note -> take -> end
    }

    let log = Log::default();
    let flow = flow! {
        with Log;
        external Note;
        start -> One -> until_all -> ignore;
        when Again -> again -> match {
            true => One -> until_all -> ignore,
            false => ignore,
        }
    };
    let execution = flow.with(log.clone()).spawn(());
    let sender = execution.sender();
    tokio::spawn(async move {
        for n in 0..SENT {
            sender.emit(Note(n)).await.unwrap();
            if n % 7 == 0 {
                tokio::task::yield_now().await;
            }
        }
    });
    execution.output().await.unwrap();
    let sent: Vec<_> = (0..SENT).map(|n| n.to_string()).collect();
    assert_eq!(log.lines(), sent);
}

#[test]
fn the_picture_shows_the_way_into_the_stage() {
    let flow = flow! {
        streams String;
        with Log;
        external Note;
        external Close;
        start -> Listen -> end_of -> end
    };
    let picture = flow.graph().to_mermaid();
    for edge in [
        "outside --> e_Note",
        "e_Note -->|\"while it runs\"| h_Listen",
        "e_Close -->|\"while it runs\"| h_Listen",
    ] {
        assert!(picture.contains(edge), "{picture}");
    }
}
