//! Runs durable executions on rows, and crashes on command.

use std::collections::BTreeMap;
use std::future::poll_fn;
use std::sync::{Arc, Mutex};
use std::task::Poll;
use std::time::{Duration, SystemTime};

use flow_core::__private::Graph;
use flow_core::durable::{Change, Machine, Message, Refused, Rows, codec};
use flow_core::{Flow, FlowError};
use tokio::time::Instant;

/// What the handlers of a flow have done to the world outside, in the order in which they did it.
#[derive(Clone, Default)]
pub(crate) struct Effects(Arc<Mutex<Vec<String>>>);

impl Effects {
    pub(crate) fn note(&self, effect: impl Into<String>) {
        self.0.lock().unwrap().push(effect.into());
    }

    pub(crate) fn counted(&self) -> BTreeMap<String, usize> {
        let mut counted = BTreeMap::new();
        for effect in self.0.lock().unwrap().iter() {
            *counted.entry(effect.clone()).or_default() += 1;
        }
        counted
    }
}

/// Where an execution crashes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Crash {
    /// Before this commit is durable: it is lost.
    Before(usize),
    /// After it is durable, and before the execution knows.
    After(usize),
    /// After the execution knows, and before it goes on.
    Acknowledged(usize),
    /// After every commit.
    Everywhere,
    /// The same, and questions are answered when the execution has just been loaded.
    EverywhereAnswered,
    /// At one commit of three, in one of these ways, chosen by this seed.
    Random(u64),
    Never,
}

/// What an execution has come to.
#[derive(Debug, PartialEq)]
pub(crate) struct Outcome {
    /// The output, or the error, as it is written.
    pub(crate) outcome: Vec<u8>,
    pub(crate) items: Vec<Vec<u8>>,
}

/// An answer to each question with this name.
pub(crate) type Answers = Vec<(&'static str, Vec<u8>)>;

pub(crate) fn answer<T: serde::Serialize>(question: &'static str, answer: &T) -> Answers {
    vec![(question, codec::to_bytes(answer).unwrap())]
}

/// The world in which an execution runs: its store, its clock, and those who answer.
struct World {
    rows: Rows,
    began: Instant,
    commits: usize,
    crashes: usize,
    random: fastrand::Rng,
}

impl World {
    fn now(&self) -> SystemTime {
        SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000_000) + self.began.elapsed()
    }
}

impl World {
    /// The crash at this commit.
    fn crash(&mut self, planned: Crash, commit: usize) -> Crash {
        if !matches!(planned, Crash::Random(_)) {
            return planned;
        }
        let crash = match self.random.u32(..9) {
            0 => Crash::Before(commit),
            1 => Crash::After(commit),
            2 => Crash::Acknowledged(commit),
            _ => return Crash::Never,
        };
        self.crashes += 1;
        crash
    }
}

/// Runs an execution to its end. Returns what it has come to, how many commits it has made,
/// and how often it has crashed at random.
pub(crate) async fn run<G: Graph, Given>(
    flow: &Flow<G, Given>,
    input: G::Input,
    answers: &Answers,
    crash: Crash,
) -> (Outcome, usize, usize)
where
    Given: flow_core::__private::Complete + 'static,
{
    let mut world = World {
        rows: Rows::default(),
        began: Instant::now(),
        commits: 0,
        crashes: 0,
        random: fastrand::Rng::with_seed(if let Crash::Random(seed) = crash {
            seed
        } else {
            0
        }),
    };
    let first = Machine::start(flow, input, world.now()).unwrap();
    world.rows.apply(first);
    let mut loads = 0;
    while !live(flow, answers, crash, &mut world).await.unwrap() {
        loads += 1;
        assert!(loads < 10_000, "the execution makes no progress");
    }
    let items = world
        .rows
        .iter()
        .filter(|(key, _)| key.starts_with("item/"));
    let outcome = Outcome {
        outcome: world.rows.get("outcome").unwrap().to_vec(),
        items: items.map(|(_, item)| item.to_vec()).collect(),
    };
    (outcome, world.commits, world.crashes)
}

/// One life of an execution: from a load to its end, or to a crash. Returns whether it has ended.
async fn live<G: Graph, Given>(
    flow: &Flow<G, Given>,
    answers: &Answers,
    crash: Crash,
    world: &mut World,
) -> Result<bool, FlowError>
where
    Given: flow_core::__private::Complete + 'static,
{
    let mut machine = Machine::load(flow, &world.rows, world.now())?;
    if crash == Crash::EverywhereAnswered
        && let Some((number, answer)) = first_question(&world.rows, answers)
    {
        let answer = &answer;
        match machine.deliver(Message::Answer { number, answer }) {
            Ok(()) | Err(Refused::NotYet) => {}
            Err(refused) => panic!("{number}: {refused}"),
        }
    }
    loop {
        // The outside answers when nothing else happens.
        let waiting = first_question(&world.rows, answers);
        let commit = poll_fn(|cx| {
            let mut next = std::pin::pin!(machine.next_commit());
            match next.as_mut().poll(cx) {
                Poll::Pending if waiting.is_some() => Poll::Ready(None),
                Poll::Pending => Poll::Pending,
                Poll::Ready(commit) => Poll::Ready(Some(commit)),
            }
        })
        .await;
        let commit = match (commit, waiting) {
            (Some(commit), _) => commit?,
            (None, Some((number, answer))) if machine.is_parked() => {
                let message = Message::Answer {
                    number,
                    answer: &answer,
                };
                machine.deliver(message).unwrap();
                continue;
            }
            // A handler runs; it is woken.
            (None, _) => {
                tokio::time::sleep(Duration::from_millis(1)).await;
                continue;
            }
        };
        let Some(commit) = commit else {
            return Ok(true);
        };
        let number = world.commits;
        world.commits += 1;
        let crash = world.crash(crash, number);
        if crash == Crash::Before(number) {
            return Ok(false);
        }
        let ends = commit
            .changes()
            .any(|change| matches!(change, Change::Put(key, _) if key == "outcome"));
        world.rows.apply(commit);
        let everywhere = [Crash::Everywhere, Crash::EverywhereAnswered];
        if crash == Crash::After(number) || everywhere.contains(&crash) {
            return Ok(ends);
        }
        machine.committed();
        if crash == Crash::Acknowledged(number) {
            return Ok(ends);
        }
    }
}

/// The first question that waits and is to be answered.
fn first_question(rows: &Rows, answers: &Answers) -> Option<(u64, Vec<u8>)> {
    rows.questions()
        .unwrap()
        .into_iter()
        .find_map(|(number, row)| {
            let (_, answer) = answers.iter().find(|(question, _)| *question == row.name)?;
            Some((number, answer.clone()))
        })
}
