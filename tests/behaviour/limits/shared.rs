//! A `concurrency` that all executions of the process share. Each test has a handler of its own,
//! because tests share the process, too.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use flow_core::{Cx, FlowErrorKind, Res, flow, handler};
use futures::future::join_all;
use futures::{FutureExt, StreamExt};
use tokio::time::{Instant, sleep};

/// The numbers of the calls that have begun, in their order, with their seconds.
#[derive(Clone)]
struct Begun(Instant, Arc<Mutex<Vec<(u32, u64)>>>);

impl Begun {
    fn new() -> Self {
        Self(Instant::now(), Arc::default())
    }

    fn note(&self, call: u32) {
        let seconds = self.0.elapsed().as_secs();
        self.1.lock().unwrap().push((call, seconds));
    }

    fn all(&self) -> Vec<(u32, u64)> {
        self.1.lock().unwrap().clone()
    }
}

#[tokio::test(start_paused = true)]
async fn calls_of_all_executions_and_flows_go_in_the_order_in_which_they_came() {
    #[handler(concurrency(2, shared))]
    async fn call(n: u32, begun: Res<Begun>) {
        begun.note(n);
        sleep(Duration::from_secs(1)).await;
    }
    let begun = Begun::new();
    let flow = flow! { with Begun; start(u32) -> call }.with(begun.clone());
    let other = flow! { with Begun; start(u32) -> call }.with(begun.clone());
    let spawned = [0, 2, 4].map(|n| {
        [
            flow.spawn(n).output().boxed(),
            other.spawn(n + 1).output().boxed(),
        ]
    });
    for result in join_all(spawned.into_iter().flatten()).await {
        result.unwrap();
    }
    let expected = [(0, 0), (1, 0), (2, 1), (3, 1), (4, 2), (5, 2)];
    assert_eq!(begun.all(), expected);
}

#[tokio::test(start_paused = true)]
async fn handlers_do_not_share_with_one_another() {
    #[handler(concurrency(1, shared))]
    async fn one() {
        sleep(Duration::from_secs(1)).await;
    }
    #[handler(concurrency(1, shared))]
    async fn other() {
        sleep(Duration::from_secs(1)).await;
    }
    let begun = Instant::now();
    let (one, other) = (flow! { start -> one }, flow! { start -> other });
    let (one, other) = tokio::join!(one.run(()), other.run(()));
    one.unwrap();
    other.unwrap();
    assert_eq!(begun.elapsed().as_secs(), 1);
}

#[tokio::test(start_paused = true)]
async fn an_execution_that_is_given_up_gives_its_permit_and_its_place_back() {
    #[handler(concurrency(1, shared))]
    async fn call(n: u32, begun: Res<Begun>) {
        begun.note(n);
        sleep(Duration::from_secs(n.into())).await;
    }
    let begun = Begun::new();
    let flow = flow! { with Begun; start(u32) -> call }.with(begun.clone());
    let mut stream = flow.stream(100);
    assert!(stream.next().now_or_never().is_none());
    let cancelled = flow.spawn(200);
    tokio::task::yield_now().await;
    let mut waiting = flow.stream(300);
    assert!(waiting.next().now_or_never().is_none());
    let late = tokio::spawn(flow.clone().timeout(Duration::from_secs(2)).run(400));
    let last = tokio::spawn(flow.run(1));
    sleep(Duration::from_secs(1)).await;
    assert_eq!(begun.all(), [(100, 0)]);
    // Two of those that wait, and then the one that has the permit.
    cancelled.cancel();
    drop(waiting);
    sleep(Duration::from_secs(2)).await;
    assert_eq!(
        late.await.unwrap().unwrap_err().kind(),
        FlowErrorKind::TimedOut
    );
    assert_eq!(begun.all(), [(100, 0)]);
    drop(stream);
    last.await.unwrap().unwrap();
    assert_eq!(begun.all(), [(100, 0), (1, 3)]);
}

#[tokio::test(start_paused = true)]
async fn a_permit_that_was_handed_on_is_not_lost_with_an_execution_that_has_not_taken_it() {
    #[handler(concurrency(1, shared))]
    async fn call(n: u32, begun: Res<Begun>) {
        begun.note(n);
        sleep(Duration::from_secs(1)).await;
    }
    let begun = Begun::new();
    let flow = flow! { with Begun; start(u32) -> call }.with(begun.clone());
    let mut first = flow.stream(0);
    assert!(first.next().now_or_never().is_none());
    let mut second = flow.stream(1);
    assert!(second.next().now_or_never().is_none());
    let third = tokio::spawn(flow.run(2));
    tokio::task::yield_now().await;
    // The permit goes to the second, which is never polled again.
    drop(first);
    drop(second);
    third.await.unwrap().unwrap();
    assert_eq!(begun.all(), [(0, 0), (2, 0)]);
}

static RUNNING: AtomicUsize = AtomicUsize::new(0);
static MOST: AtomicUsize = AtomicUsize::new(0);

