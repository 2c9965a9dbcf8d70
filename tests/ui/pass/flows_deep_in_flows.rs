// Flows with a name, 13 deep in one another. A build of it copies the graph of each only once.
#![recursion_limit = "1024"]

use flow_core::graph::{GraphDesc, StageDesc};
use flow_core::{flow, handler};

#[handler]
async fn add_one(n: u64) -> u64 {
    n + 1
}

flow! { flow F0(u64) -> u64; start -> add_one -> end }
flow! { flow F1(u64) -> u64; start -> add_one -> F0 -> end }
flow! { flow F2(u64) -> u64; start -> add_one -> F1 -> end }
flow! { flow F3(u64) -> u64; start -> add_one -> F2 -> end }
flow! { flow F4(u64) -> u64; start -> add_one -> F3 -> end }
flow! { flow F5(u64) -> u64; start -> add_one -> F4 -> end }
flow! { flow F6(u64) -> u64; start -> add_one -> F5 -> end }
flow! { flow F7(u64) -> u64; start -> add_one -> F6 -> end }
flow! { flow F8(u64) -> u64; start -> add_one -> F7 -> end }
flow! { flow F9(u64) -> u64; start -> add_one -> F8 -> end }
flow! { flow F10(u64) -> u64; start -> add_one -> F9 -> end }
flow! { flow F11(u64) -> u64; start -> add_one -> F10 -> end }
flow! { flow F12(u64) -> u64; start -> add_one -> F11 -> end }
flow! { flow F13(u64) -> u64; start -> add_one -> F12 -> end }

/// How many flows are within the flow.
fn depth(graph: &GraphDesc) -> usize {
    let stages = graph.clauses.iter().flat_map(|clause| clause.route);
    let within = stages.filter_map(|stage| match stage {
        StageDesc::Handler(handler) => handler.graph,
        _ => None,
    });
    within.map(|graph| 1 + depth(graph)).max().unwrap_or(0)
}

fn main() {
    assert_eq!(depth(F13::GRAPH), 13);
    // Built, but not run: a debug build runs as many levels as the stack has room for.
    if std::env::args().count() > 1 {
        let _ = F13::new().blocking_iter(0).output();
    }
}
