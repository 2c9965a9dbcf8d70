//! Loops with an increasing number of turns: the cost of a turn does not depend on those before it.

use std::collections::VecDeque;
use std::hint::black_box;

use divan::Bencher;
use divan::counter::ItemsCount;
use flow_core::{Cx, Event, flow, handler};

use crate::current_thread;

const TURNS: [u32; 3] = [1_000, 100_000, 1_000_000];

#[derive(Event)]
struct Turn(u32);

#[handler(on = "Turn", emits = "Turn")]
async fn turn(Turn(left): Turn, cx: &Cx) {
    if left > 0 {
        cx.emit(Turn(black_box(left - 1)));
    }
}

#[divan::bench(args = TURNS, sample_count = 20)]
fn flow(bencher: Bencher<'_, '_>, turns: u32) {
    let runtime = current_thread();
    let turning = flow! { start(Turn) -> turn; when Turn -> turn };
    bencher.counter(ItemsCount::new(turns)).bench_local(|| {
        runtime
            .block_on(turning.run(Turn(turns)))
            .expect("no handler fails");
    });
}

#[divan::bench(args = TURNS, sample_count = 20)]
fn by_hand(bencher: Bencher<'_, '_>, turns: u32) {
    bencher.counter(ItemsCount::new(turns)).bench_local(|| {
        let mut queue = VecDeque::from([turns]);
        while let Some(left) = queue.pop_front() {
            if left > 0 {
                queue.push_back(black_box(left - 1));
            }
        }
    });
}
