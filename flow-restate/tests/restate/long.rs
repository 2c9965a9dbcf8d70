//! An execution with many steps, whose worker is killed late in it.

use std::time::{Duration, Instant};

use flow_core::durable::Logged;
use futures::TryStreamExt;
use tokio::time::timeout;

use crate::flows::Total;
use crate::processes::{Order, Process};
use crate::server::{Server, free_port};

/// A limit for what hangs.
const GUARD: Duration = Duration::from_secs(120);

/// How many steps it has, unless `FLOW_STEPS` says it.
const STEPS: u32 = 2000;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_execution_of_many_steps_goes_on_when_its_worker_is_killed_late() {
    let steps = std::env::var("FLOW_STEPS").ok();
    let steps = steps.map_or(STEPS, |steps| steps.parse().unwrap());
    let server = Server::start().await;
    let directory = tempfile::tempdir().unwrap();
    let order = Order {
        port: free_port(),
        log: directory.path().join("log"),
        takes: Duration::ZERO,
    };
    let worker = Process::start(&order);
    server
        .register(&format!("http://127.0.0.1:{}", order.port))
        .await;
    let totals = server.client().executions::<Total>();
    let total = totals.start("1", steps).await.unwrap();
    let mut items = total.items(None);
    let begun = Instant::now();
    let mut left = steps;
    let mut worker = Some(worker);
    // The last item, once the worker was killed, and the longest pause since.
    let mut last: Option<Instant> = None;
    let mut pause = Duration::ZERO;
    let mut repeated = 0;
    while left > 0 {
        let next = timeout(GUARD, items.try_next()).await.expect("it hangs");
        match next.unwrap().expect("it goes on") {
            Logged::Item { item, .. } => {
                assert_eq!(item, left, "each number once, in their order");
                left -= 1;
            }
            Logged::Restarted { .. } => {
                // The number of the call that was cut short comes again.
                repeated += 1;
                left = (left + 1).min(steps);
                continue;
            }
            other => panic!("{other:?}"),
        }
        if left == steps / 20 {
            drop(worker.take());
            worker = Some(Process::start(&order));
            last = Some(Instant::now());
        } else if let Some(last) = &mut last {
            pause = pause.max(last.elapsed());
            *last = Instant::now();
        }
    }
    assert_eq!(timeout(GUARD, total.output()).await.unwrap().unwrap(), 1);
    println!(
        "{steps} steps in {:?}; killed when a twentieth was left: a pause of {pause:?}, {repeated} calls \
         repeated",
        begun.elapsed()
    );
    drop(worker);
}
