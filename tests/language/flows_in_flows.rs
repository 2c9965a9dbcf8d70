//! A flow with a name is a type: stored, returned, and a stage of other flows.

use flow_core::{Cx, Event, Flow, FlowErrorKind, Res, State, flow, handler};

use crate::items;

pub struct Model(&'static str);

#[derive(Event)]
struct Draft(String);

/// An item of the review.
#[derive(Debug, PartialEq)]
pub struct Remark(String);

impl From<&str> for Remark {
    fn from(text: &str) -> Self {
        Self(text.to_owned())
    }
}

impl From<Remark> for String {
    fn from(Remark(text): Remark) -> Self {
        format!("[remark] {text}")
    }
}

#[handler(emits = "Draft", streams = "Remark")]
async fn read(text: String, cx: &Cx, model: Res<Model>, rounds: State<u32>) {
    rounds.with(|rounds| *rounds += 1);
    cx.put(model.0).await;
    cx.emit(Draft(text));
}

#[handler(on = "Draft")]
async fn improve(Draft(text): Draft, rounds: State<u32>) -> Result<String, std::fmt::Error> {
    if text.is_empty() {
        return Err(std::fmt::Error);
    }
    Ok(format!("{text} ({} round)", rounds.with(|rounds| *rounds)))
}

flow! {
    /// Reads a text, and improves it.
    pub flow Review(String) -> String streams Remark;
    with Model;
    state u32;
    start -> read;
    when Draft -> improve -> end
}

/// A named flow can be stored, and returned from a function.
struct App {
    review: Flow<Review>,
}

fn app() -> App {
    App {
        review: Review::new().with(Model("gpt")),
    }
}

#[tokio::test]
async fn a_named_flow_is_a_type_that_can_be_stored() {
    let app = app();
    assert_eq!(app.review.run("x".to_owned()).await.unwrap(), "x (1 round)");
    assert_eq!(
        items(app.review.stream("x".to_owned())).await,
        [Remark("gpt".to_owned())]
    );
}

#[handler]
async fn write(topic: &'static str, cx: &Cx) -> String {
    cx.put(format!("writing about {topic}")).await;
    topic.to_owned()
}

#[handler]
async fn publish(text: String, cx: &Cx) {
    cx.put(format!("published: {text}")).await;
}

#[tokio::test]
async fn a_flow_as_a_stage_takes_returns_streams_and_shares_resources() {
    let flow = flow! {
        with Model;
        start(&'static str) -> write -> Review -> publish
    };
    let flow = flow.with(Model("local"));
    assert_eq!(
        items(flow.stream("crabs")).await,
        [
            "writing about crabs",
            "[remark] local",
            "published: crabs (1 round)"
        ]
    );
}

#[tokio::test]
async fn an_error_of_an_inner_flow_is_that_of_its_stage_with_its_own_cause() {
    let flow = flow! { with Model; start(&'static str) -> write -> Review -> publish };
    let error = flow.with(Model("")).run("").await.unwrap_err();
    assert_eq!(error.to_string(), "handler `Review` failed on start");
    let cause = std::error::Error::source(&error).unwrap();
    assert_eq!(cause.to_string(), "handler `improve` failed on `Draft`");
}

#[tokio::test]
async fn dropping_the_outer_one_drops_the_inner_one() {
    #[handler]
    async fn wait_for_ever(alive: Res<std::sync::Arc<()>>) {
        let _alive = std::sync::Arc::clone(&alive);
        std::future::pending::<()>().await;
    }
    flow! {
        flow Inner;
        with std::sync::Arc<()>;
        start -> wait_for_ever
    }
    let alive = std::sync::Arc::new(());
    let flow =
        flow! { with std::sync::Arc<()>; start -> Inner }.with(std::sync::Arc::clone(&alive));
    let mut execution = Box::pin(flow.run(()));
    assert!(futures::poll!(&mut execution).is_pending());
    assert_eq!(std::sync::Arc::strong_count(&alive), 3);
    drop(execution);
    assert_eq!(std::sync::Arc::strong_count(&alive), 2);
}

#[tokio::test]
async fn an_inner_flow_that_runs_out_is_an_error_of_its_stage() {
    #[handler]
    async fn stop(cx: &Cx) -> u32 {
        cx.stop();
        std::future::pending().await
    }
    flow! {
        flow Stopped -> u32;
        start -> stop -> end
    }
    let error = flow! { start -> Stopped -> ignore }
        .run(())
        .await
        .unwrap_err();
    assert_eq!(error.kind(), FlowErrorKind::Failed);
    let cause = std::error::Error::source(&error).unwrap();
    assert_eq!(
        cause.downcast_ref::<flow_core::FlowError>().unwrap().kind(),
        FlowErrorKind::Unfinished
    );
}

#[test]
fn its_graph_is_data() {
    let graph = Review::GRAPH;
    assert_eq!(graph.name, Some("Review"));
    assert_eq!(graph.docs, Some("Reads a text, and improves it."));
    assert_eq!(
        (graph.input, graph.output, graph.item),
        ("String", Some("String"), "Remark")
    );
    assert_eq!(graph.clauses.len(), 2);
    assert_eq!(graph.clauses[1].handlers[0].name, "improve");
    assert!(graph.clauses[1].ends);
}
