//! The floor: tasks and channels of tokio, written by hand.

mod choice;
mod each;
mod join;
mod sub_flow;

use std::iter;
use std::time::{Duration, Instant};

use tokio::sync::mpsc;

use crate::case::Case;
use crate::system::{Role, System};
use crate::{arrived, version};

pub(crate) fn system() -> System {
    let name = format!("tokio {} tasks by hand", version::of("tokio"));
    System::new(Role::Floor, name)
        .timed(Case::EventHop, |hops| ring(2, hops))
        .timed(Case::ChainOf10, |times| ring(10, 10 * times))
        .timed(Case::StreamItem, items)
        .timed(Case::FanOut, fan_out)
        .timed(Case::StartAndEnd, start_and_end)
        .held(Case::Idle, idle)
        .timed(Case::Join, join::join)
        .timed(Case::Each, each::each)
        .timed(Case::Match, choice::choice)
        .timed(Case::Inline, |times| ring(5, 5 * times))
        .timed(Case::SubFlow, sub_flow::sub_flow)
}

/// Tasks that pass an event round in a ring for this many hops.
async fn ring(tasks: u32, hops: u32) -> Duration {
    let (mut nexts, owns): (Vec<_>, Vec<_>) = (0..tasks).map(|_| mpsc::unbounded_channel()).unzip();
    let first = nexts.first().cloned().expect("there are tasks");
    nexts.rotate_left(1);
    let tasks: Vec<_> = iter::zip(nexts, owns)
        .map(|(next, mut own)| {
            tokio::spawn(async move {
                while let Some(left) = own.recv().await {
                    arrived::one();
                    if left == 1 || next.send(left - 1).is_err() {
                        return;
                    }
                }
            })
        })
        .collect();

    let start = Instant::now();
    first.send(hops).expect("the first task listens");
    drop(first);
    // A task that ends closes the channel of the next, and so on round the ring.
    for task in tasks {
        task.await.expect("no task fails");
    }
    start.elapsed()
}

async fn items(items: u32) -> Duration {
    let (sender, mut receiver) = mpsc::channel(32);
    let start = Instant::now();
    tokio::spawn(async move {
        for n in 0..items {
            if sender.send(n).await.is_err() {
                return;
            }
        }
    });
    let reader = tokio::spawn(async move {
        while let Some(item) = receiver.recv().await {
            std::hint::black_box(item);
            arrived::one();
        }
    });
    reader.await.expect("no task fails");
    start.elapsed()
}

async fn fan_out(rounds: u32) -> Duration {
    let (again, mut starts) = mpsc::unbounded_channel();
    let mut again = Some(again);
    let listeners: Vec<_> = (0..100)
        .map(|_| {
            let (call, mut calls) = mpsc::unbounded_channel::<u32>();
            // The first one starts the next round, after the others.
            let again = again.take();
            tokio::spawn(async move {
                while let Some(left) = calls.recv().await {
                    arrived::one();
                    if let Some(again) = &again
                        && again.send(left - 1).is_err()
                    {
                        return;
                    }
                }
            });
            call
        })
        .collect();
    let caller = tokio::spawn(async move {
        let mut left = rounds;
        while left > 0 {
            for listener in &listeners {
                listener.send(left).expect("the listeners listen");
            }
            left = starts.recv().await.expect("the first listener answers");
        }
    });

    let start = Instant::now();
    caller.await.expect("no task fails");
    start.elapsed()
}

async fn start_and_end(times: u32) -> Duration {
    let start = Instant::now();
    for n in 0..times {
        let task = tokio::spawn(async move {
            std::hint::black_box(n);
            arrived::one();
        });
        task.await.expect("no task fails");
    }
    start.elapsed()
}

async fn idle(tasks: u32) -> impl Sized {
    let held: Vec<_> = (0..tasks)
        .map(|_| {
            let (sender, mut receiver) = mpsc::unbounded_channel::<u32>();
            let task = tokio::spawn(async move {
                arrived::one();
                receiver.recv().await
            });
            (sender, task)
        })
        .collect();
    arrived::wait_for(tasks).await;
    held
}
