//! Workers and servers that are killed while executions run.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use flow_core::Asked;
use flow_core::durable::{Executions, Handle, Logged, RequestError};
use futures::TryStreamExt;
use tempfile::TempDir;
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};

use crate::processes::{Line, Order, Process, lines};
use crate::server::{Server, free_port};
use crate::work::{CALLS, Check, Work, output};

/// A limit for what hangs.
const GUARD: Duration = Duration::from_secs(120);

/// How often something is killed, unless `FLOW_KILLS` says it.
fn kills(unless_told: u32) -> u32 {
    let told = std::env::var("FLOW_KILLS").ok();
    told.map_or(unless_told, |kills| kills.parse().unwrap())
}

struct Scene {
    server: Server,
    directory: TempDir,
    order: Order,
}

impl Scene {
    async fn new(takes: Duration) -> Self {
        let directory = tempfile::tempdir().unwrap();
        Self {
            server: Server::start().await,
            order: Order {
                port: free_port(),
                log: directory.path().join("log"),
                takes,
            },
            directory,
        }
    }

    async fn register(&self) {
        let address = format!("http://127.0.0.1:{}", self.order.port);
        self.server.register(&address).await;
    }

    fn executions(&self) -> Executions<Work> {
        self.server.client().executions()
    }

    fn log(&self) -> PathBuf {
        self.directory.path().join("log")
    }
}

/// Repeats a request until the server is there.
macro_rules! patiently {
    ($request:expr) => {
        loop {
            match $request.await {
                Err(RequestError::Unavailable(_)) => sleep(Duration::from_millis(20)).await,
                result => break result,
            }
        }
    };
}

/// The first question.
async fn asked(execution: &Handle<Work>) -> Result<Asked<Check>, RequestError> {
    let mut items = execution.items(None);
    while let Some(entry) = items.try_next().await? {
        if let Logged::Item { item, .. } = entry {
            return Ok(item);
        }
    }
    panic!("it asks");
}

/// Starts an execution, and goes with it to its end.
async fn tend(executions: Executions<Work>, number: u32) {
    let id = number.to_string();
    let execution = patiently!(executions.start(&id, number)).unwrap();
    let asked = patiently!(asked(&execution)).unwrap();
    assert_eq!(asked.question.0, number);
    patiently!(execution.answer(asked.id, &(number % 7))).unwrap();
    let done = patiently!(execution.output()).unwrap();
    assert_eq!(done, output(number % 7), "of the execution {number}");
}

/// So many executions at a time, from this number on, until it is told to stop. Returns the number
/// of the next one.
pub(crate) async fn load(
    executions: Executions<Work>,
    first: u32,
    at_once: u32,
    stop: Arc<AtomicBool>,
) -> u32 {
    let mut running = JoinSet::new();
    let mut next = first;
    loop {
        while running.len() < at_once as usize && !stop.load(Ordering::Relaxed) {
            running.spawn(tend(executions.clone(), next));
            next += 1;
        }
        let Some(tended) = running.join_next().await else {
            return next;
        };
        tended.unwrap();
    }
}

/// Waits until some calls were made, and a little longer.
pub(crate) async fn progress(log: &Path) {
    let size = || std::fs::metadata(log).map_or(0, |log| log.len());
    let calls = fastrand::u64(20..100);
    let until = size() + calls * 80;
    let begun = Instant::now();
    while size() < until {
        assert!(begun.elapsed() < GUARD, "it hangs");
        sleep(Duration::from_millis(1)).await;
    }
    sleep(Duration::from_millis(fastrand::u64(0..20))).await;
}

/// What the log tells of the calls.
#[derive(Debug)]
#[allow(dead_code, reason = "it is printed")]
pub(crate) struct Calls {
    /// Bodies that have begun more than once.
    begun_again: usize,
    /// Bodies that have ended more than once.
    ended_twice: usize,
    longest_pause: Duration,
}

