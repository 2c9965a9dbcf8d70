//! An execution in the memory of a worker, for as long as one attempt of an invocation goes on.
//!
//! A step of it is recorded as a whole by the server. When the invocation is attempted again, the
//! steps that were recorded are not made again: their changes are in the rows, and the machine is
//! loaded from them for the first step that was not.

use std::collections::BTreeMap;
use std::future::poll_fn;
use std::panic::AssertUnwindSafe;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use flow_core::durable::backend::{Program, Running, Tell, check_commit, history_row, keys};
use flow_core::durable::{
    BoxFuture, Bytes, Change, Commit, Encoded, Phase, Refused, RequestError, Rows, Status,
};
use flow_core::{FlowError, FlowErrorKind};
use futures_util::future::FutureExt;
use tokio::time::{Sleep, sleep};

use crate::close::Closing;
use crate::sdk::{Ctx, Stop};
use crate::streams::Streams;
use crate::wire::{self, Ask, Changed, Envelope, Past, Reply, Step, Then};

/// A new invocation goes on after so many steps, as soon as no call runs.
const RENEW_AFTER: u64 = 64;

/// No call begins after so many steps until those that run have ended.
const CLOSE_AFTER: u64 = 1024;

/// An execution that goes on by itself within this time stays in memory.
const NEAR: Duration = Duration::from_secs(5);

/// What a worker knows of a flow.
pub(crate) struct Served {
    pub(crate) name: String,
    pub(crate) desk: String,
    pub(crate) program: Arc<dyn Program>,
    pub(crate) max_value: usize,
    pub(crate) park_after: Duration,
    /// Where the items of executions go that begin here, if not to their desks.
    pub(crate) streams: Option<Arc<dyn Streams>>,
    /// How many entries are kept of the history of an execution.
    pub(crate) history: u64,
    pub(crate) closing: Arc<Closing>,
}

pub(crate) struct Session {
    served: Arc<Served>,
    id: String,
    machine: Option<Box<dyn Running>>,
    /// The machine was polled since it was loaded.
    is_polled: bool,
    /// What this worker lacks to go on with the execution.
    lacks: Option<String>,
    /// Ends when the worker closes.
    closing: BoxFuture<'static, ()>,
    /// The worker closes.
    closes: bool,
}

/// What a step begins with.
pub(crate) struct Before<'a> {
    pub(crate) ctx: &'a Ctx,
    pub(crate) rows: &'a Rows,
    /// Requests that were taken from the desk.
    pub(crate) inbox: &'a [Envelope],
    /// The number of the next one, which comes as a signal.
    pub(crate) next: u64,
    /// How many steps were recorded by this invocation.
    pub(crate) steps: u64,
    /// The streams to which items go, if not to the desk.
    pub(crate) stream: Option<&'a str>,
    /// The time of the last entry in the history, in milliseconds since 1970.
    pub(crate) past: u64,
}

enum Event {
    Commit(Commit),
    Message(Vec<u8>),
    Stop(Stop),
    /// What was told has changed nothing.
    Told,
    Then(Then),
}

/// What was told to the machine.
enum Told {
    Taken,
    Refused(Tell, Refused),
}

/// A step that is being made.
struct Making<'a> {
    rows: &'a Rows,
    changes: Vec<Change>,
    taken: u64,
    replies: Vec<(String, Reply)>,
    told: Vec<(String, Told)>,
    /// From now on, the items go to these streams.
    stream: Option<String>,
    /// The time of the last entry in the history.
    past: u64,
    /// How many entries are kept.
    keeps: u64,
    /// What goes into the history.
    row: Option<Past>,
}

impl Session {
    pub(crate) fn new(served: Arc<Served>, id: &str) -> Self {
        let closing = Arc::clone(&served.closing);
        Self {
            closing: async move { closing.closes().await }.boxed(),
            closes: false,
            served,
            id: id.to_owned(),
            machine: None,
            is_polled: false,
            lacks: None,
        }
    }

    /// The last step is recorded.
    pub(crate) fn recorded(&mut self, of_machine: bool) {
        if of_machine && let Some(machine) = &mut self.machine {
            machine.committed();
        }
    }

