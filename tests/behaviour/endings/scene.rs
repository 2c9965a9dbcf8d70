//! One execution with everything that an ending affects: a handler that causes it, a suspended
//! handler, waiting events, items, and readers. It has a method for each column of the table.

use std::future::poll_fn;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::task::{Poll, Waker};
use std::time::Duration;

use flow_core::{
    Cx, Emits, Event, Failed, Flow, FlowError, FlowErrorKind, Handler, ItemPosition, Reader,
    Received, Res, Result, Router, ShareOptions, SlowReaders, flow, handler,
};
use futures::{Stream, StreamExt};
use tokio::time::sleep;

use crate::{Alive, Guard};

pub(super) const SECOND: Duration = Duration::from_secs(1);

/// The action of the handler `act` after a second.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Way {
    Fails,
    Panics,
    /// The handler returns, and the drop of a value that it holds panics.
    DropsABomb,
    /// A task that it spawns panics; then it returns.
    TaskPanics,
    Stops,
    /// Its clause leads to `end`.
    Ends,
    /// Its clause leads to `end now`.
    EndsNow,
    Returns,
    /// It emits more events than `max_pending` allows.
    Floods,
    /// It waits for an hour, longer than any test.
    Hangs,
}

/// The traces of an execution that a test can check from outside.
#[derive(Clone, Default)]
pub(super) struct Stage {
    /// Handlers, tasks and waiting events hold its guards.
    pub(super) alive: Alive,
    record: Arc<Record>,
}

#[derive(Default)]
struct Record {
    polls: AtomicUsize,
    waker: Mutex<Option<Waker>>,
    released: AtomicUsize,
    late: AtomicUsize,
    rescues: AtomicUsize,
}

impl Stage {
    pub(super) fn polls(&self) -> usize {
        self.record.polls.load(Ordering::SeqCst)
    }

    /// How many of the events that waited before the end were delivered.
    pub(super) fn late(&self) -> usize {
        self.record.late.load(Ordering::SeqCst)
    }

    pub(super) fn rescues(&self) -> usize {
        self.record.rescues.load(Ordering::SeqCst)
    }

    /// Wakes the sibling, and gives everything else time to run.
    pub(super) async fn wake_the_sibling(&self) {
        let waker = self.record.waker.lock().unwrap().clone();
        waker.unwrap().wake();
        sleep(SECOND).await;
    }

    /// Lets the sibling return.
    pub(super) async fn release_the_sibling(&self) {
        self.record.released.store(1, Ordering::SeqCst);
        self.wake_the_sibling().await;
    }

    /// Nothing is left, and a wake of the sibling causes no poll.
    pub(super) async fn is_over(&self) {
        assert_eq!(self.alive.count(), 0, "something is left");
        let polls = self.polls();
        assert!(polls > 0, "the sibling ran");
        self.wake_the_sibling().await;
        assert_eq!(self.polls(), polls, "polled after the end");
    }

    /// The sibling still runs: a wake causes a poll.
    pub(super) async fn goes_on(&self) {
        let polls = self.polls();
        self.wake_the_sibling().await;
        assert_eq!(self.polls(), polls + 1);
    }
}

