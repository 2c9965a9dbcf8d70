//! The ways to run an execution to its end, or to abandon it.

use std::future::Future;
use std::num::NonZeroUsize;
use std::sync::atomic::Ordering;
use std::time::Duration;

use flow_core::lifecycle::LifecycleKind;
use flow_core::{Flow, FlowError, FlowErrorKind, Spawned, TryEmitError};
use futures::{Stream, StreamExt};
use tokio::task::yield_now;

use crate::handlers::{Faulty, Poke, poke};
use crate::plan::{Kind, Plan, Script};
use crate::world::{Item, World, read};

#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Driver {
    /// Read to the end.
    Stream,
    /// Dropped after some items.
    StreamLeft,
    /// Some items are read, then its `output`.
    Output,
    Run,
    Spawn,
    Join,
    /// The handle is dropped after some items.
    SpawnLeft,
    Cancel,
    Blocking,
}

impl Driver {
    pub(crate) const ALL: [Self; 9] = [
        Self::Stream,
        Self::StreamLeft,
        Self::Output,
        Self::Run,
        Self::Spawn,
        Self::Join,
        Self::SpawnLeft,
        Self::Cancel,
        Self::Blocking,
    ];

    pub(crate) fn is_cut_short(self) -> bool {
        matches!(self, Self::StreamLeft | Self::Cancel)
    }
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Runtime {
    /// One thread with a paused clock.
    Paused,
    Threads(usize),
}

/// The items and the result that the driver received.
#[derive(Debug, Default)]
pub(crate) struct Received {
    /// All items, if they were read to the end.
    pub(crate) items: Vec<Item>,
    pub(crate) read_to_the_end: bool,
    /// The error at the end of the stream, if there was one.
    pub(crate) last: Option<FlowErrorKind>,
    /// The result, if the driver waited for it.
    pub(crate) returned: Option<Result<usize, FlowErrorKind>>,
}

/// Runs the execution and its tasks to their end, and checks that nothing is left.
pub(crate) fn drive(plan: &Plan, world: &World) -> Received {
    let paused = plan.runtime == Runtime::Paused && plan.driver != Driver::Blocking;
    world.paused.store(paused, Ordering::Relaxed);
    let told = world.clone();
    let mut flow = Faulty::new()
        .with(world.clone())
        .capacity(NonZeroUsize::new(plan.capacity).unwrap())
        .observe(move |event| told.told.lock().unwrap().push(event.clone()));
    if paused && let Some(after) = plan.timeout {
        flow = flow.timeout(after);
    }
    if paused && let Some(after) = plan.idle_timeout {
        flow = flow.idle_timeout(after);
    }
    if let Some(events) = plan.max_events {
        flow = flow.max_events(events);
    }
    if let Some(events) = plan.max_pending {
        flow = flow.max_pending(events);
    }
    if plan.driver == Driver::Blocking {
        // On another thread, so that a hang fails the test.
        let (plan, (done, ended)) = (plan.clone(), std::sync::mpsc::channel());
        std::thread::spawn(move || done.send(block(&plan, &flow)));
        let seen = ended
            .recv_timeout(Duration::from_secs(2))
            .expect("it hangs");
        assert_eq!(read(&world.inside), 0, "something is left");
        return seen;
    }
    let runtime = match plan.runtime {
        Runtime::Paused => tokio::runtime::Builder::new_current_thread()
            .enable_time()
            .start_paused(true)
            .build(),
        Runtime::Threads(threads) => tokio::runtime::Builder::new_multi_thread()
            .worker_threads(threads)
            .enable_time()
            .build(),
    };
    runtime.unwrap().block_on(async {
        let seen = in_time(plan, run(plan, &flow, world)).await;
        in_time(plan, nothing_is_left(plan, world)).await;
        world.over.store(true, Ordering::SeqCst);
        in_time(plan, until(|| read(&world.tasks) == 0)).await;
        in_time(plan, nothing_is_left(plan, world)).await;
        seen
    })
}

/// Panics if the future takes too long, so that an execution that never ends does not hang.
async fn in_time<T>(plan: &Plan, future: impl Future<Output = T>) -> T {
    let guard = match plan.runtime {
        Runtime::Paused => Duration::from_secs(3_600),
        Runtime::Threads(_) => Duration::from_secs(30),
    };
    let ended = tokio::time::timeout(guard, future).await;
    ended.expect("it hangs")
}

/// Nothing is left at the end. With several threads, a task may hold an event for a moment longer.
async fn nothing_is_left(plan: &Plan, world: &World) {
    match plan.runtime {
        Runtime::Paused => assert_eq!(read(&world.inside), 0, "something is left"),
        Runtime::Threads(_) => until(|| read(&world.inside) == 0).await,
    }
}

async fn until(condition: impl Fn() -> bool) {
    while !condition() {
        tokio::time::sleep(Duration::from_micros(50)).await;
    }
}

async fn run(plan: &Plan, flow: &Flow<Faulty>, world: &World) -> Received {
    let mut seen = Received::default();
    match plan.driver {
        Driver::Stream => {
            let mut stream = flow.stream(plan.start.clone());
            items(&mut stream, plan, usize::MAX, &mut seen).await;
            nothing_is_left(plan, world).await;
            seen.returned = Some(returned(stream.output().await));
        }
        Driver::StreamLeft => {
            let mut stream = flow.stream(plan.start.clone());
            items(&mut stream, plan, plan.leaves, &mut seen).await;
            drop(stream);
        }
        Driver::Output => {
            let mut stream = flow.stream(plan.start.clone());
            items(&mut stream, plan, plan.leaves, &mut seen).await;
            seen.returned = Some(returned(stream.output().await));
        }
        Driver::Run => seen.returned = Some(returned(flow.run(plan.start.clone()).await)),
        Driver::Spawn => {
            let mut spawned = spawn(plan, flow, world);
            let mut stream = spawned.take_items();
            let read_all = async {
                items(&mut stream, plan, usize::MAX, &mut seen).await;
                nothing_is_left(plan, world).await;
            };
            let ((), joined) = tokio::join!(read_all, spawned.output());
            seen.returned = Some(returned(joined));
        }
        Driver::Join => {
            let joined = spawn(plan, flow, world).output().await;
            seen.returned = Some(returned(joined));
        }
        Driver::SpawnLeft => {
            let mut spawned = spawn(plan, flow, world);
            some_items(&mut spawned, plan, &mut seen).await;
            drop(spawned);
            until(|| has_ended(world)).await;
        }
        Driver::Cancel => {
            let mut spawned = spawn(plan, flow, world);
            some_items(&mut spawned, plan, &mut seen).await;
            spawned.cancel();
            seen.returned = Some(returned(spawned.output().await));
        }
        Driver::Blocking => unreachable!("not in a runtime"),
    }
    seen
}

fn has_ended(world: &World) -> bool {
    let told = world.told.lock().unwrap();
    told.iter()
        .any(|event| matches!(event.kind, LifecycleKind::Ended { .. }))
}

/// Spawns the execution and sends the events from outside, some of them while it runs.
fn spawn(plan: &Plan, flow: &Flow<Faulty>, world: &World) -> Spawned<Faulty> {
    let spawned = flow.spawn(plan.start.clone());
    let mut now = plan.pokes.clone();
    let later = now.split_off(now.len().min(2));
    for script in now {
        let id = script.id;
        let refused = spawned.try_emit(sent(script, world));
        if let Err(TryEmitError::Full(_)) = refused {
            assert!(plan.max_pending.is_some(), "there is always room");
            let mut emitted = world.emitted.lock().unwrap();
            emitted.retain(|(_, other)| *other != id);
        }
    }
    let (sender, world, guard) = (spawned.sender(), world.clone(), world.task());
    tokio::spawn(async move {
        for script in later {
            yield_now().await;
            drop(sender.emit(sent(script, &world)).await);
        }
        drop((sender, guard));
    });
    spawned
}

fn sent(script: Script, world: &World) -> Poke {
    let mut emitted = world.emitted.lock().unwrap();
    emitted.push((Kind::Poke, script.id));
    drop(emitted);
    poke(script, world)
}

/// Reads as many items as the plan has. The handle keeps the execution open, so there may be fewer.
async fn some_items(spawned: &mut Spawned<Faulty>, plan: &Plan, seen: &mut Received) {
    let mut stream = spawned.items();
    let read = items(&mut stream, plan, plan.leaves, seen);
    drop(tokio::time::timeout(Duration::from_millis(2), read).await);
}

async fn items(
    stream: &mut (impl Stream<Item = Result<Item, FlowError>> + Unpin),
    plan: &Plan,
    count: usize,
    seen: &mut Received,
) {
    let mut pauses = plan.pauses.iter().cycle();
    while seen.items.len() < count {
        for _ in 0..*pauses.next().unwrap() {
            yield_now().await;
        }
        match stream.next().await {
            Some(Ok(item)) => seen.items.push(item),
            end => {
                seen.last = end.map(|end| end.unwrap_err().kind());
                seen.read_to_the_end = true;
                assert!(stream.next().await.is_none(), "it goes on after its end");
                return;
            }
        }
    }
}

fn returned(result: Result<usize, FlowError>) -> Result<usize, FlowErrorKind> {
    result.map_err(|error| error.kind())
}

fn block(plan: &Plan, flow: &Flow<Faulty>) -> Received {
    let mut seen = Received::default();
    let mut iter = flow.blocking_iter(plan.start.clone());
    loop {
        match iter.next() {
            Some(Ok(item)) => seen.items.push(item),
            end => {
                seen.last = end.map(|end| end.unwrap_err().kind());
                seen.read_to_the_end = true;
                assert!(iter.next().is_none(), "it goes on after its end");
                break;
            }
        }
    }
    seen.returned = Some(returned(iter.output()));
    seen
}