    /// Goes on with the execution until there is something to be recorded.
    pub(crate) async fn step(&mut self, before: Before<'_>) -> Result<Vec<u8>, Stop> {
        let step = AssertUnwindSafe(self.try_step(before)).catch_unwind().await;
        let step = step.unwrap_or_else(|_panic| {
            // serde's traits of the flow's types may panic. Handlers are caught elsewhere.
            self.machine = None;
            let why = "a value panics when it is read or written";
            let reason = FlowError::new(FlowErrorKind::NotRecorded, why);
            Ok(Step {
                changes: Vec::new(),
                of_machine: false,
                taken: 0,
                replies: Vec::new(),
                stream: None,
                history: None,
                then: Then::Block(reason),
            })
        });
        Ok(wire::write(&step?)?)
    }

    async fn try_step(&mut self, before: Before<'_>) -> Result<Step, Stop> {
        let Before {
            ctx,
            rows,
            inbox,
            mut next,
            steps,
            stream,
            past,
        } = before;
        let own = self.served.streams.as_ref().map(|own| own.identity());
        self.lacks = stream.filter(|_| own.is_none()).map(no_streams);
        let mut making = Making {
            rows,
            changes: Vec::new(),
            taken: 0,
            replies: Vec::new(),
            told: Vec::new(),
            // Streams that were made anew have none of the items before.
            stream: own.filter(|own| stream.is_some_and(|stream| stream != own)),
            past,
            keeps: self.served.history,
            row: None,
        };
        for envelope in inbox {
            if let Some(then) = self.take(&mut making, envelope)? {
                return making.end(false, then);
            }
        }
        if rows.is_empty() || rows.is_over() {
            return making.end(false, Then::Leave);
        }
        if let Err(reason) = self.load(rows) {
            return making.end(false, Then::Block(reason));
        }
        let mut signal = ctx.signal(&signal_name(next));
        let mut park = None;
        loop {
            let has_told = !making.told.is_empty() || !making.replies.is_empty();
            let event = poll_fn(|cx| self.poll(cx, &mut signal, &mut park, has_told, steps)).await;
            match event {
                Event::Commit(commit) => return self.commit(making, &commit, steps),
                Event::Message(message) => {
                    next += 1;
                    signal = ctx.signal(&signal_name(next));
                    let envelope: Envelope = wire::read(&message)?;
                    if let Some(then) = self.take(&mut making, &envelope)? {
                        return making.end(false, then);
                    }
                }
                Event::Stop(stop) => return Err(stop),
                Event::Told => return making.end(false, Then::Go),
                Event::Then(then) => return making.end(false, then),
            }
        }
    }

    /// The step that ends with a commit of the machine.
    fn commit(
        &mut self,
        mut making: Making<'_>,
        commit: &Commit,
        steps: u64,
    ) -> Result<Step, Stop> {
        if let Err(reason) = check_commit(commit, self.served.max_value) {
            self.machine = None;
            making.changes.clear();
            return making.end(false, Then::Block(reason));
        }
        let is_over = commit.phase() == Some(Phase::Over);
        let has_calls = self.machine.as_ref().is_some_and(|run| run.has_calls());
        let then = if is_over {
            self.machine = None;
            Then::Leave
        } else if (steps >= RENEW_AFTER || self.closes) && !has_calls {
            Then::Renew
        } else {
            Then::Go
        };
        let told = std::mem::take(&mut making.changes);
        making.history(commit, &told);
        making.changes.extend(commit.changes().cloned());
        making.changes.extend(told);
        making.end(!is_over, then)
    }

