//! `each` over a stream, and one `each` after another, which passes items on as they come.

use std::future::poll_fn;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::task::Poll;
use std::time::Duration;

use flow_core::{Cx, Failed, FlowErrorKind, ItemsOf, Res, Result, flow, handler};
use futures::stream::{self, BoxStream, StreamExt};
use tokio::sync::Semaphore;
use tokio::time::sleep;

use crate::items;

/// A stream of the numbers below this one.
#[handler]
async fn count(below: u32) -> ItemsOf<BoxStream<'static, u32>> {
    ItemsOf(stream::iter(0..below).boxed())
}

/// A stream of numbers that come a second apart.
#[handler]
async fn slowly(below: u32) -> ItemsOf<BoxStream<'static, u32>> {
    let numbers = stream::iter(0..below).then(async |n| {
        sleep(Duration::from_secs(1)).await;
        n
    });
    ItemsOf(numbers.boxed())
}

#[handler]
async fn double(n: u32) -> u32 {
    n * 2
}

#[handler]
async fn double_later(n: u32) -> u32 {
    sleep(Duration::from_secs(u64::from(100 - n))).await;
    n * 2
}

#[handler]
async fn sum(all: Vec<u32>) -> u32 {
    all.into_iter().sum()
}

#[handler]
async fn number_of(all: Vec<()>) -> usize {
    all.len()
}

#[handler]
async fn show(n: u32, cx: &Cx) {
    cx.put(n.to_string()).await;
}

#[tokio::test(start_paused = true)]
async fn each_item_of_a_stream_goes_through_and_the_results_are_in_order() {
    let flow = flow! { start(u32) -> count -> each double_later[4] -> collected -> end };

    #[handler]
    async fn collected(all: Vec<u32>) -> Vec<u32> {
        all
    }

    let doubled: Vec<_> = (0..50).map(|n| n * 2).collect();
    assert_eq!(flow.run(50).await.unwrap(), doubled);
    assert_eq!(flow.run(0).await.unwrap(), [0; 0]);
    let flow = flow! { start(u32) -> slowly -> each double -> collected -> end };
    assert_eq!(flow.run(50).await.unwrap(), doubled);
}

/// How many items were made, and how many are done.
#[derive(Clone, Default)]
struct Progress {
    made: Arc<AtomicU32>,
    done: Arc<AtomicU32>,
    most: Arc<AtomicU32>,
}

impl Progress {
    fn make(&self) -> u32 {
        let made = self.made.fetch_add(1, Ordering::Relaxed);
        let ahead = made + 1 - self.done.load(Ordering::Relaxed);
        self.most.fetch_max(ahead, Ordering::Relaxed);
        made
    }

    fn most(&self) -> u32 {
        self.most.load(Ordering::Relaxed)
    }
}

#[handler]
async fn produce(below: u32, progress: Res<Progress>) -> ItemsOf<BoxStream<'static, u32>> {
    let progress = Progress::clone(&progress);
    let items = stream::poll_fn(move |_| {
        if progress.made.load(Ordering::Relaxed) == below {
            return Poll::Ready(None);
        }
        Poll::Ready(Some(progress.make()))
    });
    ItemsOf(items.boxed())
}

#[handler]
async fn finish(_n: u32, progress: Res<Progress>) {
    sleep(Duration::from_secs(1)).await;
    progress.done.fetch_add(1, Ordering::Relaxed);
}

#[tokio::test(start_paused = true)]
async fn the_stream_is_polled_only_where_an_item_has_a_place() {
    let progress = Progress::default();
    let flow = flow! {
        with Progress;
        start(u32) -> produce -> each finish[3] -> number_of -> end
    };
    let begun = tokio::time::Instant::now();
    let number = flow.with(progress.clone()).run(30).await.unwrap();
    assert_eq!((number, progress.most()), (30, 3));
    assert_eq!(begun.elapsed(), Duration::from_secs(10));
}

#[tokio::test(start_paused = true)]
async fn two_in_a_row_keep_no_more_items_than_their_limits() {
    let progress = Progress::default();
    // The second has the limit of the first.
    let flow = flow! {
        with Progress;
        start(u32) -> produce -> each double[4] -> each finish -> number_of -> end
    };
    assert_eq!(flow.with(progress.clone()).run(100).await.unwrap(), 100);
    assert_eq!(progress.most(), 8);
    let progress = Progress::default();
    let flow = flow! {
        with Progress;
        start(u32) -> produce -> each double[4] -> each finish[1] -> number_of -> end
    };
    assert_eq!(flow.with(progress.clone()).run(100).await.unwrap(), 100);
    assert_eq!(progress.most(), 5);
}