#[handler(concurrency(3, shared))]
async fn in_stages(n: u32) -> u32 {
    let running = RUNNING.fetch_add(1, Ordering::SeqCst) + 1;
    MOST.fetch_max(running, Ordering::SeqCst);
    sleep(Duration::from_secs(1)).await;
    RUNNING.fetch_sub(1, Ordering::SeqCst);
    n
}

flow! {
    /// Calls the API.
    flow Calls(u32) -> u32;
    start -> in_stages -> end
}

flow! {
    /// The same, a level deeper.
    flow CallsDeeper(u32) -> u32;
    start -> Calls -> end
}

#[tokio::test(start_paused = true)]
async fn stages_that_are_flows_share_with_all_others() {
    #[handler]
    async fn numbers(n: u32) -> Vec<u32> {
        (0..n).collect()
    }
    #[handler]
    async fn done(_: Vec<u32>) {}

    let flow = flow! { start(u32) -> numbers -> each CallsDeeper -> done };
    let begun = Instant::now();
    let (one, other, alone) = tokio::join!(flow.run(5), flow.run(6), Calls::new().run(7));
    one.unwrap();
    other.unwrap();
    assert_eq!(alone.unwrap(), 7);
    assert_eq!(MOST.load(Ordering::SeqCst), 3);
    // Twelve calls, three at a time.
    assert_eq!(begun.elapsed().as_secs(), 4);
}

#[tokio::test(start_paused = true)]
async fn a_retry_gives_the_permit_up_between_its_attempts() {
    #[handler(
        concurrency(1, shared),
        retry(attempts = 2, backoff = "10s", jitter = false)
    )]
    async fn call(n: u32, cx: &Cx, begun: Res<Begun>) -> flow_core::Result<()> {
        begun.note(n);
        sleep(Duration::from_secs(1)).await;
        if cx.attempt() == 1 && n == 0 {
            Err("not yet".into())
        } else {
            Ok(())
        }
    }
    let begun = Begun::new();
    let flow = flow! { with Begun; start(u32) -> call }.with(begun.clone());
    let (one, other) = tokio::join!(flow.run(0), flow.run(1));
    one.unwrap();
    other.unwrap();
    assert_eq!(begun.all(), [(0, 0), (1, 1), (0, 11)]);
}

#[tokio::test(start_paused = true)]
async fn a_timeout_starts_once_the_attempt_has_its_permit() {
    #[handler(concurrency(1, shared), timeout = "3s")]
    async fn call() {
        sleep(Duration::from_secs(2)).await;
    }
    let flow = flow! { start -> call };
    let begun = Instant::now();
    for result in join_all((0..4).map(|_| flow.run(()))).await {
        result.unwrap();
    }
    assert_eq!(begun.elapsed().as_secs(), 8);
}

#[test]
fn executions_on_several_threads_and_runtimes_share_and_none_waits_for_ever() {
    static RUNNING: AtomicUsize = AtomicUsize::new(0);
    static MOST: AtomicUsize = AtomicUsize::new(0);

    #[handler(concurrency(2, shared))]
    async fn call() {
        let running = RUNNING.fetch_add(1, Ordering::SeqCst) + 1;
        MOST.fetch_max(running, Ordering::SeqCst);
        // A call may be dropped where it waits.
        let _runs = Runs;
        tokio::task::yield_now().await;
    }
    struct Runs;

    impl Drop for Runs {
        fn drop(&mut self) {
            RUNNING.fetch_sub(1, Ordering::SeqCst);
        }
    }
    let flow = flow! { start -> call };
    let on_a_thread = || {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .build()
            .unwrap();
        runtime.block_on(async {
            for _ in 0..200 {
                let given_up = flow.spawn(());
                let all = (0..5).map(|_| flow.spawn(()).output());
                let all = join_all(all);
                given_up.cancel();
                for result in all.await {
                    result.unwrap();
                }
            }
            // The runtime drops these, which have permits or wait for one.
            let left: Vec<_> = (0..5).map(|_| flow.spawn(())).collect();
            tokio::task::yield_now().await;
            drop(left);
        });
    };
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(on_a_thread);
        }
    });
    assert_eq!(MOST.load(Ordering::SeqCst), 2);
    // All permits are back.
    let results = futures::executor::block_on(join_all((0..10).map(|_| flow.run(()))));
    assert!(results.iter().all(Result::is_ok));
}

#[test]
fn a_shared_limit_is_data() {
    #[handler(concurrency(4, shared))]
    async fn shared() {}
    #[handler(concurrency = 4)]
    async fn of_each() {}

    let flow = flow! { start -> shared -> of_each };
    let [shared, of_each] = flow.graph().clauses[0].handlers else {
        panic!("two handlers are expected");
    };
    assert_eq!(
        (shared.concurrency, shared.concurrency_is_shared),
        (Some(4), true)
    );
    assert_eq!(
        (of_each.concurrency, of_each.concurrency_is_shared),
        (Some(4), false)
    );
    let json = serde_json::to_value(shared).unwrap();
    assert_eq!(
        (&json["concurrency"], &json["concurrency_is_shared"]),
        (&4.into(), &true.into())
    );
}