    fn poll(
        &mut self,
        cx: &mut Context<'_>,
        signal: &mut BoxFuture<'static, Result<Vec<u8>, Stop>>,
        park: &mut Option<Pin<Box<Sleep>>>,
        has_told: bool,
        steps: u64,
    ) -> Poll<Event> {
        let Some(machine) = &mut self.machine else {
            return Poll::Ready(Event::Then(Then::Leave));
        };
        if !self.closes {
            self.closes = self.closing.poll_unpin(cx).is_ready();
        }
        let closes = self.closes || steps >= CLOSE_AFTER;
        if closes {
            machine.close();
        }
        // Before the machine, which may have a commit each time.
        if self.is_polled
            && !has_told
            && let Poll::Ready(message) = signal.poll_unpin(cx)
        {
            return Poll::Ready(match message {
                Ok(message) => Event::Message(message),
                Err(stop) => Event::Stop(stop),
            });
        }
        let was_polled = std::mem::replace(&mut self.is_polled, true);
        match machine.poll_commit(cx) {
            Poll::Ready(Ok(Some(commit))) => return Poll::Ready(Event::Commit(commit)),
            Poll::Ready(Ok(None)) => return Poll::Ready(Event::Then(Then::Leave)),
            Poll::Ready(Err(reason)) => {
                self.machine = None;
                return Poll::Ready(Event::Then(Then::Block(reason)));
            }
            Poll::Pending => {}
        }
        if has_told {
            return Poll::Ready(Event::Told);
        }
        if !was_polled {
            // What has come meanwhile.
            cx.waker().wake_by_ref();
        }
        let is_parked = machine.is_parked();
        if closes && !is_parked && !machine.has_calls() {
            return Poll::Ready(Event::Then(Then::Renew));
        }
        if !is_parked {
            *park = None;
            return Poll::Pending;
        }
        let deadline = machine.next_deadline();
        let left = deadline.map(|then| {
            let left = then.duration_since(SystemTime::now());
            left.unwrap_or_default()
        });
        if !closes {
            if left.is_some_and(|left| left < NEAR) {
                *park = None;
                return Poll::Pending;
            }
            let after = self.served.park_after;
            let park = park.get_or_insert_with(|| Box::pin(sleep(after)));
            if park.as_mut().poll(cx).is_pending() {
                return Poll::Pending;
            }
        }
        let deadline = deadline.zip(left).map(|(deadline, left)| {
            let since = deadline.duration_since(UNIX_EPOCH).unwrap_or_default();
            (millis(since), millis(left))
        });
        Poll::Ready(Event::Then(Then::Park(deadline)))
    }

    fn load(&mut self, rows: &Rows) -> Result<(), FlowError> {
        if let Some(why) = &self.lacks {
            return Err(FlowError::new(FlowErrorKind::Runtime, why.clone()));
        }
        if self.machine.is_none() {
            let machine = self.served.program.load(rows, SystemTime::now())?;
            self.machine = Some(machine);
            self.is_polled = false;
        }
        Ok(())
    }

    /// Takes a request. Returns what is then to be done, if the step ends with it.
    fn take(&mut self, making: &mut Making<'_>, envelope: &Envelope) -> Result<Option<Then>, Stop> {
        making.taken += 1;
        let reply_to = envelope.reply_to.clone();
        let rows = making.rows;
        let id = &self.id;
        let is_purged = || matches!(Status::read(rows, id), Ok(Status::Purged));
        let result = if rows.is_empty() {
            match &envelope.ask {
                Ask::Start(Bytes(input)) => {
                    match self.served.program.start(input, SystemTime::now()) {
                        Ok(commit) => {
                            let streams = self.served.streams.as_ref();
                            making.stream = streams.map(|own| own.identity());
                            making.changes.extend(commit.changes().cloned());
                            making.replies.push((reply_to, Reply::Done));
                            return Ok(Some(Then::Go));
                        }
                        Err(error) => Err(RequestError::NotStarted(error)),
                    }
                }
                _ => Err(RequestError::NotFound { id: id.clone() }),
            }
        } else if is_purged() {
            match &envelope.ask {
                Ask::Purge | Ask::Retry => Ok(()),
                _ => Err(RequestError::Purged { id: id.clone() }),
            }
        } else {
            match &envelope.ask {
                Ask::Retry => match (rows.is_over(), self.load(rows)) {
                    (true, _) | (_, Ok(())) => Ok(()),
                    (_, Err(reason)) => Err(RequestError::Blocked { reason }),
                },
                Ask::Start(Bytes(given)) => match self.served.program.input(rows) {
                    Ok(input) => {
                        let given = Encoded::from_bytes(given.clone());
                        let input = Encoded::from_bytes(input);
                        self.served.program.same_input(&self.id, &input, &given)
                    }
                    Err(reason) => Err(RequestError::Blocked { reason }),
                },
                Ask::Purge if rows.is_over() => {
                    let purge = Commit::purge();
                    making.changes.extend(purge.changes().cloned());
                    making.replies.push((reply_to, Reply::Done));
                    return Ok(Some(Then::Go));
                }
                Ask::Purge => Err(RequestError::Unfinished { id: id.clone() }),
                Ask::Tell(tell) if rows.is_over() => {
                    tell.told_before(rows.get(&tell.row()), Refused::Ended)
                }
                Ask::Tell(Tell::Cancel) if making.is_cancelled() => {
                    making.told.push((reply_to, Told::Taken));
                    return Ok(None);
                }
                Ask::Tell(tell) => match self.load(rows) {
                    Ok(()) => {
                        self.tell(making, reply_to, tell);
                        return Ok(None);
                    }
                    Err(reason) => Err(RequestError::Blocked { reason }),
                },
            }
        };
        making.replies.push((reply_to, Reply::of(result)?));
        Ok(None)
    }

