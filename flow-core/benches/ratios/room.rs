//! Many `put`s that wait for room in the stream, and many senders that wait for room in the queue
//! of events, against as many tasks that wait for a channel.

use std::hint::black_box;
use std::num::NonZeroUsize;
use std::ops::Range;
use std::time::Duration;

use flow_core::{Answered, Asked, Cx, Event, EventSender, Execution, flow, handler};
use futures::StreamExt;
use tokio::runtime::Runtime;
use tokio::sync::mpsc;

use crate::measure::{Row, compare, current_thread, timed};

const PUTS: u32 = 8_000;

#[derive(Event)]
struct Tick(u32);

#[handler(emits = "Tick")]
async fn emit_all(cx: &Cx) {
    for n in 0..PUTS {
        cx.emit(Tick(n));
    }
}

#[handler(on = "Tick", streams = "u32")]
async fn show(Tick(n): Tick, cx: &Cx) {
    cx.put(black_box(n)).await;
}

#[handler]
async fn numbers() -> Range<u32> {
    0..PUTS
}

#[handler(streams = "u32")]
async fn put_one(n: u32, cx: &Cx) {
    cx.put(black_box(n)).await;
}

#[handler]
async fn done(_: Vec<()>) {}

#[handler(streams = "u32")]
async fn spawn_all(cx: &Cx) {
    for n in 0..PUTS {
        let cx = cx.clone();
        tokio::spawn(async move { cx.put(black_box(n)).await });
    }
}

#[derive(Clone, Event)]
#[event(answer = "u32")]
struct Question;

#[handler(emits = "Question")]
async fn ask_all(cx: &Cx) {
    for _ in 0..PUTS {
        cx.emit(Question);
    }
}

#[handler]
async fn answered(answered: Answered<Question>) {
    black_box(answered.answer);
}

fn read<T>(runtime: &Runtime, mut items: Execution<T>) -> Duration {
    timed(|| {
        runtime.block_on(async {
            let mut read = 0;
            while let Some(item) = items.next().await {
                black_box(item.expect("no handler fails"));
                read += 1;
            }
            assert_eq!(read, PUTS);
        });
    })
}

fn ask(runtime: &Runtime, mut items: Execution<Asked<Question>>) -> Duration {
    timed(|| {
        runtime.block_on(async {
            let mut read = 0;
            while let Some(item) = items.next().await {
                let asked = item.expect("no handler fails");
                asked.answer(1).expect("the question waits");
                read += 1;
            }
            assert_eq!(read, PUTS);
        });
    })
}

#[handler]
async fn begin() {}

#[handler(on = "Tick")]
async fn take(Tick(n): Tick) {
    black_box(n);
}

/// Emits by as many tasks as there are events.
fn emit_by_tasks(sender: &EventSender<Tick>) {
    for n in 0..PUTS {
        let sender = sender.clone();
        tokio::spawn(async move { sender.emit(Tick(black_box(n))).await });
    }
}

fn by_channel(runtime: &Runtime, capacity: usize) -> Duration {
    timed(|| {
        runtime.block_on(async {
            let (sender, mut items) = mpsc::channel(capacity);
            for n in 0..PUTS {
                let sender = sender.clone();
                tokio::spawn(async move { sender.send(black_box(n)).await });
            }
            drop(sender);
            let mut read = 0;
            while let Some(item) = items.recv().await {
                black_box(item);
                read += 1;
            }
            assert_eq!(read, PUTS);
        });
    })
}

pub(crate) fn rows() -> Vec<Row> {
    let runtime = current_thread();
    let mut rows = Vec::new();
    for capacity in [1, 32, 1024] {
        let room = NonZeroUsize::new(capacity).expect("none of them is 0");
        let handlers = flow! { streams u32; start -> emit_all; when Tick -> show }.capacity(room);
        let each = flow! { streams u32; start -> numbers -> each put_one -> done }.capacity(room);
        let tasks = flow! { streams u32; start -> spawn_all }.capacity(room);
        let questions = flow! {
            streams Asked<Question>; start -> ask_all; ask Question -> answered
        };
        let questions = questions.capacity(room);
        let senders = flow! { external Tick; start -> begin; when Tick -> take };
        let senders = senders.max_pending(capacity as u64);
        let mut add = |case: &str, by_flow: &mut dyn FnMut() -> Duration| {
            let case = format!("{case} that wait for {capacity}, against mpsc({capacity})");
            let floor = || by_channel(&runtime, capacity);
            rows.push(compare(case, 3.0, PUTS, by_flow, floor));
        };
        add("handlers", &mut || read(&runtime, handlers.stream(())));
        add("branches of `each`", &mut || {
            read(&runtime, each.stream(()))
        });
        add("tasks outside", &mut || read(&runtime, tasks.stream(())));
        add("senders", &mut || {
            timed(|| {
                runtime.block_on(async {
                    let execution = senders.spawn(());
                    emit_by_tasks(&execution.sender().only());
                    execution.output().await.expect("no handler fails");
                });
            })
        });
        add("questions", &mut || ask(&runtime, questions.stream(())));
    }
    rows
}