pub(crate) fn check(lines: &[Line], executions: u32) -> Calls {
    let mut begun: BTreeMap<(u32, &str), u32> = BTreeMap::new();
    let mut ended: BTreeMap<(u32, &str), u32> = BTreeMap::new();
    let mut last: BTreeMap<u32, u64> = BTreeMap::new();
    let mut longest = 0;
    for line in lines {
        let calls = if line.is_end { &mut ended } else { &mut begun };
        *calls.entry((line.execution, &line.call)).or_default() += 1;
        let before = last.insert(line.execution, line.at).unwrap_or(line.at);
        longest = longest.max(line.at.saturating_sub(before));
    }
    assert_eq!(
        u32::try_from(ended.len()).unwrap(),
        executions * CALLS,
        "each call has ended"
    );
    Calls {
        begun_again: begun.values().filter(|times| **times > 1).count(),
        ended_twice: ended.values().filter(|times| **times > 1).count(),
        longest_pause: Duration::from_micros(longest),
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_only_worker_is_killed_again_and_again() {
    let scene = Scene::new(Duration::from_millis(5)).await;
    let mut worker = Process::start(&scene.order);
    scene.register().await;
    let stop = Arc::new(AtomicBool::new(false));
    let load = tokio::spawn(load(scene.executions(), 0, 20, Arc::clone(&stop)));
    let kills = kills(4);
    for _ in 0..kills {
        progress(&scene.log()).await;
        drop(worker);
        worker = Process::start(&scene.order);
    }
    stop.store(true, Ordering::Relaxed);
    let executions = timeout(GUARD, load).await.expect("it hangs").unwrap();
    let calls = check(&lines(&scene.log()), executions);
    println!("worker killed {kills} times, {executions} executions: {calls:?}");
    // Twenty executions, each with up to four calls at a time.
    assert!(calls.begun_again <= 80 * kills as usize, "{calls:?}");
    drop(worker);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_of_two_workers_is_killed_for_good() {
    let scene = Scene::new(Duration::from_millis(5)).await;
    let mut workers = vec![Process::start(&scene.order)];
    scene.register().await;
    workers.push(Process::start(&scene.order));
    let stop = Arc::new(AtomicBool::new(false));
    let load = tokio::spawn(load(scene.executions(), 0, 20, Arc::clone(&stop)));
    let rounds = kills(3);
    let mut pauses = Vec::new();
    for _ in 0..rounds {
        sleep(Duration::from_millis(700)).await;
        // The one that does more.
        let log = lines(&scene.log());
        let recent = &log[log.len().saturating_sub(200)..];
        let share = |process: u32| recent.iter().filter(|line| line.process == process).count();
        if share(workers[0].id()) < share(workers[1].id()) {
            workers.swap(0, 1);
        }
        let dead = workers.remove(0);
        let id = dead.id();
        let killed = std::time::SystemTime::UNIX_EPOCH.elapsed().unwrap();
        drop(dead);
        sleep(Duration::from_millis(600)).await;
        // What it had begun, and where that went on.
        let log = lines(&scene.log());
        let killed = u64::try_from(killed.as_micros()).unwrap();
        let mut moved = BTreeMap::new();
        let mut of_dead = BTreeSet::new();
        for line in &log {
            if line.process == id && line.at + 300_000 > killed {
                of_dead.insert(line.execution);
            } else if line.at > killed && of_dead.contains(&line.execution) {
                moved.entry(line.execution).or_insert(line.at - killed);
            }
        }
        let mut after: Vec<_> = moved.into_values().collect();
        after.sort_unstable();
        if let Some(median) = after.get(after.len() / 2) {
            pauses.push((after.len(), *median / 1000, after[after.len() - 1] / 1000));
        }
        workers.push(Process::start(&scene.order));
    }
    stop.store(true, Ordering::Relaxed);
    let executions = timeout(GUARD, load).await.expect("it hangs").unwrap();
    let calls = check(&lines(&scene.log()), executions);
    println!(
        "one of two workers killed {rounds} times, {executions} executions: {calls:?}; moved \
         executions, with the milliseconds at the median and at most: {pauses:?}"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_server_is_killed_again_and_again() {
    let mut scene = Scene::new(Duration::from_millis(5)).await;
    let worker = Process::start(&scene.order);
    scene.register().await;
    let stop = Arc::new(AtomicBool::new(false));
    let load = tokio::spawn(load(scene.executions(), 0, 10, Arc::clone(&stop)));
    let kills = kills(2);
    for _ in 0..kills {
        progress(&scene.log()).await;
        scene.server.kill();
        sleep(Duration::from_millis(200)).await;
        scene.server.restart().await;
    }
    stop.store(true, Ordering::Relaxed);
    let executions = timeout(GUARD, load).await.expect("it hangs").unwrap();
    let calls = check(&lines(&scene.log()), executions);
    println!("server killed {kills} times, {executions} executions: {calls:?}");
    // What has ended, and was not recorded: ten executions, with up to four calls at a time.
    assert!(calls.ended_twice <= 40 * kills as usize, "{calls:?}");
    drop(worker);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_answer_while_no_worker_is_there_and_the_server_restarts() {
    let mut scene = Scene::new(Duration::from_millis(1)).await;
    let worker = Process::start(&scene.order);
    scene.register().await;
    let executions = scene.executions();
    let execution = executions.start("1", 1).await.unwrap();
    let asked = asked(&execution).await.unwrap();
    drop(worker);
    let answering = {
        let execution = execution.clone();
        tokio::spawn(async move { patiently!(execution.answer(asked.id, &3)) })
    };
    sleep(Duration::from_millis(500)).await;
    scene.server.kill();
    scene.server.restart().await;
    sleep(Duration::from_millis(500)).await;
    assert!(!answering.is_finished(), "no worker has taken it");

    let begun = Instant::now();
    let worker = Process::start(&scene.order);
    timeout(GUARD, answering).await.unwrap().unwrap().unwrap();
    let done = timeout(GUARD, execution.output()).await.unwrap().unwrap();
    assert_eq!(done, output(3));
    println!(
        "answered and over {:?} after the worker came back",
        begun.elapsed()
    );
    let calls = check(&lines(&scene.log()), 1);
    assert_eq!((calls.begun_again, calls.ended_twice), (0, 0));
    drop(worker);
}
