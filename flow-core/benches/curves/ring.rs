//! A hop in rings of increasing size.

use std::collections::VecDeque;
use std::hint::black_box;

use divan::Bencher;

use crate::TIMES;

/// A module with an event and its handler, which emits the event of the next.
macro_rules! link {
    ($this:ident $next:ident) => {
        mod $this {
            use std::hint::black_box;

            use flow_core::{Cx, Event, handler};

            use super::$next::Hop as Next;

            #[derive(Event)]
            pub(super) struct Hop(pub(super) u32);

            #[handler(on = "Hop", emits = "Next")]
            pub(super) async fn hop(Hop(left): Hop, cx: &Cx) {
                if left > 0 {
                    cx.emit(Next(black_box(left - 1)));
                }
            }
        }
    };
}

macro_rules! links {
    ($first:ident; $last:ident) => {
        link! { $last $first }
    };
    ($first:ident; $this:ident $next:ident $($rest:ident)*) => {
        link! { $this $next }
        links! { $first; $next $($rest)* }
    };
}

/// A module with a ring of this size, and its benchmark.
macro_rules! ring {
    ($name:ident: $first:ident $($rest:ident)*) => {
        mod $name {
            use divan::Bencher;
            use flow_core::flow;

            use crate::{TIMES, current_thread};

            links! { $first; $first $($rest)* }

            pub(super) fn bench(bencher: Bencher<'_, '_>) {
                let runtime = current_thread();
                let ring = flow! {
                    start($first::Hop) -> $first::hop;
                    when $first::Hop -> $first::hop;
                    $(when $rest::Hop -> $rest::hop;)*
                };
                bencher.bench_local(|| {
                    runtime
                        .block_on(ring.run($first::Hop(TIMES)))
                        .expect("no handler fails");
                });
            }
        }
    };
}

ring! { of_2: a b }
ring! { of_10: a b c d e f g h i j }
ring! {
    of_50:
    a0 b0 c0 d0 e0 f0 g0 h0 i0 j0
    a1 b1 c1 d1 e1 f1 g1 h1 i1 j1
    a2 b2 c2 d2 e2 f2 g2 h2 i2 j2
    a3 b3 c3 d3 e3 f3 g3 h3 i3 j3
    a4 b4 c4 d4 e4 f4 g4 h4 i4 j4
}

#[divan::bench(args = [2, 10, 50])]
fn flow(bencher: Bencher<'_, '_>, handlers: usize) {
    match handlers {
        2 => of_2::bench(bencher),
        10 => of_10::bench(bencher),
        _ => of_50::bench(bencher),
    }
}

/// A queue, and a table of functions.
#[divan::bench(args = [2, 10, 50])]
fn by_hand(bencher: Bencher<'_, '_>, handlers: usize) {
    fn hop(left: u32) -> Option<u32> {
        (left > 0).then(|| black_box(left - 1))
    }
    let table: Vec<fn(u32) -> Option<u32>> = black_box(vec![hop; handlers]);
    bencher.bench_local(|| {
        let mut queue = VecDeque::from([(0, TIMES)]);
        while let Some((handler, left)) = queue.pop_front() {
            if let Some(left) = table.get(handler).and_then(|hop| hop(left)) {
                queue.push_back(((handler + 1) % table.len(), left));
            }
        }
    });
}
