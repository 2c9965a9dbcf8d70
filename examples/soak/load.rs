//! The flow under load, and the ways to run it.

use std::time::{Duration, Instant};

use flow_core::{
    BoxError, Cx, Event, Failed, FlowError, FlowErrorKind, Res, Result, flow, handler,
};
use futures::StreamExt;
use tokio::task::yield_now;

use crate::{HANGS, Tally, count};

#[derive(Event)]
struct Turn(u32);
#[derive(Event)]
struct Left(u32);
#[derive(Event)]
struct Right(u32);
#[derive(Event)]
struct Batch(Vec<u32>);
#[derive(Clone, Event)]
struct Flaky(u32);

#[handler(emits = [Turn, Batch, Flaky], streams = u32)]
async fn begin(turns: u32, cx: &Cx, tally: Res<Tally>) {
    let _running = tally.running();
    cx.emit(Turn(turns));
    cx.emit(Batch((0..16).collect()));
    for n in 0..3 {
        cx.emit(Flaky(n));
    }
}

/// A loop with an item in each turn.
#[handler(on = Turn, emits = [Turn, Left, Right], streams = u32)]
async fn turn(Turn(left): Turn, cx: &Cx, tally: Res<Tally>) {
    let _running = tally.running();
    cx.put(left).await;
    if left > 0 {
        cx.emit(Turn(left - 1));
        if left.is_multiple_of(8) {
            cx.emit(Left(left));
            cx.emit(Right(left));
        }
    }
}

#[handler]
async fn meet((Left(left), Right(right)): (Left, Right), tally: Res<Tally>) -> (u32, u32) {
    let _running = tally.running();
    (left, right)
}

#[handler]
async fn one((one, _): (u32, u32)) -> u32 {
    yield_now().await;
    one
}

#[handler(streams = u32)]
async fn say_both((one, other): (u32, u32), cx: &Cx) {
    cx.put(one).await;
    cx.put(other).await;
}

#[handler(on = Batch)]
async fn open(Batch(numbers): Batch, tally: Res<Tally>) -> Vec<u32> {
    let _running = tally.running();
    numbers
}

/// Leaves some of the work to a task.
#[handler(streams = u32)]
async fn weigh(n: u32, cx: &Cx, tally: Res<Tally>) {
    let _running = tally.running();
    yield_now().await;
    if n.is_multiple_of(5) {
        let (cx, running) = (cx.clone(), tally.running());
        tokio::spawn(async move {
            yield_now().await;
            cx.put(n).await;
            drop(running);
        });
    }
}

#[handler(
    on = Flaky,
    timeout = "10s",
    retry(attempts = 3, backoff = "1ms", max = "2ms")
)]
async fn attempt(Flaky(n): Flaky, tally: Res<Tally>) -> Result<()> {
    let _running = tally.running();
    tokio::time::sleep(Duration::from_micros(200)).await;
    match n {
        0 => Ok(()),
        _ => Err("not today".into()),
    }
}

#[handler(streams = u32)]
async fn give_up(_failed: Failed<BoxError>, cx: &Cx, tally: Res<Tally>) {
    let _running = tally.running();
    cx.put(0_u32).await;
}

flow! {
    /// A bit of every clause and stage.
    flow Load(u32) streams u32;
    with Tally;
    timeout "30s";
    start -> begin;
    when Turn -> turn;
    when Left & Right -> meet -> (one, one) -> say_both;
    when Batch -> open -> each weigh[4] -> ignore;
    when Flaky -> attempt;
    rescue attempt -> give_up
}

/// Runs one execution after another, each in another way, until the time is over.
pub(crate) async fn work(number: usize, deadline: Instant, tally: Tally) -> Result<()> {
    let flow = Load::new().with(tally.clone());
    for way in number.. {
        if Instant::now() >= deadline {
            break;
        }
        count(&tally.0.begun);
        let execution = once(&flow, way, &tally);
        let ended = tokio::time::timeout(HANGS, execution).await;
        match ended.map_err(|_| "an execution hangs")? {
            Ok(()) if is_dropped(way) => count(&tally.0.cancelled),
            Ok(()) => count(&tally.0.ended),
            Err(error) if error.kind() == FlowErrorKind::Cancelled => count(&tally.0.cancelled),
            Err(error) => return Err(error.into()),
        }
    }
    // An execution whose handle was dropped runs on, and so does a handler in a task.
    let begun = Instant::now();
    while crate::read(&tally.0.running) > 0 && begun.elapsed() < HANGS {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    Ok(())
}

/// Whether this way drops its execution halfway.
fn is_dropped(way: usize) -> bool {
    way % 6 == 4
}

async fn once(
    flow: &flow_core::Flow<Load>,
    way: usize,
    tally: &Tally,
) -> std::result::Result<(), FlowError> {
    match way % 6 {
        0 => flow.run(64).await,
        1 => {
            let mut items = flow.stream(64);
            while let Some(item) = items.next().await {
                item?;
                count(&tally.0.items);
            }
            Ok(())
        }
        // A slow reader.
        2 => {
            let mut spawned = flow.spawn(64);
            while let Some(item) = spawned.items().next().await {
                item?;
                count(&tally.0.items);
                for _ in 0..4 {
                    yield_now().await;
                }
            }
            spawned.output().await
        }
        3 => {
            let mut spawned = flow.spawn(100_000);
            drop(spawned.items().next().await);
            spawned.cancel();
            spawned.output().await
        }
        4 => {
            let mut items = flow.stream(100_000);
            drop(items.next().await);
            drop(items);
            Ok(())
        }
        _ => flow.spawn(64).output().await,
    }
}