#[tokio::test(start_paused = true)]
async fn results_go_on_in_order_as_they_come() {
    #[handler]
    async fn work(n: u32, cx: &Cx) -> u32 {
        // Every other one takes longer.
        sleep(Duration::from_secs(if n.is_multiple_of(2) { 3 } else { 1 })).await;
        cx.put(format!("worked on {n}")).await;
        n
    }

    #[handler]
    async fn write(n: u32, cx: &Cx) {
        cx.put(format!("wrote {n}")).await;
    }

    let flow = flow! { start(u32) -> count -> each work[2] -> each write };
    assert_eq!(
        items(flow.stream(4)).await,
        [
            "worked on 1",
            "worked on 0",
            "wrote 0",
            "wrote 1",
            "worked on 3",
            "worked on 2",
            "wrote 2",
            "wrote 3",
        ]
    );
}

#[tokio::test]
async fn a_failure_may_come_before_later_items_were_begun() {
    #[handler]
    async fn begin(n: u32, cx: &Cx) -> u32 {
        cx.put(format!("begun {n}")).await;
        n
    }

    #[handler]
    async fn refuse(n: u32) -> Result<()> {
        if n == 1 {
            Err("refused".into())
        } else {
            Ok(())
        }
    }

    let flow = flow! { start(u32) -> count -> each begin[1] -> each refuse[1] };
    let mut stream = flow.stream(1_000);
    let mut begun = Vec::new();
    let error = loop {
        match stream.next().await.unwrap() {
            Ok(item) => begun.push(item),
            Err(error) => break error,
        }
    };
    assert_eq!(begun, ["begun 0", "begun 1"]);
    assert_eq!(error.handler(), Some("refuse"));
}

#[tokio::test]
async fn a_failure_drops_what_is_under_way_in_the_stage_before() {
    #[handler]
    async fn first(n: u32, progress: Res<Progress>) -> Result<u32> {
        struct Dropped(Arc<AtomicU32>);
        impl Drop for Dropped {
            fn drop(&mut self) {
                self.0.fetch_add(1, Ordering::Relaxed);
            }
        }
        progress.make();
        let _dropped = Dropped(Arc::clone(&progress.done));
        if n == 3 {
            return Err("failed".into());
        }
        std::future::pending::<()>().await;
        Ok(n)
    }

    let progress = Progress::default();
    let flow = flow! {
        with Progress;
        start(u32) -> count -> each first[8] -> each show
    };
    let error = flow.with(progress.clone()).run(100).await.unwrap_err();
    assert_eq!(error.handler(), Some("first"));
    assert_eq!(progress.made.load(Ordering::Relaxed), 4);
    assert_eq!(progress.done.load(Ordering::Relaxed), 4);
}

#[tokio::test]
async fn an_item_that_is_a_result_arrives_as_it_is() {
    #[handler]
    async fn read(lines: u32) -> ItemsOf<BoxStream<'static, std::io::Result<u32>>> {
        let lines = stream::iter(0..lines);
        let lines = lines.map(|n| {
            if n == 2 {
                Err(std::io::Error::other("gone"))
            } else {
                Ok(n)
            }
        });
        ItemsOf(lines.boxed())
    }

    #[handler]
    async fn line(line: std::io::Result<u32>) -> Result<u32> {
        Ok(line?)
    }

    #[handler]
    async fn told(failed: Failed, cx: &Cx) -> u32 {
        cx.put(failed.error.to_string()).await;
        100
    }

    let flow = flow! { start(u32) -> read -> each line[2] -> sum -> end };
    assert_eq!(flow.run(2).await.unwrap(), 1);
    let error = flow.run(4).await.unwrap_err();
    assert_eq!(error.kind(), FlowErrorKind::Failed);
    let flow = flow! {
        flow -> u32;
        start(u32) -> read -> each (line else skip)[2] -> each double -> sum -> end
    };
    assert_eq!(flow.run(4).await.unwrap(), 8);
    let flow = flow! {
        flow -> u32;
        start(u32) -> (read -> each line[2] -> each double -> sum) else told -> end
    };
    assert_eq!(flow.run(2).await.unwrap(), 2);
    assert_eq!(flow.run(4).await.unwrap(), 100);
}

