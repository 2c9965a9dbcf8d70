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

/// Ten modules with ten listeners each, and a flow with this many of them.
macro_rules! listeners {
    ($($module:ident)*) => {
        listeners! { @ ($($module)*) (l0 l1 l2 l3 l4 l5 l6 l7 l8 l9) }
    };
    (@ ($($module:ident)*) $names:tt) => {
        $(listeners! { @ in $module $names })*
    };
    (@ in $module:ident ($($name:ident)*)) => {
        mod $module {
            use super::{Call, black_box, handler};
            $(
                #[handler(on = Call)]
                pub(super) async fn $name(Call(n): Call) {
                    black_box(n);
                }
            )*
        }
    };
}

listeners! { a b c d e f g h i j }

/// Runs a flow with these listeners.
macro_rules! calling {
    ($bencher:ident, $times:ident; $($path:path)*) => {{
        let runtime = current_thread();
        let calling = flow! {
            start(Again) -> call;
            when Again -> call;
            $(when Call -> $path;)*
        };
        $bencher.bench_local(|| {
            runtime
                .block_on(calling.run(Again($times)))
                .expect("no handler fails");
        });
    }};
}

/// The same with all listeners of these modules.
macro_rules! calling_all {
    ($bencher:ident, $times:ident; $($module:ident)*) => {
        calling! {
            $bencher, $times;
            $(
                $module::l0 $module::l1 $module::l2 $module::l3 $module::l4
                $module::l5 $module::l6 $module::l7 $module::l8 $module::l9
            )*
        }
    };
}

#[allow(
    clippy::large_stack_arrays,
    reason = "it is a constant: the clauses' descriptions"
)]
#[divan::bench(args = [1, 10, 100])]
fn flow(bencher: Bencher<'_, '_>, count: u32) {
    let times = TIMES / count;
    match count {
        1 => calling!(bencher, times; a::l0),
        10 => calling_all!(bencher, times; a),
        _ => calling_all!(bencher, times; a b c d e f g h i j),
    }
}

/// This many futures, which run concurrently.
#[divan::bench(args = [1, 10, 100])]
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
