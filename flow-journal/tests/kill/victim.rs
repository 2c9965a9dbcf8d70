//! The process that is killed. It runs executions, some at a time, and writes down what it sees.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use flow_core::QuestionId;
use flow_core::durable::{Executions, Handle, Logged, Position, RequestError};
use flow_journal::Journal;
use futures::TryStreamExt;
use serde::{Deserialize, Serialize};
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

use crate::flows::{HowMuch, Output, Outside, Said, Work};
use crate::log::{Line, Log};

/// Makes this test binary a process that is killed. Its value is an [`Order`].
pub(crate) const ORDER: &str = "FLOW_JOURNAL_TEST_KILL";

/// Executions that it goes through at a time.
const AT_ONCE: usize = 16;

/// What a process is told.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Order {
    pub(crate) directory: PathBuf,
    /// The number of the process.
    pub(crate) process: u32,
    pub(crate) seed: u64,
    /// Executions that others have begun, and that are not over as far as is known.
    pub(crate) begun: Vec<Begun>,
    /// The first execution that it may begin by itself.
    pub(crate) next: u32,
    /// It begins none, and ends when those that are begun are over.
    pub(crate) is_last: bool,
}

/// An execution, and what is known of it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Begun {
    pub(crate) number: u32,
    /// Its start has returned.
    pub(crate) was_started: bool,
    /// The position of an item before which nothing is left to do.
    pub(crate) read: Option<String>,
}

impl Order {
    pub(crate) fn journal(&self) -> PathBuf {
        self.directory.join("journal")
    }
}

/// The log of the processes on this directory.
pub(crate) fn log(directory: &Path) -> PathBuf {
    directory.join("log")
}

/// The process: nothing but a test if it is not run as one.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn victim() {
    let Ok(order) = std::env::var(ORDER) else {
        return;
    };
    run(serde_json::from_str(&order).unwrap()).await;
}

async fn run(order: Order) {
    fastrand::seed(order.seed);
    let log = Log::open(&log(&order.directory), order.process);
    // Something is parked, and loaded again, at once.
    let park_after = Duration::from_millis(fastrand::u64(0..20));
    let open = Journal::open(order.journal()).park_after(park_after);
    let journal = open.await.unwrap();
    let work = journal.register(Work::new().with(Outside(log.clone())));
    progress("open");

    let free = Arc::new(Semaphore::new(AT_ONCE));
    let mut begun = JoinSet::new();
    let known = order.begun.iter().cloned();
    let new = (order.next..).map(|number| Begun {
        number,
        was_started: false,
        read: None,
    });
    let new = new.take_while(|_| !order.is_last);
    for execution in known.chain(new) {
        let free = Arc::clone(&free).acquire_owned().await.unwrap();
        if execution.number >= order.next {
            log.write(&Line::Starting(execution.number));
        }
        let client = Client {
            work: work.clone(),
            log: log.clone(),
            process: order.process,
        };
        begun.spawn(async move {
            let tended = client.tend(&execution).await;
            tended.unwrap_or_else(|error| panic!("{execution:?}: {error}"));
            drop(free);
        });
        while let Some(tended) = begun.try_join_next() {
            tended.unwrap();
        }
    }
    while let Some(tended) = begun.join_next().await {
        tended.unwrap();
    }
    journal.close(Duration::from_secs(60)).await.unwrap();
}

/// Tells the one who kills that something has happened.
fn progress(what: &str) {
    println!("progress: {what}");
}

struct Client {
    work: Executions<Work>,
    log: Log,
    process: u32,
}

impl Client {
    /// Starts an execution, perhaps again, and goes with it to its end.
    async fn tend(&self, begun: &Begun) -> Result<(), RequestError> {
        let number = begun.number;
        let execution = self.work.get(&number.to_string());
        if begun.was_started {
            // It is there before it is started again.
            execution.status().await?;
        }
        self.work.start(execution.id(), number).await?;
        self.log.write(&Line::Started(number));
        progress("started");
        // Some read everything once more, to see that it is the same.
        let read = begun.read.as_ref().filter(|_| fastrand::u8(0..4) > 0);
        let read = read.map(Position::new);
        loop {
            match self.follow(&execution, number, read.clone()).await {
                Err(RequestError::Poisoned { .. }) => {
                    // It was killed, and that was not the fault of the execution.
                    let list = self.work.by_id().list().unwrap();
                    list.retry(execution.id()).await?;
                    self.log.write(&Line::Retried(number));
                }
                followed => return followed,
            }
        }
    }

    async fn follow(
        &self,
        execution: &Handle<Work>,
        number: u32,
        read: Option<Position>,
    ) -> Result<(), RequestError> {
        let mut items = execution.items(read);
        while let Some(entry) = items.try_next().await? {
            let (position, item) = match entry {
                Logged::Item { position, item } => (position, item),
                Logged::Restarted { call: Some(_) } => continue,
                // What was read was durable.
                lost => panic!("{number}: {lost:?}"),
            };
            let text = serde_json::to_string(&item).unwrap();
            let line = Line::Item(number, position.to_string(), text);
            self.log.write(&line);
            match item {
                Said::Doing(_) | Said::Anybody => {}
                Said::Did(key) => self.log.write(&Line::Recorded(key)),
                Said::HowMuch { question, keys } => {
                    for key in keys {
                        self.log.write(&Line::Recorded(key));
                    }
                    let question = question.parse().unwrap();
                    self.answer(execution, question, number).await?;
                }
            }
            progress("item");
        }
        let output: Output = execution.output().await?;
        let text = serde_json::to_string(&output).unwrap();
        for key in output.keys {
            self.log.write(&Line::Recorded(key));
        }
        self.log.write(&Line::Over(number, text));
        progress("over");
        Ok(())
    }

    /// Answers with the number of the process, unless another one has answered.
    async fn answer(
        &self,
        execution: &Handle<Work>,
        question: QuestionId<HowMuch>,
        number: u32,
    ) -> Result<(), RequestError> {
        let answer = match execution.answer(question, &self.process).await {
            Ok(()) => self.process,
            Err(RequestError::OtherAnswer { answered, .. }) => answered.decode()?,
            Err(error) => return Err(error),
        };
        self.log.write(&Line::Answered(number, answer));
        Ok(())
    }
}
