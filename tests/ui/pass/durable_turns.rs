//! What resembles an `each` that takes turns, and does not, or only in part.
use flow_core::{Cx, Event, Snapshot, State, flow, handler};
use serde::{Deserialize, Serialize};

#[derive(Default, Serialize, Deserialize)]
struct Total(u32);
#[derive(Default, Serialize, Deserialize)]
struct Count(u32);
#[derive(Clone, Event, Serialize, Deserialize)]
struct Counted(u32);

#[handler(emits = Counted)]
async fn numbers(cx: &Cx) -> Vec<u32> {
    cx.emit(Counted(3));
    vec![1, 2, 3]
}
#[handler]
async fn fetch(n: u32) -> u32 {
    n
}
#[handler]
async fn add(n: u32, total: State<Total>) -> u32 {
    total.with(|total| {
        total.0 += n;
        total.0
    })
}
#[handler]
async fn compare(n: u32, total: Snapshot<Total>) -> u32 {
    total.0.max(n)
}
#[handler]
async fn add_all(all: Vec<u32>, total: State<Total>) {
    total.with(|total| total.0 += all.iter().sum::<u32>());
}
#[handler]
async fn count(_counted: Counted, count: State<Count>) {
    count.with(|count| count.0 += 1);
}

const ONE: usize = 1;

fn main() {
    // One at a time is what it says.
    let _ = flow! { durable; state Total; start -> numbers -> each add[1] -> ignore; ignore Counted };
    let _ = flow! {
        durable;
        state Total;
        state Count;
        start -> numbers
            -> each add[ONE]
            // Only a part of each item takes turns.
            -> each (fetch -> add)[8]
            -> each (fetch, add)[8]
            -> |both: Vec<(u32, u32)>| both.into_iter().map(|(n, _)| n).collect::<Vec<_>>()
            // A snapshot waits for nobody.
            -> each compare[8]
            -> each fetch
            // The state is updated behind the `each`.
            -> add_all;
        when Counted -> count
    };
    // Calls of a flow that is not durable do not take turns.
    let _ = flow! { state Total; start -> numbers -> each add[8] -> ignore; ignore Counted };
}
