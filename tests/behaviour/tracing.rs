//! The spans of a traced flow.

mod recorder;
mod stages;

use std::future::{pending, poll_fn};
use std::pin::pin;
use std::task::Poll;

use flow_core::{Answered, Asked, Cx, Event, Failed, FlowErrorKind, flow, handler};
use futures::{FutureExt, StreamExt, TryStreamExt};
use tokio::task::yield_now;
use tracing::instrument::WithSubscriber;
use tracing::{Span, info, info_span};

use crate::{Ping, Pong, all};
use recorder::Recorder;

#[handler(emits = "Ping")]
async fn begin(cx: &Cx) {
    info!("beginning");
    cx.emit(Ping(1));
    cx.emit(Ping(2));
}

/// Yields in between.
#[handler(on = "Ping", emits = "Pong")]
async fn take_turns(Ping(n): Ping, cx: &Cx) {
    for turn in 1..=2 {
        info!("ping {n}, turn {turn}");
        yield_now().await;
    }
    cx.emit(Pong(n));
}

#[handler(on = "Pong")]
async fn finish(Pong(n): Pong, cx: &Cx) {
    cx.put(n.to_string()).await;
}

flow! {
    flow Turns;
    start -> begin;
    when Ping -> take_turns;
    when Pong -> finish
}

#[tokio::test]
async fn a_call_of_a_handler_is_a_span_in_that_of_its_execution_with_its_step_and_its_cause() {
    let recorder = Recorder::default();
    let _default = recorder.set();
    assert_eq!(all(Turns::new().traced().stream(())).await, ["1", "2"]);

    let spans = recorder.spans();
    assert_eq!((spans[0].name, spans[0].parent), ("execution", None));
    assert_eq!(spans[0].field("flow"), Some("Turns"));
    assert_eq!(spans[0].field("otel.name"), Some("Turns"));
    let handlers = spans[1..].iter().map(|span| {
        assert_eq!((span.name, span.parent), ("handler", Some(0)));
        assert_eq!(span.field("otel.name"), span.field("handler"));
        let fields = ["handler", "event", "step", "cause"];
        fields.map(|field| span.field(field).unwrap_or("-").to_owned())
    });
    assert_eq!(
        handlers.collect::<Vec<_>>(),
        [
            ["begin", "-", "0", "-"],
            ["take_turns", "Ping", "1", "0"],
            ["take_turns", "Ping", "2", "0"],
            ["finish", "Pong", "3", "1"],
            ["finish", "Pong", "4", "2"],
        ]
    );
    for span in &spans {
        assert_eq!(span.field("error"), None);
        assert_eq!(span.field("otel.status_code"), None);
    }
    recorder.assert_all_closed();
}

#[tokio::test]
async fn logs_are_in_the_span_of_their_handler_when_handlers_take_turns() {
    let recorder = Recorder::default();
    let _default = recorder.set();
    all(Turns::new().traced().stream(())).await;
    assert_eq!(
        recorder.events(),
        [
            "execution > begin 0: beginning",
            "execution > take_turns 1: ping 1, turn 1",
            "execution > take_turns 2: ping 2, turn 1",
            "execution > take_turns 1: ping 1, turn 2",
            "execution > take_turns 2: ping 2, turn 2",
        ]
    );
}

#[tokio::test]
async fn a_span_is_closed_as_soon_as_its_handler_has_returned() {
    let recorder = Recorder::default();
    let _default = recorder.set();
    all(Turns::new().traced().stream(())).await;
    let mut lines = recorder.lines();
    lines.retain(|line| !line.contains(": "));
    assert_eq!(
        lines,
        [
            "opened execution",
            "opened begin 0",
            "closed begin 0",
            "opened take_turns 1",
            "opened take_turns 2",
            "closed take_turns 1",
            "opened finish 3",
            "closed finish 3",
            "closed take_turns 2",
            "opened finish 4",
            "closed finish 4",
            "closed execution",
        ]
    );
}