#[tokio::test(start_paused = true)]
async fn several_in_a_row_may_leave_items_out_and_stand_in_a_branch() {
    #[handler]
    async fn halve(n: u32) -> Option<u32> {
        sleep(Duration::from_millis(u64::from(n % 7))).await;
        n.is_multiple_of(2).then_some(n / 2)
    }

    #[handler]
    async fn same(n: u32) -> u32 {
        n
    }

    #[handler]
    async fn both((one, other): (u32, u32)) -> (u32, u32) {
        (one, other)
    }

    let flow = flow! {
        start(u32) -> (
            count
                -> each (halve -> match { Some(n) => same, None => skip })[5]
                -> each double[3]
                -> each (halve -> match { Some(n) => same, None => skip })
                -> sum,
            count -> each double -> sum,
        ) -> both -> end
    };
    // 0 to 49, each once, and each doubled.
    assert_eq!(flow.run(100).await.unwrap(), (1225, 9900));
}

#[tokio::test(start_paused = true)]
async fn the_stage_before_goes_on_while_the_next_one_is_at_its_limit() {
    /// Holds the permit while it waits, so that the next stage gets it only where this one goes on.
    #[handler]
    async fn before(n: u32, permits: Res<Semaphore>) -> u32 {
        let _permit = permits.acquire().await;
        sleep(Duration::from_secs(1)).await;
        n
    }

    #[handler]
    async fn after(n: u32, permits: Res<Semaphore>) -> u32 {
        let _permit = permits.acquire().await;
        sleep(Duration::from_secs(1)).await;
        n
    }

    let flow = flow! {
        with Semaphore;
        timeout "1h";
        start(u32) -> count -> each before[4] -> each after[1] -> sum -> end
    };
    let sum = flow.with(Semaphore::new(1)).run(20).await.unwrap();
    assert_eq!(sum, 190);
}

#[tokio::test]
async fn many_items_that_are_ready_let_other_tasks_run() {
    let yielded = Arc::new(AtomicU32::new(0));
    let counts = Arc::clone(&yielded);
    let other = tokio::spawn(async move {
        loop {
            counts.fetch_add(1, Ordering::Relaxed);
            tokio::task::yield_now().await;
        }
    });
    #[handler]
    async fn forget(_n: u32) {}

    let flow = flow! { start(u32) -> count -> each double[16] -> each forget -> number_of -> end };
    assert_eq!(flow.run(200_000).await.unwrap(), 200_000);
    assert!(yielded.load(Ordering::Relaxed) > 0);
    other.abort();
}

#[tokio::test]
async fn a_panic_of_the_stream_is_that_of_its_clause() {
    #[handler]
    async fn broken() -> ItemsOf<BoxStream<'static, u32>> {
        let items = stream::iter(0..3).map(|n| {
            assert!(n < 2, "no more");
            n
        });
        ItemsOf(items.boxed())
    }

    let flow = flow! { start -> broken -> each double[1] -> each show };
    let error = flow.run(()).await.unwrap_err();
    assert_eq!(error.kind(), FlowErrorKind::Panicked);
    assert_eq!(
        std::error::Error::source(&error).unwrap().to_string(),
        "no more"
    );
}

#[tokio::test(start_paused = true)]
async fn a_stream_that_wakes_for_nothing_and_one_that_waits_for_ever() {
    #[handler]
    async fn restless(times: u32) -> ItemsOf<BoxStream<'static, u32>> {
        let (mut polls, mut next) = (0, 0);
        let items = stream::poll_fn(move |cx| {
            polls += 1;
            if polls % 3 != 0 {
                cx.waker().wake_by_ref();
                return Poll::Pending;
            }
            next += 1;
            Poll::Ready((next <= times).then_some(next))
        });
        ItemsOf(items.boxed())
    }

    #[handler]
    async fn never() -> ItemsOf<BoxStream<'static, u32>> {
        let waits = poll_fn(|_| Poll::<u32>::Pending);
        ItemsOf(stream::once(waits).boxed())
    }

    let flow =
        flow! { start(u32) -> restless -> each double_later[2] -> each double -> sum -> end };
    assert_eq!(flow.run(9).await.unwrap(), 45 * 4);
    let flow = flow! { timeout "1m"; start -> never -> each double[2] -> each show };
    let error = flow.run(()).await.unwrap_err();
    assert_eq!(error.kind(), FlowErrorKind::TimedOut);
}

#[tokio::test]
async fn items_that_are_all_left_out_do_not_hold_the_thread() {
    #[handler]
    async fn endless() -> ItemsOf<BoxStream<'static, u32>> {
        ItemsOf(stream::repeat(1).boxed())
    }
    let flow = flow! {
        start -> endless
            -> each (double -> match { n if n == 0 => double, _ => skip })[8]
            -> each double -> ignore
    };
    let mut run = std::pin::pin!(flow.run(()));
    assert!(futures::poll!(run.as_mut()).is_pending());
}
