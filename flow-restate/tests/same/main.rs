//! The flows of the crash suite, each with a part of the language, come to the same on Restate:
//! with and without a worker that crashes again and again. `FLOW_ROUNDS` is how many times.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

#[path = "../../../tests/crashes/flows/mod.rs"]
#[allow(dead_code, reason = "not all are run")]
mod flows;
#[path = "../../../tests/crashes/harness.rs"]
#[allow(dead_code, reason = "the crash suite uses the rest")]
mod harness;
#[path = "../restate/server.rs"]
#[allow(dead_code, reason = "other tests use the rest")]
mod server;

use std::time::Duration;

use flow_core::__private::{Complete, Graph};
use flow_core::Flow;
use flow_core::durable::{
    Bytes, Encoded, Executions, ItemRow, Logged, RequestError, Status, codec,
};
use flow_restate::{Client, Worker};
use futures::TryStreamExt;
use futures::future::BoxFuture;
use tokio::time::{sleep, timeout};

use crate::flows::every_flow;
use crate::harness::{Answers, Crash, Effects, Outcome, answer, run};
use crate::server::Server;

/// A limit for what hangs.
const GUARD: Duration = Duration::from_secs(60);

/// One of the flows, and an execution of it.
struct Case {
    name: &'static str,
    effects: Effects,
    add: Box<dyn Fn(Worker) -> Worker + Send>,
    /// Runs it on rows in memory.
    expected: BoxFuture<'static, (Outcome, Effects)>,
    /// Runs it on the server.
    runs: Box<dyn FnOnce(Client) -> BoxFuture<'static, Outcome> + Send>,
}

fn case<G: Graph, Given: Complete + Sync + 'static>(
    name: &'static str,
    flow: fn(Effects) -> Flow<G, Given>,
    input: fn() -> G::Input,
    answers: Answers,
) -> Case {
    let effects = Effects::default();
    let of_worker = effects.clone();
    let given = answers.clone();
    Case {
        name,
        effects,
        add: Box::new(move |worker| worker.flow_as(name, flow(of_worker.clone()))),
        expected: Box::pin(async move {
            let effects = Effects::default();
            let flow = flow(effects.clone());
            let (outcome, ..) = run(&flow, input(), &given, Crash::Never).await;
            (outcome, effects)
        }),
        runs: Box::new(move |client| {
            let executions: Executions<G> = client.executions_of(name);
            Box::pin(run_there(executions, input(), answers))
        }),
    }
}

async fn run_there<G: Graph>(
    executions: Executions<G>,
    input: G::Input,
    answers: Answers,
) -> Outcome {
    let by_id = executions.by_id();
    executions.start("one", input).await.unwrap();
    let answering = async {
        loop {
            for question in by_id.questions("one").await.unwrap() {
                let given = answers.iter().find(|(name, _)| *name == question.name);
                if let Some((_, answer)) = given {
                    let answer = Encoded::from_bytes(answer.clone());
                    let answered = by_id.answer("one", question.number, answer).await;
                    answered.unwrap();
                }
            }
            sleep(Duration::from_millis(10)).await;
        }
    };
    tokio::select! {
        _ = by_id.output("one") => {}
        () = answering, if !answers.is_empty() => {}
    }
    let outcome = match by_id.status("one").await.unwrap() {
        Status::Done(output) => Ok(Bytes(output.to_bytes().unwrap())),
        Status::Failed(error) => Err(error),
        status => panic!("{status:?}"),
    };
    let entries = by_id.items("one", None);
    let mut items = Vec::new();
    let read = entries.try_for_each(|entry| {
        match entry {
            Logged::Item { item, .. } => {
                let row = ItemRow::Item(Bytes(item.to_bytes().unwrap()));
                items.push(codec::to_bytes(&row).unwrap());
            }
            Logged::Restarted { .. } => {}
            other => panic!("{other:?}"),
        }
        futures::future::ready(Ok(()))
    });
    match read.await {
        Ok(()) | Err(RequestError::Failed(_)) => {}
        Err(error) => panic!("{error}"),
    }
    Outcome {
        outcome: codec::to_bytes(&outcome).unwrap(),
        items,
    }
}

/// The flows, with their times in seconds instead of hours.
mod shortened {
    use crate::flows::questions::{Expires, Reminded, RemindedEach, remind};
    pub(crate) use crate::flows::*;

