//! An item from a handler to the reader of the stream.

use std::hint::black_box;

use async_stream::stream;
use flow_core::{Cx, flow, handler};
use futures::{Stream, StreamExt};
use tokio::sync::mpsc;

use crate::measure::{Row, compare, current_thread, timed};

const ITEMS: u32 = 200_000;

#[handler(streams = "u32")]
async fn count(cx: &Cx) {
    for n in 0..ITEMS {
        cx.put(black_box(n)).await;
    }
}

/// Reads the stream to its end, and checks the number of items.
async fn read(items: impl Stream<Item = u32>) {
    let mut items = std::pin::pin!(items);
    let mut read = 0;
    while let Some(item) = items.next().await {
        black_box(item);
        read += 1;
    }
    assert_eq!(read, ITEMS);
}

async fn by_channel() {
    let (sender, mut items) = mpsc::channel(64);
    tokio::spawn(async move {
        for n in 0..ITEMS {
            if sender.send(black_box(n)).await.is_err() {
                return;
            }
        }
    });
    let mut read = 0;
    while let Some(item) = items.recv().await {
        black_box(item);
        read += 1;
    }
    assert_eq!(read, ITEMS);
}

pub(crate) fn rows() -> Vec<Row> {
    let runtime = current_thread();
    let counting = flow! { streams u32; start -> count };
    let mut by_flow = || {
        let mut items = counting.stream(());
        timed(|| {
            runtime.block_on(async {
                let mut read = 0;
                while let Some(item) = items.next().await {
                    black_box(item.expect("no handler fails"));
                    read += 1;
                }
                assert_eq!(read, ITEMS);
            });
        })
    };
    vec![
        compare(
            "item, against async-stream",
            5.0,
            ITEMS,
            &mut by_flow,
            || {
                let items = stream! {
                    for n in 0..ITEMS {
                        yield black_box(n);
                    }
                };
                timed(|| runtime.block_on(read(items)))
            },
        ),
        compare(
            "item, against mpsc(64)",
            1.0 / 3.0,
            ITEMS,
            &mut by_flow,
            || timed(|| runtime.block_on(runtime.spawn(by_channel()))),
        ),
    ]
}
