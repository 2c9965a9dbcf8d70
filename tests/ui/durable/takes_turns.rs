//! An `each` whose handler takes a state, so that its calls take turns.
use flow_core::{Snapshot, State, flow, handler};
use serde::{Deserialize, Serialize};

#[derive(Default, Serialize, Deserialize)]
struct Total(u32);
#[derive(Default, Serialize, Deserialize)]
struct Count(u32);

#[handler]
async fn numbers() -> Vec<u32> {
    vec![1, 2, 3]
}
#[handler]
async fn add(n: u32, total: State<Total>, count: State<Count>) -> u32 {
    count.with(|count| count.0 += 1);
    total.with(|total| {
        total.0 += n;
        total.0
    })
}
#[handler]
async fn compare(n: u32, total: Snapshot<Total>, count: State<Count>) {
    count.with(|count| count.0 += u32::from(n > total.0));
}

const MANY: usize = 8;

fn main() {
    let _ = flow! {
        durable;
        state Total;
        state Count;
        start -> numbers -> each add -> each compare[MANY] -> ignore
    };
}