    pub(crate) fn expires(effects: super::Effects) -> super::Flow<Expires> {
        super::flows::expires(effects).within_of::<Review>(super::Duration::from_secs(2))
    }

    pub(crate) fn reminded(effects: super::Effects) -> super::Flow<Reminded> {
        let flow = super::flows::reminded(effects);
        flow.within_of::<Review>(super::Duration::from_secs(2))
            .every_of::<remind>(super::Duration::from_millis(800))
    }

    pub(crate) fn reminded_each(effects: super::Effects) -> super::Flow<RemindedEach> {
        let flow = super::flows::reminded_each(effects);
        flow.within_of::<Review>(super::Duration::from_secs(1))
            .every_of::<remind>(super::Duration::from_millis(400))
    }
}

macro_rules! cases {
    ($($name:ident($input:expr) $answers:expr;)*) => {
        fn cases() -> Vec<Case> {
            vec![$(case(stringify!($name), shortened::$name, || $input, $answers)),*]
        }
    };
}

every_flow!(cases);

/// What these do before their end, and in which pairs, depends on how long a step takes; and ticks
/// that were missed come as one.
const RACES: [&str; 8] = [
    "first",
    "partners",
    "stops",
    "ends_now",
    "clocks",
    "item_fails",
    "reminded",
    "reminded_each",
];

/// Which question of these has which number depends on it as well.
const NUMBERED: [&str; 3] = ["ask_each", "approvals", "reminded_each"];

fn rounds() -> u32 {
    let told = std::env::var("FLOW_ROUNDS").ok();
    told.map_or(1, |rounds| rounds.parse().unwrap())
}

/// Runs all of them, with a worker that crashes so often, if so much time is left. Returns how
/// often it did.
async fn all_come_to_the_same(crashes: usize) -> usize {
    let server = Server::start().await;
    let mut adds = Vec::new();
    let mut begins = Vec::new();
    for case in cases() {
        adds.push(case.add);
        begins.push((case.name, case.effects, case.expected, case.runs));
    }
    let worker = || {
        let worker = Worker::new().park_after(Duration::from_millis(20));
        adds.iter().fold(worker, |worker, add| add(worker))
    };
    let mut serving = server.serve(worker()).await;
    let running = begins.into_iter().map(|(name, effects, expected, runs)| {
        let runs = runs(server.client());
        tokio::spawn(async move {
            let (outcome, (expected, expected_effects)) = futures::join!(runs, expected);
            (name, outcome, effects, expected, expected_effects)
        })
    });
    let running: Vec<_> = running.collect();
    let mut count = 0;
    while count < crashes && running.iter().any(|task| !task.is_finished()) {
        sleep(Duration::from_millis(fastrand::u64(30..400))).await;
        let address = serving.crash().await;
        count += 1;
        serving = server.serve_at(worker(), address);
    }
    let mut differ = Vec::new();
    for task in running {
        let (name, outcome, effects, expected, expected_effects) = match timeout(GUARD, task).await
        {
            Ok(ended) => ended.unwrap(),
            Err(_hangs) => panic!("it hangs: {}", server.invocations().await),
        };
        assert_eq!(outcome.outcome, expected.outcome, "{name}");
        let happened = effects.counted();
        for (effect, times) in expected_effects.counted() {
            let times_at_least = if RACES.contains(&name) { 0 } else { times };
            let now = happened.get(&effect).copied().unwrap_or(0);
            let most = times * (count + 1);
            if !(times_at_least..=most).contains(&now) {
                differ.push(format!("{name}: {effect} {now} times"));
            }
        }
        if count > 0 {
            let lost = expected
                .items
                .iter()
                .find(|item| !outcome.items.contains(item));
            if !NUMBERED.contains(&name) && lost.is_some() {
                differ.push(format!("{name}: an item is lost"));
            }
        } else if !NUMBERED.contains(&name) {
            assert_eq!(outcome.items, expected.items, "{name}");
        }
    }
    assert!(differ.is_empty(), "after {count} crashes: {differ:#?}");
    count
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_flow_comes_to_what_it_comes_to_in_memory() {
    all_come_to_the_same(0).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_flow_comes_to_the_same_when_its_worker_crashes() {
    let mut count = 0;
    for _ in 0..rounds() {
        count += all_come_to_the_same(20).await;
    }
    println!("{count} crashes of a worker with 37 flows");
}
