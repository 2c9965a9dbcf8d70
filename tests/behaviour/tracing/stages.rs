//! The spans of named flows that are stages.

use flow_core::{Cx, Event, Result, flow, handler};
use futures::{FutureExt, StreamExt};
use tokio::task::yield_now;
use tracing::info;
use tracing::level_filters::LevelFilter;
use tracing_subscriber::Layer;
use tracing_subscriber::filter::filter_fn;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::registry::Registry;

use super::recorder::Recorder;

#[derive(Event)]
struct Draft(u32);

#[handler(emits = Draft)]
async fn write(n: u32, cx: &Cx) {
    info!("writing");
    yield_now().await;
    cx.emit(Draft(n));
}

#[handler(on = Draft)]
async fn improve(Draft(n): Draft) -> Result<u32> {
    info!("improving");
    n.checked_sub(1).ok_or_else(|| "nothing to improve".into())
}

flow! {
    flow Review(u32) -> u32;
    start -> write;
    when Draft -> improve -> end
}

#[handler]
async fn show(_n: u32) {
    info!("showing");
}

flow! {
    flow Chat(u32);
    start -> Review -> show
}

#[tokio::test]
async fn the_spans_of_a_stage_are_in_that_of_its_call() {
    let recorder = Recorder::default();
    let _default = recorder.set();
    Chat::new().traced().run(1).await.unwrap();
    assert_eq!(
        recorder.lines(),
        [
            "opened execution",
            "opened Review 0",
            "opened execution",
            "opened write 0",
            "execution > Review 0 > execution > write 0: writing",
            "closed write 0",
            "opened improve 1",
            "execution > Review 0 > execution > improve 1: improving",
            "closed improve 1",
            "closed execution",
            "closed Review 0",
            "opened show 0",
            "execution > show 0: showing",
            "closed show 0",
            "closed execution",
        ]
    );
    let flows = recorder.spans();
    let flows = flows.iter().filter_map(|span| span.field("flow"));
    assert_eq!(flows.collect::<Vec<_>>(), ["Chat", "Review"]);
    recorder.assert_all_closed();
}

#[tokio::test]
async fn the_stages_in_branches_are_in_the_spans_of_their_own_calls() {
    #[handler]
    async fn two() -> Vec<u32> {
        vec![1, 1]
    }

    #[handler]
    async fn none(_: Vec<u32>) {}

    let recorder = Recorder::default();
    let _default = recorder.set();
    let flow = flow! { start -> two -> each Review -> none };
    flow.traced().run(()).await.unwrap();
    let spans = recorder.spans();
    let calls: Vec<_> = (0..spans.len())
        .filter(|index| spans[*index].field("handler") == Some("Review"))
        .collect();
    let parents: Vec<_> = spans
        .iter()
        .filter(|span| span.field("flow") == Some("Review"))
        .map(|span| span.parent.unwrap())
        .collect();
    assert_eq!((calls.len(), calls), (2, parents));
    recorder.assert_all_closed();
}

#[tokio::test]
async fn a_stage_that_fails_or_is_dropped_closes_its_spans_and_says_why() {
    let recorder = Recorder::default();
    let _default = recorder.set();
    Chat::new().traced().run(0).await.unwrap_err();
    let stage = recorder.spans().remove(2);
    assert_eq!(stage.field("flow"), Some("Review"));
    let error = stage.field("error").unwrap();
    assert!(error.ends_with("nothing to improve"), "{error}");
    recorder.assert_all_closed();

    let recorder = Recorder::default();
    let _default = recorder.set();
    let mut execution = Chat::new().traced().stream(1);
    assert!(execution.next().now_or_never().is_none());
    drop(execution);
    let stage = recorder.spans().remove(2);
    assert_eq!(stage.field("cancelled"), Some("true"));
    recorder.assert_all_closed();
}

#[tokio::test]
async fn the_spans_of_a_stage_go_to_the_subscriber_of_its_flow() {
    let recorder = Recorder::default();
    let run = {
        let _default = recorder.set();
        Chat::new().traced().run(1)
    };
    let elsewhere = Recorder::default();
    let _default = elsewhere.set();
    run.await.unwrap();
    assert_eq!(recorder.spans().len(), 6);
    assert!(elsewhere.spans().is_empty());
    recorder.assert_all_closed();
}

#[tokio::test]
async fn without_the_spans_of_handlers_that_of_a_stage_is_in_that_of_its_flow() {
    let recorder = Recorder::default();
    let only_executions = filter_fn(|metadata| metadata.name() != "handler");
    let filtered = recorder.clone().with_filter(only_executions);
    let subscriber = Registry::default().with(filtered);
    let _default = tracing::subscriber::set_default(subscriber);
    Chat::new().traced().run(1).await.unwrap();
    let spans = recorder.spans();
    let parents: Vec<_> = spans.iter().map(|span| span.parent).collect();
    assert_eq!(parents, [None, Some(0)]);
    recorder.assert_all_closed();
}

#[tokio::test]
async fn a_stage_has_no_spans_if_its_flow_has_none() {
    let recorder = Recorder::default();
    let quiet = recorder.clone().with_filter(LevelFilter::WARN);
    let _default = tracing::subscriber::set_default(Registry::default().with(quiet));
    Chat::new().traced().run(1).await.unwrap();
    assert!(recorder.spans().is_empty());

    let _default = recorder.set();
    Chat::new().run(1).await.unwrap();
    assert!(recorder.spans().is_empty());
}
