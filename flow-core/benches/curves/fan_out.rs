//! An event with an increasing number of listeners. The unit is a call of a listener.

use std::hint::black_box;

use divan::Bencher;
use flow_core::{Cx, Event, flow, handler};
use futures::future::join_all;

use crate::{TIMES, current_thread};

#[derive(Event)]
struct Again(u32);

#[derive(Clone, Event)]
struct Call(u32);

#[handler(on = "Again", emits = ["Again", "Call"])]
async fn call(Again(left): Again, cx: &Cx) {
    if left > 0 {
        cx.emit(Call(left));
        cx.emit(Again(left - 1));
    }
}

#[handler(on = "Call")]
async fn listen(Call(n): Call) {
    black_box(n);
}

/// Modules that contain each other, so that one listener has any number of paths. A flow can name
/// a path only once for an event.
macro_rules! modules {
    ($($name:ident)*) => {
        $(mod $name { pub(super) use super::*; })*
    };
}

modules! { a b c d e f g h i j }

/// Runs a flow with ten times as many listeners for each `10`, and one without any.
macro_rules! listeners {
    ($bencher:ident, $times:ident; $($tens:tt)*) => {
        listeners! { @ $bencher $times [$($tens)*] (listen) }
    };
    (@ $bencher:ident $times:ident [10 $($tens:tt)*] $(($($path:tt)*))*) => {
        listeners! {
            @ $bencher $times [$($tens)*]
            $(
                (a::$($path)*) (b::$($path)*) (c::$($path)*) (d::$($path)*) (e::$($path)*)
                (f::$($path)*) (g::$($path)*) (h::$($path)*) (i::$($path)*) (j::$($path)*)
            )*
        }
    };
    (@ $bencher:ident $times:ident [] $(($($path:tt)*))*) => {{
        let runtime = current_thread();
        let calling = flow! {
            start(Again) -> call;
            when Again -> call;
            $(when Call -> $($path)*;)*
        };
        $bencher.bench_local(|| {
            runtime
                .block_on(calling.run(Again($times)))
                .expect("no handler fails");
        });
    }};
}

#[allow(
    clippy::large_stack_arrays,
    reason = "it is a constant: the clauses' descriptions"
)]
#[divan::bench(args = [1, 10, 100, 1_000])]
fn flow(bencher: Bencher<'_, '_>, count: u32) {
    let times = TIMES / count;
    match count {
        1 => listeners!(bencher, times;),
        10 => listeners!(bencher, times; 10),
        100 => listeners!(bencher, times; 10 10),
        _ => listeners!(bencher, times; 10 10 10),
    }
}

/// This many futures, which run concurrently.
#[divan::bench(args = [1, 10, 100, 1_000])]
fn by_join_all(bencher: Bencher<'_, '_>, count: u32) {
    let runtime = current_thread();
    bencher.bench_local(|| {
        runtime.block_on(async {
            for left in 0..TIMES / count {
                join_all((0..count).map(|_| async move {
                    black_box(left);
                }))
                .await;
            }
        });
    });
}
