//! A snapshot of a state in a flow that is not durable, and of a state that is not declared.
use flow_core::{Snapshot, State, flow, handler};
use serde::{Deserialize, Serialize};

#[derive(Default, Serialize, Deserialize)]
struct Total(u32);

#[handler]
async fn add(n: u32, total: State<Total>) {
    total.with(|total| total.0 += n);
}
#[handler]
async fn report(_total: Snapshot<Total>) {}

fn main() {
    let _ = flow! { state Total; start(u32) -> (add, report) -> ignore };
    let _ = flow! { durable; start -> report };
}
