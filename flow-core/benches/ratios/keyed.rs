//! Events that are matched by a key, against a hash map.

use std::collections::hash_map::{Entry, HashMap};
use std::collections::vec_deque::VecDeque;
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

/// What waits for a key: the first event, and those of its kind that came later.
enum Waiting {
    Paid(Paid, VecDeque<Paid>),
    Packed(Packed, VecDeque<Packed>),
}

/// Does what the clause does: either event may come first, and for equal keys the one that came
/// first is taken first.
#[derive(Default)]
struct Orders(HashMap<u32, Waiting>);

impl Orders {
    fn pay(&mut self, paid: Paid) -> Option<(Paid, Packed)> {
        match self.0.entry(paid.order) {
            Entry::Vacant(new) => {
                new.insert(Waiting::Paid(paid, VecDeque::new()));
                None
            }
            Entry::Occupied(mut known) => match known.get_mut() {
                Waiting::Paid(_, others) => {
                    others.push_back(paid);
                    None
                }
                Waiting::Packed(first, others) => {
                    if let Some(next) = others.pop_front() {
                        return Some((paid, std::mem::replace(first, next)));
                    }
                    match known.remove() {
                        Waiting::Packed(packed, _) => Some((paid, packed)),
                        Waiting::Paid(..) => None,
                    }
                }
            },
        }
    }

    fn pack(&mut self, packed: Packed) -> Option<(Paid, Packed)> {
        match self.0.entry(packed.order) {
            Entry::Vacant(new) => {
                new.insert(Waiting::Packed(packed, VecDeque::new()));
                None
            }
            Entry::Occupied(mut known) => match known.get_mut() {
                Waiting::Packed(_, others) => {
                    others.push_back(packed);
                    None
                }
                Waiting::Paid(first, others) => {
                    if let Some(next) = others.pop_front() {
                        return Some((std::mem::replace(first, next), packed));
                    }
                    match known.remove() {
                        Waiting::Paid(paid, _) => Some((paid, packed)),
                        Waiting::Packed(..) => None,
                    }
                }
            },
        }
    }
}

fn by_hand() {
    let mut orders = Orders::default();
    let ship = |both: Option<(Paid, Packed)>| {
        if let Some((paid, packed)) = both {
            black_box(paid.price + packed.weight);
        }
    };
    for order in 0..KEYS {
        let paid = Paid {
            order,
            price: black_box(1),
        };
        ship(orders.pay(paid));
    }
    for order in (0..KEYS).rev() {
        let packed = Packed {
            order,
            weight: black_box(2),
        };
        ship(orders.pack(packed));
    }
}

pub(crate) fn rows() -> Vec<Row> {
    let runtime = current_thread();
    let flow = flow! { start -> emit_them; when Paid & Packed by .order -> ship };
    vec![compare(
        "`when A & B by` over 100 000 keys, against a `HashMap` of queues",
        2.0,
        KEYS,
        || timed(|| runtime.block_on(flow.run(())).expect("no handler fails")),
        || timed(by_hand),
    )]
}
