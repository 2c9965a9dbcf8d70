//! A flow that has an output and comes to nothing without one fails, in the stream as well as in
//! the result.

use flow_core::{Cx, FlowErrorKind, flow, handler};

use crate::read;

#[handler]
async fn look(found: bool, cx: &Cx) -> Option<u32> {
    cx.put("looked").await;
    found.then_some(3)
}

flow! {
    flow Search(bool) -> u32 streams String;
    start -> look -> match { Some(n) => end, None => ignore }
}

#[tokio::test]
async fn running_out_without_the_output_is_an_error_of_the_stream_too() {
    let flow = Search::new();
    let (items, error) = read(flow.stream(false)).await;
    assert_eq!(items, ["looked"]);
    assert_eq!(error.unwrap().kind(), FlowErrorKind::Unfinished);
    let mut spawned = flow.spawn(false);
    let (items, error) = read(spawned.items()).await;
    assert_eq!(
        (items.len(), error.unwrap().kind()),
        (1, FlowErrorKind::Unfinished)
    );
    assert_eq!(
        spawned.output().await.unwrap_err().kind(),
        FlowErrorKind::Unfinished
    );
    assert_eq!(
        flow.run(false).await.unwrap_err().kind(),
        FlowErrorKind::Unfinished
    );
    assert_eq!(flow.run(true).await.unwrap(), 3);
}

#[tokio::test]
async fn a_stop_without_the_output_is_an_error_of_the_stream_too() {
    #[handler]
    async fn give_up(cx: &Cx) -> u32 {
        cx.put("enough").await;
        cx.stop();
        std::future::pending().await
    }

    let flow = flow! { start -> give_up -> end };
    let (items, error) = read(flow.stream(())).await;
    assert_eq!(items, ["enough"]);
    assert_eq!(error.unwrap().kind(), FlowErrorKind::Unfinished);
}

#[tokio::test]
async fn a_flow_without_an_output_may_stop_and_run_out() {
    #[handler]
    async fn give_up(cx: &Cx) {
        cx.put("enough").await;
        cx.stop();
    }

    let (items, error) = read(flow! { start -> give_up }.stream(())).await;
    assert_eq!(items, ["enough"]);
    assert!(error.is_none());
}