    fn tell(&mut self, making: &mut Making<'_>, reply_to: String, tell: &Tell) {
        let Some(machine) = &mut self.machine else {
            return;
        };
        let told = match machine.deliver(tell.message()) {
            Ok(()) => {
                if matches!(tell, Tell::Cancel) {
                    let cancelled = Change::Put(keys::CANCELLED.to_owned(), Vec::new());
                    making.changes.push(cancelled);
                }
                Told::Taken
            }
            Err(refused) => Told::Refused(tell.clone(), refused),
        };
        making.told.push((reply_to, told));
    }
}

impl Making<'_> {
    fn is_cancelled(&self) -> bool {
        let put = |change: &Change| matches!(change, Change::Put(key, _) if key == keys::CANCELLED);
        self.rows.get(keys::CANCELLED).is_some() || self.changes.iter().any(put)
    }

    /// What the step adds to the history: that of a commit and of these changes.
    fn history(&mut self, commit: &Commit, more: &[Change]) {
        let now = SystemTime::now().duration_since(UNIX_EPOCH);
        // The clock may have been set back.
        let at = millis(now.unwrap_or_default()).max(self.past);
        let at_most = self.keeps;
        if at_most > 0 {
            let row = history_row(commit, more, at).map(Bytes);
            self.row = row.map(|row| Past { row, at, at_most });
        }
    }

    /// The step as it is recorded.
    fn end(mut self, of_machine: bool, then: Then) -> Result<Step, Stop> {
        if self.row.is_none() {
            let changes = std::mem::take(&mut self.changes);
            self.history(&Commit::default(), &changes);
            self.changes = changes;
        }
        let mut replies = self.replies;
        let put: BTreeMap<&str, &[u8]> = self
            .changes
            .iter()
            .filter_map(|change| match change {
                Change::Put(key, value) => Some((key.as_str(), value.as_slice())),
                _ => None,
            })
            .collect();
        for (reply_to, told) in self.told {
            let result = match (told, &then) {
                (_, Then::Block(reason)) => Err(RequestError::Blocked {
                    reason: reason.clone(),
                }),
                (Told::Taken, _) => Ok(()),
                (Told::Refused(tell, refused), _) => {
                    let row = tell.row();
                    let before = put.get(row.as_str()).copied();
                    let before = before.or_else(|| self.rows.get(&row));
                    tell.told_before(before, refused)
                }
            };
            replies.push((reply_to, Reply::of(result)?));
        }
        Ok(Step {
            changes: self.changes.iter().map(Changed::from).collect(),
            of_machine,
            taken: self.taken,
            replies,
            stream: self.stream,
            history: self.row,
            then,
        })
    }
}

/// Why a worker without streams does not go on with an execution that has some.
pub(crate) fn no_streams(stream: &str) -> String {
    format!(
        "the items of the execution go through the stream {stream}, which this worker was not \
         given: give it one by `Worker::streams`"
    )
}

/// The name of the signal that brings the request with this number.
pub(crate) fn signal_name(number: u64) -> String {
    format!("request {number}")
}

fn millis(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}
