//! Workers and servers of NATS that are killed while items come.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use flow_core::durable::{Executions, Logged, Position, RequestError};
use flow_restate::{Nats, Worker};
use futures::TryStreamExt;
use serde::{Deserialize, Serialize};
use tokio::time::{sleep, timeout};

use crate::flows::{Pace, Steps};
use crate::nats::NatsServer;
use crate::server::{Server, free_port};

/// A limit for what hangs.
const GUARD: Duration = Duration::from_secs(120);

/// Makes this test binary a worker. Its value is an [`Order`].
const ORDER: &str = "FLOW_RESTATE_STREAMS_WORKER";

/// What a worker is told.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Order {
    port: u16,
    nats: String,
    log: PathBuf,
    takes: Duration,
}

/// The worker: nothing but a test if it is not run as one.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn worker() {
    let Ok(order) = std::env::var(ORDER) else {
        return;
    };
    let order: Order = serde_json::from_str(&order).unwrap();
    let streams = Nats::connect(&order.nats).await.unwrap();
    let pace = Pace(order.takes, Some(order.log));
    let worker = Worker::new().flow(Steps::new().with(pace));
    let address = ("127.0.0.1", order.port);
    worker.streams(streams).serve(address).await.unwrap();
}

/// Kills the worker when it is dropped.
struct Process(Child);

impl Process {
    fn start(order: &Order) -> Self {
        let mut command = Command::new(std::env::current_exe().unwrap());
        command
            .args(["--exact", "crashes::worker", "--nocapture"])
            .env(ORDER, serde_json::to_string(order).unwrap())
            .stdin(Stdio::null())
            .stdout(Stdio::null());
        Self(command.spawn().unwrap())
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.0.kill().unwrap();
        self.0.wait().unwrap();
    }
}

/// Waits until the log has so many more lines.
async fn calls(log: &Path, more: usize) {
    let lines = || std::fs::read_to_string(log).map_or(0, |log| log.lines().count());
    let until = lines() + more;
    let begun = Instant::now();
    while lines() < until {
        assert!(begun.elapsed() < GUARD, "it hangs");
        sleep(Duration::from_millis(1)).await;
    }
}

/// Reads until the end, and checks what was read. Returns how often a call was made again.
async fn read(executions: Executions<Steps>, id: &'static str, to: u32) -> usize {
    let execution = executions.get(id);
    let mut position: Option<Position> = None;
    let mut numbers = Vec::new();
    let mut restarts = 0;
    'anew: loop {
        let mut items = execution.items(position.clone());
        loop {
            match items.try_next().await {
                Ok(Some(Logged::Item { position: at, item })) => {
                    let number = |at: &Position| u64::from_str_radix(at.as_str(), 16).unwrap();
                    let before = position.as_ref().map(number);
                    assert!(before < Some(number(&at)), "each position comes once");
                    position = Some(at);
                    numbers.push(item);
                }
                Ok(Some(Logged::Restarted { call })) => {
                    assert_eq!(call.as_deref(), Some("step"));
                    restarts += 1;
                    // The item of the call that is made again comes once more, or comes now.
                    numbers.push(u32::MAX);
                }
                Ok(Some(other)) => panic!("{other:?}"),
                Ok(None) => break 'anew,
                Err(RequestError::Unavailable(_)) => {
                    sleep(Duration::from_millis(20)).await;
                    continue 'anew;
                }
                Err(error) => panic!("{error}"),
            }
            if matches!(numbers.last(), Some(number) if number % 37 == 36) {
                continue 'anew;
            }
        }
    }
    let mut expected = 0;
    let mut again = false;
    for number in numbers {
        if number == u32::MAX {
            again = true;
        } else if number + 1 == expected {
            assert!(again, "{number} came twice without a word");
            again = false;
        } else {
            assert_eq!(number, expected);
            expected += 1;
            again = false;
        }
    }
    assert_eq!(expected, to, "nothing is lost");
    restarts
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_worker_is_killed_between_items() {
    let (server, nats) = tokio::join!(Server::start(), NatsServer::start());
    let directory = tempfile::tempdir().unwrap();
    let order = Order {
        port: free_port(),
        nats: nats.address(),
        log: directory.path().join("log"),
        takes: Duration::from_millis(3),
    };
    let mut process = Process::start(&order);
    server
        .register(&format!("http://127.0.0.1:{}", order.port))
        .await;
    let client = server.client().streams(nats.connect().await);
    let executions: Executions<Steps> = client.executions();
    let execution = executions.start("1", 400).await.unwrap();
    let reading = tokio::spawn(read(executions.clone(), "1", 400));
    for _ in 0..5 {
        calls(&order.log, fastrand::usize(20..60)).await;
        drop(process);
        process = Process::start(&order);
    }
    let output = timeout(GUARD, execution.output()).await.expect("it hangs");
    assert_eq!(output.unwrap(), 400);
    let restarts = timeout(GUARD, reading).await.expect("it hangs").unwrap();
    println!("a worker killed 5 times: {restarts} calls were made again");
    // Later, everything is the same.
    assert_eq!(read(executions, "1", 400).await, restarts);
    drop(process);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_server_of_nats_is_killed_and_started_again() {
    let (server, mut nats) = tokio::join!(Server::start(), NatsServer::start());
    let directory = tempfile::tempdir().unwrap();
    let log = directory.path().join("log");
    let streams = nats.connect().await;
    let pace = Pace(Duration::from_millis(3), Some(log.clone()));
    let worker = Worker::new().flow(Steps::new().with(pace));
    let _serving = server.serve(worker.streams(streams.clone())).await;
    let executions: Executions<Steps> = server.client().streams(streams).executions();
    let execution = executions.start("1", 400).await.unwrap();
    let reading = tokio::spawn(read(executions.clone(), "1", 400));
    for _ in 0..3 {
        calls(&log, 30).await;
        nats.kill();
        // For so long it is gone.
        sleep(Duration::from_millis(300)).await;
        nats.restart().await;
    }
    let output = timeout(GUARD, execution.output()).await.expect("it hangs");
    assert_eq!(output.unwrap(), 400);
    let restarts = timeout(GUARD, reading).await.expect("it hangs").unwrap();
    assert_eq!(restarts, 0, "no call was made again");
    assert_eq!(read(executions, "1", 400).await, 0);
}
