//! Workers that are processes of their own, to be killed.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use flow_restate::Worker;
use serde::{Deserialize, Serialize};
use tokio::net::TcpSocket;

use crate::flows::{Gate, Total};
use crate::work::{Outside, work};

/// Makes this test binary a worker. Its value is an [`Order`].
const ORDER: &str = "FLOW_RESTATE_TEST_WORKER";

/// What a worker is told.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Order {
    pub(crate) port: u16,
    pub(crate) log: PathBuf,
    pub(crate) takes: Duration,
}

/// The worker: nothing but a test if it is not run as one.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn worker() {
    let Ok(order) = std::env::var(ORDER) else {
        return;
    };
    let order: Order = serde_json::from_str(&order).unwrap();
    let outside = Outside::open(&order.log, order.takes);
    // Several workers are behind one address.
    let socket = TcpSocket::new_v4().unwrap();
    socket.set_reuseaddr(true).unwrap();
    socket.set_reuseport(true).unwrap();
    socket.bind(([127, 0, 0, 1], order.port).into()).unwrap();
    let listener = socket.listen(1024).unwrap();
    // Nothing holds its executions up.
    let gate = Gate::default();
    gate.open();
    let worker = Worker::new()
        .flow(work(outside))
        .flow(Total::new().with(gate));
    let worker = worker.park_after(Duration::from_millis(50));
    worker.serve_on(listener).await.unwrap();
}

/// Kills the worker when it is dropped.
pub(crate) struct Process(Child);

impl Process {
    pub(crate) fn start(order: &Order) -> Self {
        let mut command = Command::new(std::env::current_exe().unwrap());
        command
            .args(["--exact", "processes::worker", "--nocapture"])
            .env(ORDER, serde_json::to_string(order).unwrap())
            .stdin(Stdio::null())
            .stdout(Stdio::null());
        Self(command.spawn().unwrap())
    }

    pub(crate) fn id(&self) -> u32 {
        self.0.id()
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.0.kill().unwrap();
        self.0.wait().unwrap();
    }
}

/// A line of the log.
#[derive(Clone, Debug)]
pub(crate) struct Line {
    /// In microseconds since 1970.
    pub(crate) at: u64,
    pub(crate) process: u32,
    pub(crate) is_end: bool,
    pub(crate) execution: u32,
    pub(crate) call: String,
}

pub(crate) fn lines(log: &Path) -> Vec<Line> {
    let text = std::fs::read_to_string(log).unwrap_or_default();
    let line = |line: &str| {
        let mut words = line.splitn(5, ' ');
        Some(Line {
            at: words.next()?.parse().ok()?,
            process: words.next()?.parse().ok()?,
            is_end: words.next()? == "end",
            execution: words.next()?.parse().ok()?,
            call: words.next()?.to_owned(),
        })
    };
    text.lines().map(|text| line(text).unwrap()).collect()
}