/// Triggers `act`; a [`RescuedAct`] triggers it with a rescue.
#[derive(Clone, Copy, Event)]
pub(super) struct Act(Way);
#[derive(Event)]
struct RescuedAct(Way);
#[derive(Event)]
struct Begun;
/// Waits for its partner, which is never emitted.
#[derive(Event)]
struct Left(#[allow(dead_code, reason = "it is held")] Guard);
#[derive(Event)]
struct Right;
/// An event emitted right before the end.
#[derive(Event)]
struct Late(#[allow(dead_code, reason = "it is held")] Guard);

#[handler(emits = ["Left", "Begun", "Act", "RescuedAct"])]
async fn begin((way, rescued): (Way, bool), cx: &Cx, stage: Res<Stage>) {
    cx.emit(Left(stage.alive.guard()));
    cx.emit(Begun);
    if rescued {
        cx.emit(RescuedAct(way));
    } else {
        cx.emit(Act(way));
    }
}

#[handler(on = "Begun")]
async fn sibling(_begun: Begun, stage: Res<Stage>) {
    let _guard = stage.alive.guard();
    poll_fn(|cx| {
        stage.record.polls.fetch_add(1, Ordering::SeqCst);
        *stage.record.waker.lock().unwrap() = Some(cx.waker().clone());
        match stage.record.released.load(Ordering::SeqCst) {
            0 => Poll::Pending,
            _ => Poll::Ready(()),
        }
    })
    .await;
}

pub(super) enum Verdict {
    Ends(u32),
    EndsNow(u32),
    GoesOn,
}

#[handler(on = "Act", emits = ["Late", "Right"], streams = "String", timeout = "1h")]
async fn act(Act(way): Act, cx: &Cx, stage: Res<Stage>) -> Result<Verdict> {
    do_it(way, cx, &stage).await
}

#[handler(on = "RescuedAct", emits = ["Late", "Right"], streams = "String", timeout = "1h")]
async fn rescued_act(RescuedAct(way): RescuedAct, cx: &Cx, stage: Res<Stage>) -> Result<Verdict> {
    do_it(way, cx, &stage).await
}

pub(super) struct Bomb;

impl Drop for Bomb {
    fn drop(&mut self) {
        panic!("a destructor of a test panics");
    }
}

async fn do_it<R, H>(way: Way, cx: &Cx<R, H>, stage: &Stage) -> Result<Verdict>
where
    R: Router,
    H: Handler<Item = String> + Emits<Late> + Emits<Right>,
{
    let _guard = stage.alive.guard();
    sleep(SECOND).await;
    cx.put("before").await;
    cx.emit(Late(stage.alive.guard()));
    match way {
        Way::Fails => return Err("no ink".into()),
        Way::Panics => panic!("a handler of a test panics"),
        Way::DropsABomb => drop(Bomb),
        Way::TaskPanics => {
            let (cx, guard) = (cx.clone(), stage.alive.guard());
            let task = tokio::spawn(async move {
                cx.put("from the task").await;
                drop(guard);
                panic!("a task of a test panics");
            });
            assert!(task.await.unwrap_err().is_panic());
        }
        Way::Returns => {}
        Way::Floods => (0..3).for_each(|_| cx.emit(Late(stage.alive.guard()))),
        Way::Stops => cx.stop(),
        Way::Ends => return Ok(Verdict::Ends(42)),
        Way::EndsNow => return Ok(Verdict::EndsNow(42)),
        Way::Hangs => {
            sleep(SECOND * 60 * 60).await;
            cx.emit(Right);
        }
    }
    // Runs only if nothing has ended the execution.
    cx.put("after").await;
    Ok(Verdict::GoesOn)
}

#[handler(on = "Late")]
async fn late(_late: Late, stage: Res<Stage>) {
    stage.record.late.fetch_add(1, Ordering::SeqCst);
}

#[handler]
async fn both((_left, _right): (Left, Right)) {}

#[handler]
async fn console(failed: Failed, cx: &Cx, stage: Res<Stage>) {
    stage.record.rescues.fetch_add(1, Ordering::SeqCst);
    cx.put(format!("rescued: {}", failed.error)).await;
    cx.stop();
}

/// The flow, and what becomes of an event that is left without its partner.
macro_rules! scene {
    ($scene:ident $($lone:tt)*) => {
        flow! {
            pub(super) flow $scene((Way, bool)) -> u32 streams String;
            with Stage;
            start -> begin;
            when Left & Right -> both $($lone)*;
            when Begun -> sibling;
            when Act -> act -> match {
                Verdict::Ends(n) => end,
                Verdict::EndsNow(n) => end now,
                Verdict::GoesOn => ignore,
            };
            when RescuedAct -> rescued_act -> match {
                Verdict::Ends(n) => end,
                Verdict::EndsNow(n) => end now,
                Verdict::GoesOn => ignore,
            };
            when Late -> late;
            rescue rescued_act -> console
        }
    };
}

scene! { Scene else -> ignore }
scene! { LonelyScene }

/// A limit that ends the execution.
#[derive(Clone, Copy)]
pub(super) enum Limit {
    None,
    Timeout,
    Idle,
    Events,
    Pending,
}

/// A row of the table, with a method for each column.
pub(super) struct Row {
    way: Way,
    limit: Limit,
}

/// How an execution ended: with a value, or with an error of a kind.
pub(super) type Ended = std::result::Result<u32, FlowErrorKind>;

impl Row {
    pub(super) fn of(way: Way) -> Self {
        let limit = Limit::None;
        Self { way, limit }
    }

    pub(super) fn limited(limit: Limit) -> Self {
        let way = match limit {
            Limit::Pending => Way::Floods,
            Limit::None | Limit::Timeout | Limit::Idle | Limit::Events => Way::Hangs,
        };
        Self { way, limit }
    }

    pub(super) fn scene(&self) -> (Flow<Scene>, Stage) {
        let stage = Stage::default();
        let flow = Scene::new().with(stage.clone());
        let flow = match self.limit {
            Limit::None => flow,
            Limit::Timeout => flow.timeout(SECOND * 5),
            Limit::Idle => flow.idle_timeout(SECOND * 5),
            // `Left`, `Begun` and `Act` are allowed; the next event is `Late`.
            Limit::Events => flow.max_events(3),
            // As many as `begin` emits at once.
            Limit::Pending => flow.max_pending(3),
        };
        (flow, stage)
    }

    /// The scene in which a lone event is an error.
    pub(super) fn lonely_scene() -> (Flow<LonelyScene>, Stage) {
        let stage = Stage::default();
        (LonelyScene::new().with(stage.clone()), stage)
    }

    /// Columns *other handlers* and *waiting events*: dropped by the time that the stream, `run`
    /// or `output` is done. `late` is the number of [`Late`] events delivered before the end.
    pub(super) async fn drops_siblings_and_events(&self, late: usize) {
        let (flow, stage) = self.scene();
        drop(flow.stream((self.way, false)).collect::<Vec<_>>().await);
        stage.is_over().await;
        assert_eq!(stage.late(), late);

        let (flow, stage) = self.scene();
        drop(flow.run((self.way, false)).await);
        stage.is_over().await;
        assert_eq!(stage.late(), late);

        let (flow, stage) = self.scene();
        drop(flow.spawn((self.way, false)).output().await);
        stage.is_over().await;
        assert_eq!(stage.late(), late);
    }

    /// Column *last item of the stream*: the items put before, then the error if any, then nothing.
    pub(super) async fn stream_yields(&self, items: &[&str], last: Option<FlowErrorKind>) {
        let (flow, _) = self.scene();
        assert_eq!(
            yielded(flow.stream((self.way, false))).await,
            expected(items, last)
        );
        // The same from the handle of a spawned execution.
        let mut spawned = flow.spawn((self.way, false));
        assert_eq!(yielded(spawned.items()).await, expected(items, last));
    }

    /// Column *`run`, `output`*, with the `output` of a handle and that of a stream.
    pub(super) async fn returns(&self, ended: Ended) {
        let (flow, _) = self.scene();
        let input = (self.way, false);
        let kind = |error: FlowError| error.kind();
        assert_eq!(flow.run(input).await.map_err(kind), ended);
        assert_eq!(flow.spawn(input).output().await.map_err(kind), ended);
        assert_eq!(flow.stream(input).output().await.map_err(kind), ended);
    }

    /// Column *a `rescue`*: it runs, and the execution goes on.
    pub(super) async fn is_rescued(&self, message: &str) {
        let (flow, stage) = self.scene();
        let items = yielded(flow.stream((self.way, true))).await;
        let rescued = format!("rescued: {message}");
        // The rescue stops an execution that has an `end`.
        assert_eq!(
            items,
            expected(&["before", &rescued], Some(FlowErrorKind::Unfinished))
        );
        assert_eq!(stage.rescues(), 1);
        // Events emitted before the error are delivered first.
        assert_eq!(stage.late(), 1);
    }

    /// Column *a `rescue`*: it does not run, and the ending is the same as without one.
    pub(super) async fn is_not_rescued(&self, ended: Ended) {
        let (flow, stage) = self.scene();
        let input = (self.way, true);
        let kind = |error: FlowError| error.kind();
        assert_eq!(flow.run(input).await.map_err(kind), ended);
        assert_eq!(stage.rescues(), 0);
        stage.is_over().await;
    }

    /// Column *readers elsewhere*: each yields the same as the stream, even if it joins later.
    pub(super) async fn readers_yield(&self, items: &[&str], last: Option<FlowErrorKind>) {
        let sharing = || ShareOptions::new(SlowReaders::Block).replay(10);
        let (flow, _) = self.scene();
        let of_stream = flow.stream((self.way, false)).share(sharing());
        let of_spawned = flow.spawn((self.way, false)).share(sharing());
        for readers in [of_stream, of_spawned] {
            let two = [readers.subscribe(), readers.subscribe()].map(items_of);
            for seen in futures::future::join_all(two).await {
                assert_eq!(seen, expected(items, last));
            }
            let late = items_of(readers.subscribe_from(ItemPosition::START)).await;
            assert_eq!(late, expected(items, last));
        }
    }
}

async fn items_of(reader: Reader<String>) -> Vec<std::result::Result<String, FlowErrorKind>> {
    yielded(reader.map(|seen| {
        seen.map(|seen| match seen {
            Received::Item { item, .. } => item,
            Received::Lagged(items) => panic!("{items} were missed"),
        })
    }))
    .await
}

/// Everything that a stream yields. Checks that it stays at its end.
pub(super) async fn yielded(
    stream: impl Stream<Item = std::result::Result<String, FlowError>>,
) -> Vec<std::result::Result<String, FlowErrorKind>> {
    let mut stream = std::pin::pin!(stream);
    let mut all = Vec::new();
    while let Some(item) = stream.next().await {
        all.push(item.map_err(|error| error.kind()));
    }
    assert!(stream.next().await.is_none());
    all
}

pub(super) fn expected(
    items: &[&str],
    last: Option<FlowErrorKind>,
) -> Vec<std::result::Result<String, FlowErrorKind>> {
    let items = items.iter().map(|item| Ok((*item).to_owned()));
    items.chain(last.map(Err)).collect()
}
