//! This framework.

mod choice;
mod each;
mod join;
mod sub_flow;

use std::time::{Duration, Instant};

use flow_core::{Cx, Event, flow, handler};
use futures::StreamExt;

use super::names::with_names;
use crate::case::Case;
use crate::system::{Role, System};
use crate::{arrived, version};

pub(crate) fn system() -> System {
    System::new(Role::Ours, format!("flow {}", version::of("flow-core")))
        .timed(Case::EventHop, hop)
        .timed(Case::ChainOf10, chain)
        .timed(Case::StreamItem, items)
        .timed(Case::FanOut, fan_out)
        .timed(Case::StartAndEnd, start_and_end)
        .held(Case::Idle, idle)
        .timed(Case::Join, join::join)
        .timed(Case::Each, each::each)
        .timed(Case::Match, choice::choice)
        .timed(Case::Inline, sub_flow::inline)
        .timed(Case::SubFlow, sub_flow::sub_flow)
}

#[derive(Event)]
struct Ping(u32);

#[derive(Event)]
struct Pong(u32);

#[handler(on = "Ping", emits = "Pong")]
async fn ping(Ping(left): Ping, cx: &Cx) {
    arrived::one();
    if left > 1 {
        cx.emit(Pong(left - 1));
    }
}

#[handler(on = "Pong", emits = "Ping")]
async fn pong(Pong(left): Pong, cx: &Cx) {
    arrived::one();
    if left > 1 {
        cx.emit(Ping(left - 1));
    }
}

async fn hop(hops: u32) -> Duration {
    let flow = flow! { start(Ping) -> ping; when Ping -> ping; when Pong -> pong };
    let start = Instant::now();
    flow.run(Ping(hops)).await.expect("no handler fails");
    start.elapsed()
}

#[handler(on = "Ping")]
async fn open(Ping(left): Ping) -> u32 {
    arrived::one();
    left
}

#[handler]
async fn pass(left: u32) -> u32 {
    arrived::one();
    std::hint::black_box(left)
}

#[handler(emits = "Ping")]
async fn close(left: u32, cx: &Cx) {
    arrived::one();
    if left > 1 {
        cx.emit(Ping(left - 1));
    }
}

async fn chain(times: u32) -> Duration {
    let flow = flow! {
        start(Ping) -> open -> pass -> pass -> pass -> pass -> pass -> pass -> pass -> pass -> close;
        when Ping -> open -> pass -> pass -> pass -> pass -> pass -> pass -> pass -> pass -> close
    };
    let start = Instant::now();
    flow.run(Ping(times)).await.expect("no handler fails");
    start.elapsed()
}

#[handler(streams = "u32")]
async fn count(items: u32, cx: &Cx) {
    for n in 0..items {
        cx.put(n).await;
    }
}

async fn items(items: u32) -> Duration {
    let flow = flow! { streams u32; start(u32) -> count };
    let start = Instant::now();
    let mut items = flow.stream(items);
    while let Some(item) = items.next().await {
        std::hint::black_box(item.expect("no handler fails"));
        arrived::one();
    }
    start.elapsed()
}

#[derive(Clone, Event)]
struct Call(u32);

#[derive(Event)]
struct Again(u32);

#[handler(on = "Again", emits = "Call")]
async fn call(Again(left): Again, cx: &Cx) {
    cx.emit(Call(left));
}

/// The listener that starts the next round, which begins after the other listeners.
#[handler(on = "Call", emits = "Again")]
async fn first(Call(left): Call, cx: &Cx) {
    arrived::one();
    if left > 1 {
        cx.emit(Again(left - 1));
    }
}

macro_rules! calling {
    ($($listener:ident)*) => {
        $(
            #[handler(on = "Call")]
            async fn $listener(Call(_): Call) {
                arrived::one();
            }
        )*

        async fn fan_out(rounds: u32) -> Duration {
            let flow = flow! {
                start(Again) -> call;
                when Again -> call;
                when Call -> first;
                $(when Call -> $listener;)*
            };
            let start = Instant::now();
            flow.run(Again(rounds)).await.expect("no handler fails");
            start.elapsed()
        }
    };
}

with_names!(calling);

#[handler]
async fn trivial(_: u32) {
    arrived::one();
}

async fn start_and_end(times: u32) -> Duration {
    let flow = flow! { start(u32) -> trivial };
    let start = Instant::now();
    for n in 0..times {
        flow.run(n).await.expect("no handler fails");
    }
    start.elapsed()
}

#[derive(Event)]
struct Go;

#[handler]
async fn begin() {
    arrived::one();
}

#[handler(on = "Go")]
async fn go() {}

/// Each execution waits for an event from outside.
async fn idle(executions: u32) -> impl Sized {
    let flow = flow! { external Go; start -> begin; when Go -> go };
    let executions_held: Vec<_> = (0..executions).map(|_| flow.spawn(())).collect();
    arrived::wait_for(executions).await;
    executions_held
}
