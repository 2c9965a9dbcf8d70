//! Three servers that are one, of which each is killed in its turn.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use tokio::time::timeout;

use crate::kills::{check, load, progress};
use crate::processes::{Order, Process, lines};
use crate::server::{Server, free_port};

/// A limit for what hangs.
const GUARD: Duration = Duration::from_secs(120);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_cluster_goes_on_without_each_of_its_nodes() {
    let mut nodes = Server::start_cluster().await;
    let directory = tempfile::tempdir().unwrap();
    let order = Order {
        port: free_port(),
        log: directory.path().join("log"),
        takes: Duration::from_millis(5),
    };
    let worker = Process::start(&order);
    nodes[0]
        .register(&format!("http://127.0.0.1:{}", order.port))
        .await;
    let mut first = 0;
    for killed in 0..nodes.len() {
        // Requests go to another node.
        let executions = nodes[(killed + 1) % nodes.len()].client().executions();
        let stop = Arc::new(AtomicBool::new(false));
        let load = tokio::spawn(load(executions, first, 10, Arc::clone(&stop)));
        progress(&order.log).await;
        nodes[killed].kill();
        progress(&order.log).await;
        nodes[killed].restart().await;
        progress(&order.log).await;
        stop.store(true, Ordering::Relaxed);
        first = timeout(GUARD, load).await.expect("it hangs").unwrap();
        // What the node has missed comes to it, and the next one is not missed.
        let (before, after) = nodes.split_at(killed);
        let (node, after) = after.split_first().unwrap();
        let others: Vec<_> = before.iter().chain(after).collect();
        let begun = Instant::now();
        node.catches_up(&others).await;
        println!("a node has caught up after {:?}", begun.elapsed());
    }
    let calls = check(&lines(&order.log), first);
    println!("each of three nodes killed, {first} executions: {calls:?}");
    drop(worker);
}
