//! `(a, b) -> c` and `each a[8]`: concurrent calls, and the stage after them.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use flow_core::{Cx, Event, Res, flow, handler};
use proptest::prelude::*;
use tokio::time::{Instant, sleep};

use crate::items;

#[derive(Event, Clone)]
struct Doc(String);

#[handler]
async fn begin(text: &'static str) -> Doc {
    sleep(Duration::from_secs(1)).await;
    Doc(text.to_owned())
}

#[handler]
async fn count(Doc(text): Doc) -> usize {
    sleep(Duration::from_secs(3)).await;
    text.split_whitespace().count()
}

#[handler]
async fn shout(Doc(text): Doc) -> String {
    sleep(Duration::from_secs(2)).await;
    text.to_uppercase()
}

#[handler]
async fn trim(text: String) -> String {
    sleep(Duration::from_secs(2)).await;
    text.trim().to_owned()
}

#[handler]
async fn merge((count, text): (usize, String), cx: &Cx) {
    cx.put(format!("{count} {text}")).await;
}

#[tokio::test(start_paused = true)]
async fn branches_run_at_the_same_time_and_meet_as_a_tuple() {
    let flow = flow! { start(&'static str) -> begin -> (count, shout -> trim) -> merge };
    let begun = Instant::now();
    assert_eq!(items(flow.stream(" to be ")).await, ["2 TO BE"]);
    assert_eq!(begun.elapsed(), Duration::from_secs(1 + 4));
}

#[tokio::test(start_paused = true)]
async fn an_error_in_a_branch_drops_the_others() {
    #[handler]
    async fn fail(_doc: Doc) -> flow_core::Result<String> {
        sleep(Duration::from_secs(1)).await;
        Err("torn".into())
    }
    let flow = flow! { start(&'static str) -> begin -> (count, fail) -> merge };
    let begun = Instant::now();
    let error = flow.run("x").await.unwrap_err();
    assert_eq!(error.to_string(), "handler `fail` failed on start");
    assert_eq!(begun.elapsed(), Duration::from_secs(2));
}

#[tokio::test(start_paused = true)]
async fn a_panic_in_a_branch_names_its_handler() {
    #[handler]
    async fn trip(_doc: Doc) -> String {
        sleep(Duration::from_secs(1)).await;
        panic!("tripped")
    }
    let flow = flow! { start(&'static str) -> begin -> (trip, count) -> (ignore, ignore) };
    let error = flow.run("x").await.unwrap_err();
    assert_eq!(error.to_string(), "handler `trip` panicked on start");
}

#[handler]
async fn upto(n: u64) -> Vec<u64> {
    (0..n).collect()
}

#[derive(Default)]
struct Running {
    now: AtomicUsize,
    most: AtomicUsize,
}

#[handler]
async fn work(n: u64, running: Res<Running>) -> u64 {
    let now = running.now.fetch_add(1, Ordering::Relaxed) + 1;
    running.most.fetch_max(now, Ordering::Relaxed);
    sleep(Duration::from_millis(n * 7919 % 100)).await;
    running.now.fetch_sub(1, Ordering::Relaxed);
    n * n
}

#[handler]
async fn sum(squares: Vec<u64>, running: Res<Running>, cx: &Cx) -> Vec<u64> {
    let most = running.most.load(Ordering::Relaxed);
    cx.put(format!("{most} at most")).await;
    squares
}

#[tokio::test(start_paused = true)]
async fn each_runs_up_to_its_limit_at_a_time_and_keeps_the_order() {
    let flow = flow! { with Running; start(u64) -> upto -> each work[8] -> sum -> end };
    let flow = flow.with(Running::default());
    let mut execution = flow.stream(100);
    let most = futures::StreamExt::next(&mut execution)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(most, "8 at most");
    let squares = execution.output().await.unwrap();
    assert_eq!(squares, (0..100).map(|n| n * n).collect::<Vec<_>>());
}

#[tokio::test(start_paused = true)]
async fn each_may_contain_a_route_and_have_no_limit() {
    #[handler]
    async fn add(n: u64) -> u64 {
        sleep(Duration::from_secs(1)).await;
        n + 1
    }
    let flow = flow! { start(u64) -> upto -> each (add -> add) -> end };
    let begun = Instant::now();
    assert_eq!(flow.run(1_000).await.unwrap()[999], 1_001);
    assert_eq!(begun.elapsed(), Duration::from_secs(2));
}

#[tokio::test]
async fn each_takes_whatever_can_be_iterated_over() {
    #[handler]
    async fn words(text: &'static str) -> std::collections::BTreeSet<&'static str> {
        text.split(' ').collect()
    }
    #[handler]
    async fn length(word: &'static str) -> usize {
        word.len()
    }
    let flow = flow! { start(&'static str) -> words -> each length[1] -> end };
    assert_eq!(flow.run("bb a ccc").await.unwrap(), [1, 2, 3]);
}

#[tokio::test]
async fn each_goes_through_a_hundred_thousand_items_that_all_suspend() {
    #[handler]
    async fn next(n: u64) -> u64 {
        tokio::task::yield_now().await;
        n + 1
    }
    let flow = flow! { start(u64) -> upto -> each next -> end };
    assert_eq!(flow.run(100_000).await.unwrap().len(), 100_000);
}

proptest! {
    #[test]
    fn each_is_map(delays in proptest::collection::vec(0..50_u64, 0..60), limit in 1..9_usize) {
        #[handler]
        async fn give((delays, _): (Vec<u64>, usize)) -> Vec<u64> {
            delays
        }
        #[handler]
        async fn wait(delay: u64) -> u64 {
            sleep(Duration::from_millis(delay)).await;
            delay
        }
        // The limit is a constant in the text of the flow, so this tests some values.
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_time()
            .start_paused(true)
            .build()
            .unwrap();
        let input = (delays.clone(), limit);
        let output = runtime.block_on(async {
            match limit {
                1 => flow! { start((Vec<u64>, usize)) -> give -> each wait[1] -> end }.run(input).await,
                2..=4 => flow! { start((Vec<u64>, usize)) -> give -> each wait[3] -> end }.run(input).await,
                _ => flow! { start((Vec<u64>, usize)) -> give -> each wait -> end }.run(input).await,
            }
        });
        prop_assert_eq!(output.unwrap(), delays);
    }
}

/// Handlers that other modules see, with a lifetime in what they return.
mod public {
    use flow_core::{Cx, Result, handler};

    #[handler]
    pub async fn length(text: &'static str) -> Result<usize> {
        Ok(text.len())
    }

    #[handler]
    pub(crate) async fn first(text: &'static str, cx: &Cx) -> Result<&'static str> {
        cx.put("first").await;
        Ok(text.split(' ').next().unwrap_or(text))
    }

    #[handler]
    pub async fn words(text: &'static str) -> Vec<&'static str> {
        text.split(' ').collect()
    }

    #[handler]
    pub async fn merge((length, (first, lengths)): (usize, (&'static str, Vec<usize>))) -> String {
        format!("{length} {first} {lengths:?}")
    }
}

#[tokio::test]
async fn public_handlers_may_return_lifetimes_and_boxed_errors_in_a_join() {
    use public::{first, length, merge, words};
    let flow = flow! {
        start(&'static str) -> (length, (first, words -> each length)) -> merge -> end
    };
    assert_eq!(flow.run("to be").await.unwrap(), "5 to [2, 2]");
}
