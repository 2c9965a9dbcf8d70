//! The outside of an execution: it lets calls go on, answers, sends and cancels, one thing at a
//! time, when nothing else happens. What it does next depends on the names of what it could do
//! alone.

use std::collections::BTreeSet;
use std::pin::pin;
use std::time::Duration;

use futures::future::{BoxFuture, Either, select};
use tokio::time::sleep;

use crate::graph::EVENTS;
use crate::script::{Value, World};

/// How long nothing happens before the outside acts. Calls that do not wait for it take less, also
/// several of them in a row with all their attempts.
const TURN: Duration = Duration::from_secs(20);

/// Longer than any question waits, and twice as long as any flow is idle: reading an item may be
/// noticed when the idle time is over.
const LONG: Duration = Duration::from_secs(60 * 7_000);

/// The execution was lost, or the store: the outside does it again.
#[derive(Debug)]
pub(crate) struct Lost;

/// A question that waits: its number, and that of its value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Question {
    pub(crate) number: u64,
    pub(crate) of: u16,
}

/// What the outside can do.
pub(crate) trait Hands: Sync {
    fn questions(&self) -> BoxFuture<'_, Result<Vec<Question>, Lost>>;
    fn request<'a>(&'a self, request: &'a Request) -> BoxFuture<'a, Result<(), Lost>>;
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Request {
    Answer(Question),
    /// An event of this kind, and which of them.
    Send(usize, u8),
    Cancel,
}

impl Request {
    fn name(&self) -> String {
        match self {
            Self::Answer(question) => format!("answer {}", question.of),
            Self::Send(event, nth) => format!("send {} {nth}", EVENTS[*event]),
            Self::Cancel => "cancel".to_owned(),
        }
    }

    /// What an answer or an event holds.
    pub(crate) fn value(&self, world: &World) -> Value {
        let plan = world.plan();
        Value {
            number: plan.hash(&self.name()).to_be_bytes()[0].into(),
            fuel: plan.fuel.saturating_sub(1),
        }
    }
}

/// What the outside remembers when the process has died.
#[derive(Default)]
pub(crate) struct Client {
    pending: Option<Request>,
    done: BTreeSet<Request>,
}

enum Act {
    Open(String),
    Request(Request),
}

impl Client {
    /// Acts until it is dropped.
    pub(crate) async fn act(&mut self, world: &World, externals: &[usize], hands: &dyn Hands) {
        loop {
            sleep(TURN).await;
            if let Some(request) = self.pending {
                if hands.request(&request).await.is_ok() {
                    self.done.insert(request);
                    self.pending = None;
                }
                continue;
            }
            let Ok(asked) = hands.questions().await else {
                continue;
            };
            match self.next(world, externals, &asked) {
                Some(Act::Open(name)) => world.open(&name),
                Some(Act::Request(request)) => self.pending = Some(request),
                None => {
                    let arrival = pin!(world.arrival());
                    if let Either::Right(_) = select(arrival, pin!(sleep(LONG))).await {
                        self.pending = self.last(world, hands).await;
                    }
                }
            }
        }
    }

    /// Of what can be done, that with the least hash.
    fn next(&self, world: &World, externals: &[usize], asked: &[Question]) -> Option<Act> {
        let plan = world.plan();
        let gates = world.waiting().into_iter();
        let gates = gates.map(|name| (plan.hash(&name), Act::Open(name)));
        // Some wait until nothing else can happen.
        let answers = asked.iter().map(|question| Request::Answer(*question));
        let answers = answers.filter(|answer| !plan.hash(&answer.name()).is_multiple_of(3));
        let sends = externals.iter().flat_map(|event| {
            let all = 0..plan.sends;
            all.map(|nth| Request::Send(*event, nth))
        });
        let cancel = plan.cancels.then_some(Request::Cancel);
        let requests = answers.chain(sends).chain(cancel);
        let requests = requests.filter(|request| !self.done.contains(request));
        let requests = requests.map(|request| (plan.hash(&request.name()), Act::Request(request)));
        let all = gates.chain(requests);
        all.min_by_key(|(hash, _)| *hash).map(|(_, act)| act)
    }

    /// What makes an execution end that waits for the outside alone.
    async fn last(&self, world: &World, hands: &dyn Hands) -> Option<Request> {
        let asked = hands.questions().await.ok()?;
        let answers = asked.into_iter().map(Request::Answer);
        let answers = answers.filter(|answer| !self.done.contains(answer));
        let answer = answers.min_by_key(|answer| world.plan().hash(&answer.name()));
        let last = answer.unwrap_or(Request::Cancel);
        assert!(!self.done.contains(&last), "it hangs: {:?}", self.done);
        Some(last)
    }
}
