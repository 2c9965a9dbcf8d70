//! A wake of one handler while an increasing number of others is suspended.

use std::future::{pending, poll_fn};
use std::task::Poll;

use divan::Bencher;
use flow_core::{Cx, Event, flow, handler};
use futures::stream::FuturesUnordered;
use futures::{FutureExt, StreamExt};

use crate::{TIMES, current_thread};

const SUSPENDED: [u32; 3] = [1, 100, 10_000];

#[derive(Event)]
struct Suspend;

#[derive(Event)]
struct Work;

#[handler(emits = ["Suspend", "Work"])]
async fn begin(count: u32, cx: &Cx) {
    for _ in 0..count {
        cx.emit(Suspend);
    }
    cx.emit(Work);
}

#[handler(on = "Suspend")]
async fn suspend(_: Suspend) {
    pending::<()>().await;
}

#[handler(on = "Work")]
async fn work(_: Work, cx: &Cx) {
    cx.put("begun").await;
    wake_often().await;
    cx.put("done").await;
}

/// Suspends and is woken immediately, this many times.
async fn wake_often() {
    for _ in 0..TIMES {
        let mut woken = false;
        poll_fn(|cx| {
            if woken {
                return Poll::Ready(());
            }
            woken = true;
            cx.waker().wake_by_ref();
            Poll::Pending
        })
        .await;
    }
}

#[divan::bench(args = SUSPENDED)]
fn flow(bencher: Bencher<'_, '_>, count: u32) {
    let runtime = current_thread();
    let waiting = flow! {
        start(u32) -> begin;
        when Suspend -> suspend;
        when Work -> work;
    };
    bencher
        .with_inputs(|| {
            let mut items = waiting.stream(count);
            let begun = runtime.block_on(items.next());
            assert!(matches!(begun, Some(Ok(item)) if item == "begun"));
            items
        })
        .bench_local_refs(|items| {
            let done = runtime.block_on(items.next());
            assert!(matches!(done, Some(Ok(item)) if item == "done"));
        });
}

#[divan::bench(args = SUSPENDED)]
fn by_futures_unordered(bencher: Bencher<'_, '_>, count: u32) {
    let runtime = current_thread();
    bencher
        .with_inputs(|| {
            let mut futures = FuturesUnordered::new();
            for _ in 0..count {
                futures.push(pending().boxed());
            }
            // Each has been polled once, and is suspended.
            assert!(futures.next().now_or_never().is_none());
            futures.push(wake_often().boxed());
            futures
        })
        .bench_local_refs(|futures| runtime.block_on(futures.next()));
}
