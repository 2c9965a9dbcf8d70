//! Steps of a durable flow in a journal.

use std::path::Path;
use std::time::{Duration, Instant};

use flow_core::{Event, flow, handler};
use flow_journal::Journal;
use futures::future::try_join_all;
use serde::{Deserialize, Serialize};

#[derive(Clone, Event, Serialize, Deserialize)]
struct Next {
    left: u32,
    done: u64,
}

#[handler]
async fn begin(steps: u32) -> Next {
    Next {
        left: steps,
        done: 0,
    }
}

#[handler]
async fn step(next: Next) -> Next {
    Next {
        left: next.left - 1,
        done: next.done + 1,
    }
}

flow! {
    flow Steps(u32) -> u64;
    durable;
    start -> begin -> emit;
    when Next { left, .. }
        if left == 0 -> |next: Next| next.done -> end
        else -> step -> emit;
}

pub fn steps(directory: &Path, executions: u32, steps: u32) -> Duration {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .expect("a runtime");
    runtime.block_on(async {
        let journal = Journal::open(directory).await.expect("a journal");
        let flows = journal.register(Steps::new());
        let ids: Vec<_> = (0..executions).map(|id| id.to_string()).collect();
        let begun = Instant::now();
        let started = ids.iter().map(|id| flows.start(id, steps));
        let started = try_join_all(started).await.expect("they start");
        let outputs = try_join_all(started.iter().map(|one| one.output())).await;
        let time = begun.elapsed();
        for output in outputs.expect("they end") {
            assert_eq!(output, u64::from(steps));
        }
        journal.close(Duration::from_secs(10)).await.expect("it closes");
        time
    })
}
