//! Events that are matched by a key, against a hash map.

use std::collections::HashMap;
use std::hint::black_box;

use flow_core::{Cx, Event, flow, handler};
use tokio::task::yield_now;

use crate::measure::{Row, compare, current_thread, timed};

const KEYS: u32 = 100_000;

#[derive(Event)]
struct Paid {
    order: u32,
    price: u64,
}

#[derive(Event)]
struct Packed {
    order: u32,
    weight: u64,
}

/// Emits all of the one kind before the other, so that all keys wait at once.
#[handler(emits = ["Paid", "Packed"])]
async fn emit_them(cx: &Cx) {
    for order in 0..KEYS {
        cx.emit(Paid {
            order,
            price: black_box(1),
        });
        if order.is_multiple_of(512) {
            // Lets the events be taken, so that the queue stays small.
            yield_now().await;
        }
    }
    for order in (0..KEYS).rev() {
        cx.emit(Packed {
            order,
            weight: black_box(2),
        });
        if order.is_multiple_of(512) {
            yield_now().await;
        }
    }
}

#[handler]
async fn ship((paid, packed): (Paid, Packed)) {
    black_box(paid.price + packed.weight);
}

fn by_hand() {
    let mut waiting = HashMap::new();
    for order in 0..KEYS {
        let paid = Paid {
            order,
            price: black_box(1),
        };
        waiting.insert(paid.order, paid);
    }
    for order in (0..KEYS).rev() {
        let packed = Packed {
            order,
            weight: black_box(2),
        };
        if let Some(paid) = waiting.remove(&packed.order) {
            black_box(paid.price + packed.weight);
        }
    }
}

pub(crate) fn rows() -> Vec<Row> {
    let runtime = current_thread();
    let flow = flow! { start -> emit_them; when Paid & Packed by .order -> ship };
    vec![compare(
        "`when A & B by` over 100 000 keys, against a `HashMap`",
        2.0,
        KEYS,
        || timed(|| runtime.block_on(flow.run(())).expect("no handler fails")),
        || timed(by_hand),
    )]
}
