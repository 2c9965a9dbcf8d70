//! An execution that is ended or abandoned from outside: by its handle, its stream, its runtime.

use flow_core::FlowErrorKind::Cancelled;
use flow_core::{ItemPosition, ShareOptions, SlowReaders};
use futures::{FutureExt, StreamExt};
use tokio::time::sleep;

use super::scene::{Row, SECOND, Way, expected, yielded};

#[tokio::test(start_paused = true)]
async fn cancel_by_the_handle() {
    // A cancelled execution has no error that a rescue could take.
    for rescued in [false, true] {
        let (flow, stage) = Row::of(Way::Hangs).scene();
        let mut spawned = flow.spawn((Way::Hangs, rescued));
        let readers = spawned.share(ShareOptions::new(SlowReaders::Block).replay(10));
        sleep(SECOND * 2).await;
        stage.goes_on().await;
        spawned.cancel();
        assert_eq!(spawned.output().await.unwrap_err().kind(), Cancelled);
        stage.is_over().await;
        assert_eq!(stage.rescues(), 0);
        let (one, other) = (
            readers.subscribe_from(ItemPosition::START),
            readers.subscribe_from(ItemPosition::START),
        );
        let (one, other) = tokio::join!(one.collect::<Vec<_>>(), other.collect::<Vec<_>>());
        for seen in [one, other] {
            assert_eq!(seen.len(), 2);
            assert!(seen[0].is_ok(), "the item put before");
            assert_eq!(seen[1].as_ref().unwrap_err().kind(), Cancelled);
        }
    }

    let (flow, stage) = Row::of(Way::Hangs).scene();
    let mut spawned = flow.spawn((Way::Hangs, false));
    sleep(SECOND * 2).await;
    spawned.cancel();
    let items = yielded(spawned.items()).await;
    assert_eq!(items, expected(&["before"], Some(Cancelled)));
    stage.is_over().await;
}

#[tokio::test(start_paused = true)]
async fn drop_of_the_stream() {
    let (flow, stage) = Row::of(Way::Hangs).scene();
    let mut stream = flow.stream((Way::Hangs, true));
    assert_eq!(stream.next().await.unwrap().unwrap(), "before");
    assert!(stream.next().now_or_never().is_none());
    assert!(stage.alive.count() > 0);
    let events = stream.lifecycle();
    drop(stream);
    stage.is_over().await;
    assert_eq!(stage.rescues(), 0);
    // Only observers are told of the end.
    let last = events.collect::<Vec<_>>().await.pop().unwrap();
    assert!(last.kind.to_string().contains("cancelled"), "{last:?}");

    // The same for the future of `run`.
    let (flow, stage) = Row::of(Way::Hangs).scene();
    let run = tokio::time::timeout(SECOND * 2, flow.run((Way::Hangs, false)));
    assert!(run.await.is_err());
    stage.is_over().await;

    // The same for readers, when the last one and the last handle are dropped.
    let (flow, stage) = Row::of(Way::Hangs).scene();
    let readers = flow
        .stream((Way::Hangs, false))
        .share(ShareOptions::new(SlowReaders::Block));
    let (mut one, other) = (readers.subscribe(), readers.subscribe());
    one.next().await.unwrap().unwrap();
    drop((one, readers));
    assert!(stage.alive.count() > 0);
    drop(other);
    stage.is_over().await;
}

#[tokio::test(start_paused = true)]
async fn drop_of_the_handle() {
    let (flow, stage) = Row::of(Way::Hangs).scene();
    let spawned = flow.spawn((Way::Hangs, false));
    let events = spawned.lifecycle();
    drop(spawned);
    sleep(SECOND * 2).await;
    stage.goes_on().await;
    assert_eq!(stage.late(), 1, "what waited has run");
    assert_eq!(stage.rescues(), 0);
    // It ends as it would with the handle, here by the handler's timeout. Only observers are told.
    sleep(SECOND * 60 * 60).await;
    stage.is_over().await;
    let last = events.collect::<Vec<_>>().await.pop().unwrap();
    assert!(
        last.kind.to_string().contains("`act` timed out"),
        "{last:?}"
    );

    // The same for the future of `output`, and for items that were taken.
    let (flow, stage) = Row::of(Way::Hangs).scene();
    let mut spawned = flow.spawn((Way::Hangs, false));
    let items = spawned.take_items();
    drop(spawned.output());
    drop(items);
    sleep(SECOND * 2).await;
    stage.goes_on().await;
}

#[test]
fn shutdown_of_the_runtime() {
    let runtime = || {
        let mut builder = tokio::runtime::Builder::new_current_thread();
        builder.enable_time().start_paused(true).build().unwrap()
    };
    let inside = runtime();
    let (flow, stage) = Row::of(Way::Hangs).scene();
    let input = (Way::Hangs, true);
    let (mut spawned, joined, readers) = inside.block_on(async {
        let (spawned, joined) = (flow.spawn(input), flow.spawn(input));
        let readers = flow
            .spawn(input)
            .share(ShareOptions::new(SlowReaders::Block).replay(10));
        sleep(SECOND * 2).await;
        (spawned, joined, readers)
    });
    assert!(stage.alive.count() > 0);
    drop(inside);
    assert_eq!(stage.alive.count(), 0);
    runtime().block_on(async {
        stage.is_over().await;
        assert_eq!(stage.rescues(), 0);
        let items = yielded(spawned.items()).await;
        assert_eq!(items, expected(&["before"], Some(Cancelled)));
        assert_eq!(joined.output().await.unwrap_err().kind(), Cancelled);
        for reader in [
            readers.subscribe_from(ItemPosition::START),
            readers.subscribe_from(ItemPosition::START),
        ] {
            let last = reader.collect::<Vec<_>>().await.pop().unwrap();
            assert_eq!(last.unwrap_err().kind(), Cancelled);
        }
    });
}