#[handler]
async fn say(word: &'static str) -> &'static str {
    info!("{word}");
    yield_now().await;
    info!("{word} again");
    word
}

#[handler]
async fn shout(word: &'static str) -> &'static str {
    info!("{word}!");
    yield_now().await;
    info!("{word} again!");
    word
}

#[handler]
async fn both(_words: (&'static str, &'static str)) {
    info!("both");
}

#[tokio::test]
async fn the_stages_of_a_chain_and_the_branches_of_a_join_have_spans_of_their_own() {
    let recorder = Recorder::default();
    let _default = recorder.set();
    let flow = flow! { start(&'static str) -> say -> (say, shout) -> both }.traced();
    flow.run("ah").await.unwrap();
    assert_eq!(
        recorder.events(),
        [
            "execution > say 0: ah",
            "execution > say 0: ah again",
            "execution > say 0: ah",
            "execution > shout 0: ah!",
            "execution > say 0: ah again",
            "execution > shout 0: ah again!",
            "execution > both 0: both",
        ]
    );
    assert_eq!(recorder.spans().len(), 5);
    recorder.assert_all_closed();
}

#[tokio::test]
async fn each_element_of_an_each_has_a_span() {
    #[handler]
    async fn words() -> Vec<&'static str> {
        vec!["one", "two", "three"]
    }

    #[handler]
    async fn count(words: Vec<&'static str>, cx: &Cx) {
        cx.put(words.len().to_string()).await;
    }

    let recorder = Recorder::default();
    let _default = recorder.set();
    let flow = flow! { start -> words -> each say[2] -> count }.traced();
    assert_eq!(all(flow.stream(())).await, ["3"]);
    assert_eq!(
        recorder.lines(),
        [
            "opened execution",
            "opened words 0",
            "closed words 0",
            "opened say 0",
            "execution > say 0: one",
            "opened say 0",
            "execution > say 0: two",
            "execution > say 0: one again",
            "closed say 0",
            "opened say 0",
            "execution > say 0: three",
            "execution > say 0: two again",
            "closed say 0",
            "execution > say 0: three again",
            "closed say 0",
            "opened count 0",
            "closed count 0",
            "closed execution",
        ]
    );
    recorder.assert_all_closed();
}

#[tokio::test]
async fn the_parent_is_the_span_in_which_the_execution_is_made() {
    let recorder = Recorder::default();
    let _default = recorder.set();
    let flow = Turns::new().traced();
    let request = info_span!("request");
    let execution = request.in_scope(|| flow.stream(()));
    all(execution).await;
    let spans = recorder.spans();
    assert_eq!((spans[0].name, spans[1].name), ("request", "execution"));
    assert_eq!(spans[1].parent, Some(0));
    assert_eq!(spans[2].parent, Some(1));
}

#[tokio::test]
async fn the_task_that_polls_an_execution_is_in_none_of_its_spans() {
    #[handler]
    async fn talk(cx: &Cx) {
        for word in ["a", "b"] {
            info!("putting {word}");
            cx.put(word).await;
            yield_now().await;
        }
    }

    let recorder = Recorder::default();
    let _default = recorder.set();
    let mut items = pin!(flow! { start -> talk }.traced().stream(()));
    poll_fn(|cx| {
        let polled = items.as_mut().poll_next_unpin(cx);
        info!("polled");
        assert!(Span::current().is_none());
        match polled {
            Poll::Ready(None) => Poll::Ready(()),
            Poll::Ready(Some(_)) => {
                cx.waker().wake_by_ref();
                Poll::Pending
            }
            Poll::Pending => Poll::Pending,
        }
    })
    .await;
    for line in recorder.events() {
        let expected = if line.ends_with(": polled") {
            ": polled"
        } else {
            "execution > talk 0: putting"
        };
        assert!(line.starts_with(expected), "{line}");
    }
    recorder.assert_all_closed();
}

#[handler]
async fn refuse() -> Result<(), std::fmt::Error> {
    yield_now().await;
    Err(std::fmt::Error)
}

#[handler]
async fn apologise(_failed: Failed<std::fmt::Error>) {}

#[handler]
async fn apologise_for_all(_failed: Failed) {}

const REFUSED: &str = "an error occurred when formatting an argument";

fn assert_failed(span: &recorder::Received, error: &str) {
    assert_eq!(span.field("error"), Some(error));
    assert_eq!(span.field("otel.status_code"), Some("ERROR"));
    assert_eq!(span.field("otel.status_description"), Some(error));
}

#[tokio::test]
async fn an_error_is_in_the_span_of_its_handler_and_in_that_of_the_execution_it_ends() {
    let recorder = Recorder::default();
    let _default = recorder.set();
    flow! { start -> refuse }
        .traced()
        .run(())
        .await
        .unwrap_err();
    assert_failed(&recorder.handler("refuse"), REFUSED);
    let error = format!("handler `refuse` failed on start: {REFUSED}");
    assert_failed(&recorder.execution(), &error);
    recorder.assert_all_closed();
}

#[tokio::test]
async fn an_error_that_is_rescued_is_in_the_span_of_its_handler_only() {
    let flow = flow! { start -> refuse; rescue refuse -> apologise }.traced();
    let recorder = Recorder::default();
    {
        let _default = recorder.set();
        flow.run(()).await.unwrap();
    }
    assert_failed(&recorder.handler("refuse"), REFUSED);
    assert_eq!(recorder.execution().field("error"), None);
    let rescue = recorder.handler("apologise");
    assert_eq!(rescue.field("error"), None);
    assert_eq!(rescue.field("cause"), Some("0"));
    recorder.assert_all_closed();

    let flow = flow! { start -> refuse; rescue -> apologise_for_all }.traced();
    let recorder = Recorder::default();
    let _default = recorder.set();
    flow.run(()).await.unwrap();
    assert_failed(&recorder.handler("refuse"), REFUSED);
}

#[tokio::test]
async fn an_error_in_a_branch_closes_the_spans_of_the_others() {
    #[handler]
    async fn wait() {
        pending::<()>().await;
    }

    #[handler]
    async fn never(_both: ((), ())) {}

    let recorder = Recorder::default();
    let _default = recorder.set();
    let flow = flow! { start -> ((wait, refuse) -> never) else apologise_for_all };
    flow.traced().run(()).await.unwrap();
    assert_failed(&recorder.handler("refuse"), REFUSED);
    assert_eq!(recorder.handler("wait").field("error"), None);
    recorder.assert_all_closed();
}

#[handler]
async fn break_down() {
    yield_now().await;
    panic!("a handler of a test panics");
}

#[tokio::test]
async fn a_panic_is_in_the_span_of_its_handler_which_is_exited() {
    let recorder = Recorder::default();
    let _default = recorder.set();
    let error = flow! { start -> break_down }.traced().run(()).await;
    assert_eq!(error.unwrap_err().kind(), FlowErrorKind::Panicked);
    assert!(Span::current().is_none());
    assert_failed(
        &recorder.handler("break_down"),
        "a handler of a test panics",
    );
    recorder.assert_all_closed();
}

#[tokio::test]
async fn a_panic_in_a_branch_is_in_the_span_of_its_handler_too() {
    #[handler]
    async fn never(_both: (&'static str, ())) {}

    #[handler]
    async fn word() -> &'static str {
        "word"
    }

    #[handler]
    async fn break_down_at(_word: &'static str) {
        yield_now().await;
        panic!("a handler of a test panics");
    }

    let recorder = Recorder::default();
    let _default = recorder.set();
    let flow = flow! { start -> word -> (say, break_down_at) -> never };
    flow.traced().run(()).await.unwrap_err();
    assert!(Span::current().is_none());
    let broken = recorder.handler("break_down_at");
    assert_failed(&broken, "a handler of a test panics");
    assert_eq!(recorder.handler("say").field("error"), None);
    recorder.assert_all_closed();
}

#[tokio::test]
async fn dropping_an_execution_closes_its_spans_and_is_no_error() {
    /// Logs its drop.
    struct Leaving;

    impl Drop for Leaving {
        fn drop(&mut self) {
            info!("leaving");
        }
    }

    #[handler(on = "Ping")]
    async fn stay(_ping: Ping) {
        let _leaving = Leaving;
        pending::<()>().await;
    }

    let recorder = Recorder::default();
    let _default = recorder.set();
    let mut items = flow! { start -> begin; when Ping -> stay }
        .traced()
        .stream(());
    assert!(items.next().now_or_never().is_none());
    assert!(
        recorder.spans()[2..]
            .iter()
            .all(|span| !span.closed && span.entered == 0)
    );
    drop(items);
    assert_eq!(
        recorder.lines()[6..],
        [
            "execution > stay 1: leaving",
            "closed stay 1",
            "execution > stay 2: leaving",
            "closed stay 2",
            "closed execution",
        ]
    );
    assert_eq!(recorder.execution().field("cancelled"), Some("true"));
    assert_eq!(recorder.execution().field("error"), None);
    recorder.assert_all_closed();
}

#[tokio::test]
async fn spans_are_closed_at_the_end_although_the_handle_is_still_there() {
    let recorder = Recorder::default();
    let _default = recorder.set();
    let mut items = flow! { start -> break_down }.traced().stream(());
    assert!(items.next().await.unwrap().is_err());
    recorder.assert_all_closed();
    drop(items);
}

#[tokio::test]
async fn a_flow_that_is_not_traced_makes_no_spans() {
    let recorder = Recorder::default();
    let _default = recorder.set();
    let flow = Turns::new();
    let mut execution = flow.stream(());
    let events = execution.lifecycle();
    all(execution).await;
    assert!(events.count().await > 0);
    assert!(recorder.spans().is_empty());
    assert_eq!(recorder.events().len(), 5);
}

#[tokio::test]
async fn without_a_subscriber_a_traced_flow_runs_the_same() {
    let flow = Turns::new().traced();
    assert_eq!(all(flow.stream(())).await, ["1", "2"]);
}

#[tokio::test]
async fn observers_see_a_traced_flow_like_any_other() {
    let told = async |flow: flow_core::Flow<_>| {
        let mut execution = flow.stream(());
        let events = execution.lifecycle();
        all(execution).await;
        let told: Vec<_> = events.map(|event| event.kind.to_string()).collect().await;
        told
    };
    let recorder = Recorder::default();
    let _default = recorder.set();
    let flow = || flow! { start -> begin; when Ping -> take_turns; when Pong -> finish };
    assert_eq!(told(flow().traced()).await, told(flow()).await);
}

#[tokio::test]
async fn the_logs_of_a_stage_are_in_the_span_of_its_call_and_in_its_own() {
    let recorder = Recorder::default();
    let _default = recorder.set();
    let items = flow! { start -> Turns }.traced().stream(());
    assert_eq!(all(items).await, ["1", "2"]);
    assert_eq!(recorder.events().len(), 5);
    for line in recorder.events() {
        assert!(
            line.starts_with("execution > Turns 0 > execution > "),
            "{line}"
        );
    }
}

#[tokio::test]
async fn the_spans_go_to_the_subscriber_that_was_set_at_the_start() {
    let recorder = Recorder::default();
    let execution = {
        let _default = recorder.set();
        Turns::new().traced().stream(())
    };
    let elsewhere = Recorder::default();
    let _default = elsewhere.set();
    all(execution).await;
    assert_eq!(recorder.spans().len(), 6);
    recorder.assert_all_closed();
    assert!(elsewhere.spans().is_empty());
    // The logs of the handlers go to the subscriber of their thread.
    assert_eq!(elsewhere.events().len(), 5);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn executions_on_many_threads_keep_their_spans_apart() {
    #[handler(emits = "Ping")]
    async fn begin_many(cx: &Cx) {
        for n in 0..10 {
            cx.emit(Ping(n));
        }
    }

    #[handler(on = "Ping")]
    async fn count_turns(Ping(n): Ping, cx: &Cx) {
        for turn in 0..20 {
            info!("step {}", n + 1);
            if turn % 5 == 0 {
                cx.put(n.to_string()).await;
            }
            yield_now().await;
        }
    }

    let recorder = Recorder::default();
    let runs = (0..8).map(|_| {
        let run = async {
            let flow = flow! { start -> begin_many; when Ping -> count_turns }.traced();
            flow.stream(()).try_collect::<Vec<_>>().await.unwrap().len()
        };
        tokio::spawn(run.with_subscriber(recorder.subscriber()))
    });
    for run in runs.collect::<Vec<_>>() {
        assert_eq!(run.await.unwrap(), 40);
    }
    let events = recorder.events();
    assert_eq!(events.len(), 8 * 10 * 20);
    for line in events {
        let (scope, step) = line.split_once(": step ").unwrap();
        assert_eq!(scope, format!("execution > count_turns {step}"));
    }
    assert_eq!(recorder.spans().len(), 8 * 12);
    recorder.assert_all_closed();
}

#[derive(Clone, Event)]
#[event(answer = u32)]
struct Review;

#[handler]
async fn draft() -> Review {
    Review
}

#[handler]
async fn decide(_answered: Answered<Review>) {
    info!("deciding");
}

#[tokio::test]
async fn the_span_of_a_stage_that_asks_lasts_until_the_reply() {
    let recorder = Recorder::default();
    let _default = recorder.set();
    let flow = flow! {
        streams Asked<Review>;
        start -> draft -> ask Review -> decide
    };
    let mut items = flow.clone().traced().stream(());
    let asked = items.try_next().await.unwrap().unwrap();
    let open = [
        "opened execution",
        "opened draft 0",
        "closed draft 0",
        "opened ask Review 0",
    ];
    assert_eq!(recorder.lines(), open);
    // Nothing is polled meanwhile, and it is not entered.
    assert!(Span::current().is_none());
    asked.answer(1).unwrap();
    items.output().await.unwrap();
    assert_eq!(
        recorder.lines()[open.len()..],
        [
            "closed ask Review 0",
            "opened decide 0",
            "execution > decide 0: deciding",
            "closed decide 0",
            "closed execution",
        ]
    );

    let recorder = Recorder::default();
    let _default = recorder.set();
    let mut items = flow.traced().stream(());
    let _asked = items.try_next().await.unwrap().unwrap();
    drop(items);
    recorder.assert_all_closed();
}
