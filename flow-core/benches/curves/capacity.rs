//! An item through streams of increasing capacity.

use std::hint::black_box;
use std::num::NonZeroUsize;

use async_stream::stream;
use divan::Bencher;
use flow_core::{Cx, flow, handler};
use futures::StreamExt;
use tokio::sync::mpsc;

use crate::{TIMES, current_thread};

const CAPACITIES: [usize; 5] = [1, 8, 32, 256, 4096];

#[handler(streams = "u32")]
async fn count(cx: &Cx) {
    for n in 0..TIMES {
        cx.put(black_box(n)).await;
    }
}

#[divan::bench(args = CAPACITIES)]
fn flow(bencher: Bencher<'_, '_>, capacity: usize) {
    let runtime = current_thread();
    let capacity = NonZeroUsize::new(capacity).expect("none of them is 0");
    let counting = flow! { streams u32; start -> count }.capacity(capacity);
    bencher.bench_local(|| {
        runtime.block_on(async {
            let mut items = counting.stream(());
            let mut read = 0;
            while let Some(item) = items.next().await {
                black_box(item.expect("no handler fails"));
                read += 1;
            }
            assert_eq!(read, TIMES);
        });
    });
}

/// A task and a channel of this capacity.
#[divan::bench(args = CAPACITIES)]
fn by_channel(bencher: Bencher<'_, '_>, capacity: usize) {
    let runtime = current_thread();
    bencher.bench_local(|| {
        runtime.block_on(async {
            let (sender, mut items) = mpsc::channel(capacity);
            tokio::spawn(async move {
                for n in 0..TIMES {
                    if sender.send(black_box(n)).await.is_err() {
                        return;
                    }
                }
            });
            while let Some(item) = items.recv().await {
                black_box(item);
            }
        });
    });
}

/// No buffer at all.
#[divan::bench]
fn by_async_stream(bencher: Bencher<'_, '_>) {
    let runtime = current_thread();
    bencher.bench_local(|| {
        runtime.block_on(async {
            let mut items = std::pin::pin!(stream! {
                for n in 0..TIMES {
                    yield black_box(n);
                }
            });
            while let Some(item) = items.next().await {
                black_box(item);
            }
        });
    });
}
