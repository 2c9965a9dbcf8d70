//! A task for each of a hundred elements, eight at a time.

use std::time::{Duration, Instant};

use futures::{StreamExt, stream};

use crate::arrived;

#[allow(
    clippy::unused_async,
    reason = "a handler is a function that may await"
)]
async fn work(n: u32) -> u32 {
    std::hint::black_box(n)
}

pub(super) async fn each(times: u32) -> Duration {
    let caller = tokio::spawn(async move {
        let mut left = times;
        while left > 0 {
            let tasks = stream::iter(left..left + 100).map(|n| tokio::spawn(work(n)));
            let results = tasks
                .buffered(8)
                .map(|result| result.expect("no task fails"));
            let results: Vec<u32> = results.collect().await;
            left = arrived::in_order(&results) - 1;
        }
    });

    let start = Instant::now();
    caller.await.expect("no task fails");
    start.elapsed()
}
