//! Starts the process, kills it, and starts it again.

use std::path::Path;
use std::process::Stdio;
use std::time::{Duration, Instant};

use flow_core::durable::Status;
use flow_journal::Journal;
use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, BufReader};
use tokio::process::{Child, Command};
use tokio::time::timeout;

use crate::checks::Checked;
use crate::flows::{Outside, Work};
use crate::log::{self, Log};
use crate::victim::{self, ORDER, Order};

/// How many times it is killed, unless `FLOW_KILLS` says it: what fits into some seconds.
const KILLS: u32 = 40;

/// A limit for a process that hangs.
const GUARD: Duration = Duration::from_secs(40);

/// Tells the seed when the test fails, and keeps the directory.
struct Run {
    seed: u64,
    directory: TempDir,
}

impl Drop for Run {
    fn drop(&mut self) {
        if std::thread::panicking() {
            self.directory.disable_cleanup(true);
            let directory = self.directory.path().display();
            eprintln!("to repeat this: FLOW_SEED={}", self.seed);
            eprintln!("what is left of it: {directory}");
        }
    }
}

fn setting<T: std::str::FromStr>(name: &str) -> Option<T> {
    let given = std::env::var(name).ok()?;
    let number = given.parse().ok();
    Some(number.unwrap_or_else(|| panic!("{name} is a number, and not `{given}`")))
}

#[tokio::test]
async fn nothing_is_lost_and_no_completed_call_is_made_twice() {
    let kills = setting("FLOW_KILLS").unwrap_or(KILLS);
    let run = Run {
        seed: setting("FLOW_SEED").unwrap_or_else(|| fastrand::u64(..)),
        directory: tempfile::tempdir().unwrap(),
    };
    let directory = run.directory.path();
    let mut random = fastrand::Rng::with_seed(run.seed);
    let begun = Instant::now();

    let mut checked = Checked::default();
    let mut read = 0;
    for process in 0..=kills {
        let is_last = process == kills;
        let order = Order {
            directory: directory.to_owned(),
            process,
            seed: random.u64(..),
            begun: checked.open(),
            next: checked.next(),
            is_last,
        };
        if is_last {
            timeout(GUARD, finish(&order)).await.expect("it hangs");
        } else {
            timeout(GUARD, kill(&order, &mut random))
                .await
                .unwrap_or_else(|_| panic!("process {process} hangs"));
        }
        let lines = log::read(&victim::log(directory));
        for (process, line) in lines.into_iter().skip(read) {
            read += 1;
            checked.add(process, line);
        }
    }
    let open = checked.open();
    assert!(open.is_empty(), "these are not over: {open:?}");
    check_journal(directory, &checked).await;
    println!(
        "{kills} kills in {:.1?}, seed {}: {} executions, {} effects, {} calls made again, {} \
         executions tried again",
        begun.elapsed(),
        run.seed,
        checked.over.len(),
        checked.effects,
        checked.repeated.len(),
        checked.retried
    );
}

fn start(order: &Order) -> Child {
    Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "victim::victim", "--nocapture"])
        .env(ORDER, serde_json::to_string(order).unwrap())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .unwrap()
}

/// Runs a process, and kills it: after some progress, or soon after it was started.
async fn kill(order: &Order, random: &mut fastrand::Rng) {
    let mut child = start(order);
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    // The first one is that it is open. Some are killed before.
    let progress = match random.u32(0..8) {
        0 => 0,
        1 => 1,
        _ => random.u32(2..150),
    };
    let spin = match progress {
        0 => Duration::from_micros(random.u64(0..60_000)),
        _ => Duration::from_micros(random.u64(0..4_000)),
    };
    let mut seen = 0;
    while seen < progress {
        match lines.next_line().await.unwrap() {
            Some(line) if line.starts_with("progress: ") => seen += 1,
            Some(_) => {}
            None => failed(child, order).await,
        }
    }
    let begun = Instant::now();
    while begun.elapsed() < spin {
        std::hint::spin_loop();
    }
    if child.try_wait().unwrap().is_some() {
        failed(child, order).await;
    }
    child.kill().await.unwrap();
}

/// The process has ended by itself.
async fn failed(mut child: Child, order: &Order) -> ! {
    let mut errors = String::new();
    let mut stderr = child.stderr.take().unwrap();
    stderr.read_to_string(&mut errors).await.unwrap();
    panic!("process {} has ended: {errors}", order.process);
}

/// Lets a process end by itself.
async fn finish(order: &Order) {
    let output = start(order).wait_with_output().await.unwrap();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{errors}");
}

/// The journal has all that was started, and nothing else.
async fn check_journal(directory: &Path, checked: &Checked) {
    let log = Log::open(&victim::log(directory), u32::MAX);
    let journal = Journal::open(directory.join("journal")).await.unwrap();
    let work = journal.register(Work::new().with(Outside(log)));
    let list = work.by_id().list().unwrap();
    let mut after: Option<String> = None;
    let mut count = 0;
    loop {
        let listed = list.list(after.as_deref(), 100).await.unwrap();
        let Some(end) = listed.last() else { break };
        after = Some(end.id.clone());
        for listed in &listed {
            count += 1;
            let Status::Done(output) = &listed.status else {
                panic!("{listed:?}");
            };
            let output = output.decode().unwrap();
            assert_eq!(checked.over[&listed.id.parse().unwrap()], output);
        }
    }
    assert_eq!(count, checked.count());
    assert!(journal.close(Duration::from_secs(60)).await.unwrap());
}
