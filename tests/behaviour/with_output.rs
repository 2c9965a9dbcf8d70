//! The items and the result in one stream.

use std::future::pending;
use std::num::NonZeroUsize;
use std::time::Duration;

use flow_core::{
    Broadcast, Cx, FlowErrorKind, ItemOrOutput, Received, Res, Result, ShareOptions, SlowReaders,
    WithOutput, flow, handler,
};
use futures::stream::FusedStream;
use futures::{FutureExt, StreamExt, TryStreamExt};

use crate::{Alive, Ping};

#[handler]
async fn spell(word: &'static str, cx: &Cx) -> usize {
    for letter in word.chars() {
        cx.put(letter.to_string()).await;
    }
    word.len()
}

#[handler]
async fn put_and_fail(cx: &Cx) -> Result<()> {
    cx.put("first").await;
    Err("no".into())
}

/// Reads to the end: the items as they are, the result in brackets.
async fn read<O: std::fmt::Debug>(both: WithOutput<String, O>) -> Vec<String> {
    let text = |next| match next {
        ItemOrOutput::Item(item) => item,
        ItemOrOutput::Output(Ok(output)) => format!("[{output:?}]"),
        ItemOrOutput::Output(Err(error)) => format!("[{error:#}]"),
    };
    both.map(text).collect().await
}

