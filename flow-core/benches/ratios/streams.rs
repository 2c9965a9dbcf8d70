//! `each` over a stream, against `buffered`.

use std::hint::black_box;

use flow_core::{ItemsOf, flow, handler};
use futures::stream::{self, BoxStream, StreamExt};
use tokio::runtime::Runtime;
use tokio::task::yield_now;

use crate::measure::{Row, compare, current_thread, timed};

const RECORDS: u32 = 1_000_000;

fn records() -> BoxStream<'static, u32> {
    stream::iter(0..RECORDS).boxed()
}

#[handler]
async fn read() -> ItemsOf<BoxStream<'static, u32>> {
    ItemsOf(records())
}

#[handler]
async fn work(record: u32) -> u32 {
    black_box(record) + 1
}

#[handler]
async fn work_later(record: u32) -> u32 {
    yield_now().await;
    black_box(record) + 1
}

#[handler]
async fn write(record: u32) {
    black_box(record);
}

fn by_hand<F: Future<Output = u32>>(runtime: &Runtime, work: impl Fn(u32) -> F) {
    let written = records().map(work).buffered(16);
    runtime.block_on(written.for_each(async |record| {
        black_box(record);
    }));
}

pub(crate) fn rows() -> Vec<Row> {
    let runtime = current_thread();
    let ready = flow! { start -> read -> each work[16] -> each write };
    let later = flow! { start -> read -> each work_later[16] -> each write };
    vec![
        compare(
            "`each` over a stream of a million, against `buffered`",
            1.0,
            RECORDS,
            || timed(|| runtime.block_on(ready.run(())).expect("no handler fails")),
            || timed(|| by_hand(&runtime, async |record| black_box(record) + 1)),
        ),
        compare(
            "the same where each record suspends",
            1.0,
            RECORDS,
            || timed(|| runtime.block_on(later.run(())).expect("no handler fails")),
            || {
                timed(|| {
                    by_hand(&runtime, async |record| {
                        yield_now().await;
                        black_box(record) + 1
                    });
                })
            },
        ),
    ]
}