#[tokio::test]
async fn the_items_come_first_and_then_the_result_whether_streamed_or_spawned() {
    let flow = flow! { start(&'static str) -> spell -> end }.capacity(NonZeroUsize::MIN);
    let expected = ["o", "n", "e", "[3]"];
    assert_eq!(read(flow.stream("one").with_output()).await, expected);
    assert_eq!(read(flow.spawn("one").with_output()).await, expected);
    let erased = flow.spawn("one").erase().with_output();
    assert_eq!(read(erased).await, expected);
}

#[tokio::test]
async fn an_error_is_the_result_and_not_an_item_as_well() {
    let flow = flow! { start -> put_and_fail };
    let expected = ["first", "[handler `put_and_fail` failed on start: no]"];
    assert_eq!(read(flow.stream(()).with_output()).await, expected);
    assert_eq!(read(flow.spawn(()).with_output()).await, expected);
}

#[tokio::test]
async fn an_end_that_was_not_reached_is_an_error_after_the_last_item() {
    #[handler]
    async fn put_and_stop(cx: &Cx) -> u32 {
        cx.put("first").await;
        cx.stop();
        pending().await
    }

    let flow = flow! { start -> put_and_stop -> end };
    for both in [flow.stream(()).with_output(), flow.spawn(()).with_output()] {
        let all: Vec<_> = both.collect().await;
        let [ItemOrOutput::Item(_), ItemOrOutput::Output(Err(error))] = &all[..] else {
            panic!("{all:?}");
        };
        assert_eq!(error.kind(), FlowErrorKind::Unfinished);
    }
}

#[tokio::test]
async fn after_the_result_it_has_ended_and_stays_so() {
    let flow = flow! { start(&'static str) -> spell -> end };
    for mut both in [flow.stream("").with_output(), flow.spawn("").with_output()] {
        assert!(!both.is_terminated());
        let result = both.next().await;
        assert!(matches!(result, Some(ItemOrOutput::Output(Ok(0)))));
        assert!(both.is_terminated());
        assert!(both.next().await.is_none());
        assert!(both.next().await.is_none());
    }
}

#[tokio::test]
async fn it_continues_where_the_items_were_read_before() {
    let flow = flow! { start(&'static str) -> spell -> end };
    let mut execution = flow.stream("ab");
    assert_eq!(execution.next().await.unwrap().unwrap(), "a");
    assert_eq!(read(execution.with_output()).await, ["b", "[2]"]);

    let mut execution = flow.spawn("ab");
    assert_eq!(execution.items().next().await.unwrap().unwrap(), "a");
    assert_eq!(read(execution.with_output()).await, ["b", "[2]"]);
}

#[tokio::test]
async fn the_error_is_the_result_even_if_it_was_read_as_an_item_before() {
    let flow = flow! { start -> put_and_fail };
    let mut execution = flow.stream(());
    assert_eq!(execution.by_ref().count().await, 2);
    let expected = ["[handler `put_and_fail` failed on start: no]"];
    assert_eq!(read(execution.with_output()).await, expected);

    let mut execution = flow.spawn(());
    assert_eq!(execution.items().count().await, 2);
    assert_eq!(read(execution.with_output()).await, expected);
}

#[tokio::test]
async fn items_that_were_taken_are_read_there_and_the_result_here() {
    let flow = flow! { start(&'static str) -> spell -> end }.capacity(NonZeroUsize::MIN);
    let mut execution = flow.spawn("one");
    let items = execution.take_items();
    let both = execution.with_output();
    let (items, result) = tokio::join!(items.try_collect::<Vec<_>>(), read(both));
    assert_eq!(items.unwrap(), ["o", "n", "e"]);
    assert_eq!(result, ["[3]"]);
}

#[tokio::test(start_paused = true)]
async fn a_flow_that_waited_only_for_its_handle_ends() {
    #[handler(on = Ping)]
    async fn never(Ping(_): Ping) {}

    let flow = flow! { external Ping; start(&'static str) -> spell -> ignore; when Ping -> never };
    let read = read(flow.spawn("a").with_output());
    let read = tokio::time::timeout(Duration::from_secs(60), read).await;
    assert_eq!(read.unwrap(), ["a", "[()]"]);
}

#[tokio::test]
async fn dropping_it_cancels_a_streamed_execution_and_detaches_a_spawned_one() {
    #[handler]
    async fn hold(cx: &Cx, alive: Res<Alive>) {
        let _guard = alive.guard();
        cx.put("first").await;
        pending::<()>().await;
    }

    let alive = Alive::default();
    let flow = flow! { with Alive; start -> hold }.with(alive.clone());
    let mut both = flow.stream(()).with_output();
    assert!(matches!(both.next().await, Some(ItemOrOutput::Item(_))));
    assert_eq!(alive.count(), 1);
    drop(both);
    assert_eq!(alive.count(), 0);

    let mut both = flow.spawn(()).with_output();
    assert!(matches!(both.next().await, Some(ItemOrOutput::Item(_))));
    drop(both);
    tokio::task::yield_now().await;
    assert_eq!(alive.count(), 1);
}

#[tokio::test]
async fn a_spawned_execution_that_waits_for_room_goes_on_when_it_is_dropped() {
    #[handler]
    async fn put_ten(cx: &Cx, done: Res<tokio::sync::Notify>) {
        for n in 0..10 {
            cx.put(n.to_string()).await;
        }
        done.notify_one();
    }

    let done = std::sync::Arc::new(tokio::sync::Notify::new());
    let flow = flow! { with tokio::sync::Notify; start -> put_ten };
    let flow = flow.with_arc(done.clone()).capacity(NonZeroUsize::MIN);
    let mut both = flow.spawn(()).with_output();
    assert!(both.next().await.is_some());
    assert!(done.notified().now_or_never().is_none());
    drop(both);
    done.notified().await;
}

#[tokio::test]
async fn all_readers_of_a_shared_one_receive_the_result() {
    let flow = flow! { start(&'static str) -> spell -> end };
    let both = flow.stream("a").with_output().map(Ok);
    let shared = Broadcast::new(both, ShareOptions::new(SlowReaders::Block));
    let readers = [shared.subscribe(), shared.subscribe()];
    for all in futures::future::join_all(readers.map(StreamExt::collect::<Vec<_>>)).await {
        let [Ok(_), Ok(Received::Item { item, .. })] = &all[..] else {
            panic!("{all:?}");
        };
        assert!(matches!(item, ItemOrOutput::Output(Ok(1))));
    }
}

#[test]
fn the_result_of_a_runtime_that_shuts_down_is_an_error() {
    #[handler]
    async fn forever() {
        pending::<()>().await;
    }

    let runtime = tokio::runtime::Builder::new_multi_thread().build().unwrap();
    let both = runtime.block_on(async { flow! { start -> forever }.spawn(()).with_output() });
    drop(runtime);
    let all = futures::executor::block_on(both.collect::<Vec<_>>());
    let [ItemOrOutput::Output(Err(error))] = &all[..] else {
        panic!("{all:?}");
    };
    assert_eq!(error.kind(), FlowErrorKind::Cancelled);
}
