//! An execution that runs, from when it is loaded until nothing is left to do for now.

use std::collections::VecDeque;
use std::future::poll_fn;
use std::pin::Pin;
use std::task::{Context, Poll};

use futures_util::future::BoxFuture;
use futures_util::stream::{FuturesOrdered, StreamExt};
use tokio::time::{Sleep, sleep};

use crate::durable::encoded::Encoded;
use crate::durable::host::loads::Loads;
use crate::durable::host::over::told_before;
use crate::durable::host::past::Past;
use crate::durable::host::ramp::Loading;
use crate::durable::host::request::{Ask, Reply, Request};
use crate::durable::host::seat::Seat;
use crate::durable::host::shared::{Changed, Left, Stuck};
use crate::durable::program::Running;
use crate::durable::request_error::RequestError;
use crate::durable::sizes;
use crate::durable::store::Unavailable;
use crate::durable::tell::Tell;
use crate::error::FlowError;
use crate::records::commit::{Change, Commit};
use crate::records::key;
use crate::records::message::Refused;

/// How many commits of an execution may be under way. Its handlers wait for the store beyond that.
const MOST_IN_FLIGHT: usize = 64;

pub(super) struct Attempt<'a> {
    seat: &'a mut Seat,
    machine: Box<dyn Running>,
    loads: Loads,
    input: Encoded,
    is_cancelled: bool,
    past: Past,
    /// It leaves the memory when the calls that run have ended.
    closes: bool,
    /// The machine has given its last commit.
    is_over: bool,
    in_flight: FuturesOrdered<BoxFuture<'static, Result<(), Unavailable>>>,
    /// Of each of these, whether it is one of the machine, and what readers see of it.
    of_machine: VecDeque<(bool, Changed)>,
    /// How many commits were made, and how many of them are durable.
    made: u64,
    durable: u64,
    /// Changes that go with the next commit, and the replies that are due when it is durable.
    changes: Vec<Change>,
    told: Vec<Told>,
    /// Replies that are due when so many commits are durable.
    waiting: VecDeque<(u64, Told)>,
    early: Early,
    park: Option<Pin<Box<Sleep>>>,
    /// Present until it is known whether the execution, which nobody has asked for, goes on: it was
    /// loaded to see that.
    look: Option<Loading>,
}

/// What the machine was told.
enum Told {
    Taken(Reply),
    /// It takes it no more, or has taken it before.
    Refused(Tell, Refused, Reply),
}

/// Answers that came before the clauses that ask were gone through again.
#[derive(Default)]
struct Early {
    answers: Vec<Request>,
    /// The execution has got on since they were tried.
    may_be_taken: bool,
}

impl Early {
    fn reply(&mut self, error: &RequestError) {
        for Request { reply, .. } in self.answers.drain(..) {
            reply.send(Err(error.clone()));
        }
    }
}

enum Event {
    Durable(Result<(), Unavailable>),
    Commit(Commit),
    /// What was told has changed nothing in the machine.
    Told,
    Request(Request),
    /// A call waits to begin.
    Begin,
    Park,
    Over,
    Blocked(FlowError),
}

impl<'a> Attempt<'a> {
    pub(super) fn new(
        seat: &'a mut Seat,
        machine: Box<dyn Running>,
        loads: Loads,
        input: Encoded,
        is_cancelled: bool,
        past: Past,
        look: Option<Loading>,
    ) -> Self {
        Self {
            seat,
            machine,
            loads,
            input,
            is_cancelled,
            past,
            closes: false,
            is_over: false,
            in_flight: FuturesOrdered::new(),
            of_machine: VecDeque::new(),
            made: 0,
            durable: 0,
            changes: Vec::new(),
            told: Vec::new(),
            waiting: VecDeque::new(),
            early: Early::default(),
            park: None,
            look,
        }
    }

    pub(super) async fn run(mut self) -> Result<Left, Unavailable> {
        loop {
            let mut is_woken = false;
            let event = poll_fn(|cx| {
                self.early.may_be_taken |= is_woken;
                is_woken = true;
                self.poll(cx)
            });
            match event.await {
                Event::Durable(Ok(())) => self.durable().await,
                Event::Durable(Err(error)) => {
                    self.lose(&error);
                    return Err(error);
                }
                Event::Commit(commit) => self.commit(commit, true),
                Event::Told => self.told().await,
                Event::Request(request) => {
                    self.look = None;
                    self.take(request);
                }
                Event::Begin => {
                    // That a call begins is durable before it does: it may take the process along.
                    match self.loads.mark() {
                        Some(mark) => self.commit(Commit::from(vec![mark]), false),
                        None => self.machine.let_begin(),
                    }
                    self.look = None;
                }
                Event::Park => {
                    let Some(change) = self.loads.leave() else {
                        self.early.reply(&RequestError::Refused(Refused::NotYet));
                        return Ok(Left::Parked(self.machine.next_deadline()));
                    };
                    self.commit(Commit::from(vec![change]), false);
                }
                Event::Over => return Ok(Left::Over),
                Event::Blocked(reason) => return self.block(reason).await,
            }
        }
    }

    fn poll(&mut self, cx: &mut Context<'_>) -> Poll<Event> {
        if let Poll::Ready(Some(result)) = self.in_flight.poll_next_unpin(cx) {
            return Poll::Ready(Event::Durable(result));
        }
        self.loads.poll_turn(cx);
        if !self.is_over && self.in_flight.len() < MOST_IN_FLIGHT {
            match self.machine.poll_commit(cx) {
                Poll::Ready(Ok(Some(commit))) => {
                    let checked = sizes::check_commit(&commit, self.seat.shared.max_value);
                    return Poll::Ready(match checked {
                        Ok(()) => Event::Commit(commit),
                        Err(reason) => Event::Blocked(reason),
                    });
                }
                Poll::Ready(Ok(None)) => self.is_over = true,
                Poll::Ready(Err(reason)) => return Poll::Ready(Event::Blocked(reason)),
                Poll::Pending => {}
            }
        }
        if self.early.may_be_taken || self.is_over {
            for request in std::mem::take(&mut self.early).answers {
                self.take(request);
            }
        }
        let has_room = self.is_over || self.in_flight.len() < MOST_IN_FLIGHT;
        if has_room && (!self.told.is_empty() || !self.changes.is_empty()) {
            return Poll::Ready(Event::Told);
        }
        if self.is_over && self.in_flight.is_empty() && self.waiting.is_empty() {
            return Poll::Ready(Event::Over);
        }
        if let Poll::Ready(Some(request)) = self.seat.poll_next(cx) {
            self.park = None;
            return Poll::Ready(Event::Request(request));
        }
        if !self.in_flight.is_empty() || self.is_over {
            self.park = None;
            return Poll::Pending;
        }
        if self.closes && !self.machine.has_calls() {
            return Poll::Ready(Event::Park);
        }
        if self.machine.holds_call() {
            return Poll::Ready(Event::Begin);
        }
        if !self.machine.is_parked() {
            self.park = None;
            self.look = None;
            return Poll::Pending;
        }
        if self.look.is_some() {
            return Poll::Ready(Event::Park);
        }
        let after = self.seat.shared.park_after;
        let park = self.park.get_or_insert_with(|| Box::pin(sleep(after)));
        if park.as_mut().poll(cx).is_ready() {
            self.park = None;
            return Poll::Ready(Event::Park);
        }
        Poll::Pending
    }

    /// Has the store make this commit.
    fn commit(&mut self, commit: Commit, of_machine: bool) {
        let load = of_machine.then(|| self.loads.with(&commit)).flatten();
        let mut commit = commit;
        commit.add(self.changes.drain(..).chain(load));
        let past = self.past.with(&commit, &self.seat.shared.clock);
        commit.add(past);
        let seen = Changed {
            items: commit.changes().any(is_item),
            status: commit.phase().is_some(),
        };
        let commit = self.seat.shared.store.commit(&self.seat.id, commit);
        self.in_flight.push_back(commit);
        self.of_machine.push_back((of_machine, seen));
        self.made += 1;
        self.wait();
    }

    /// What was told was in the last commit, or in one before.
    fn wait(&mut self) {
        let made = self.made;
        self.waiting
            .extend(self.told.drain(..).map(|told| (made, told)));
    }

    async fn told(&mut self) {
        if self.changes.is_empty() {
            self.wait();
            self.reply().await;
        } else {
            self.commit(Commit::default(), false);
        }
    }

    /// The oldest commit is durable.
    async fn durable(&mut self) {
        self.durable += 1;
        self.early.may_be_taken = true;
        let (of_machine, changed) = self.of_machine.pop_front().unwrap_or_default();
        if of_machine {
            self.machine.committed();
        }
        self.seat.shared.changed(&self.seat.id, changed);
        self.reply().await;
    }

    /// Replies to what is durable.
    async fn reply(&mut self) {
        while let Some((commit, told)) = self.waiting.pop_front() {
            if commit > self.durable {
                self.waiting.push_front((commit, told));
                return;
            }
            match told {
                Told::Taken(reply) => reply.send(Ok(())),
                Told::Refused(tell, refused, reply) => {
                    let (store, id) = (&*self.seat.shared.store, &self.seat.id);
                    reply.send(told_before(store, id, &tell, refused).await);
                }
            }
        }
    }

    fn take(&mut self, Request { ask, reply }: Request) {
        match ask {
            Ask::Start { input, .. } => {
                reply.send(self.seat.same_input(&self.input, &input));
            }
            Ask::Retry => reply.send(Ok(())),
            Ask::Close => {
                self.machine.close();
                self.closes = true;
                // A call that takes too long is dropped, which is no crash.
                self.changes.extend(self.loads.leave());
                reply.send(Ok(()));
            }
            Ask::Purge => reply.send(Err(RequestError::Unfinished {
                id: self.seat.id.id().to_owned(),
            })),
            Ask::Tell(Tell::Cancel) if self.is_cancelled => self.told.push(Told::Taken(reply)),
            Ask::Tell(tell) => match self.machine.deliver(tell.message()) {
                Ok(()) => {
                    if matches!(tell, Tell::Cancel) {
                        self.is_cancelled = true;
                        let cancelled = Change::Put(key::CANCELLED.to_owned(), Vec::new());
                        self.changes.push(cancelled);
                    }
                    self.told.push(Told::Taken(reply));
                }
                Err(Refused::NotYet) => {
                    let ask = Ask::Tell(tell);
                    self.early.answers.push(Request { ask, reply });
                }
                Err(refused) => self.told.push(Told::Refused(tell, refused, reply)),
            },
        }
    }

    /// The store has failed. It fails the commits after this one as well, until the execution is
    /// loaded again.
    fn lose(&mut self, error: &Unavailable) {
        let told = self.waiting.drain(..).map(|(_, told)| told);
        for told in told.chain(self.told.drain(..)) {
            let (Told::Taken(reply) | Told::Refused(_, _, reply)) = told;
            reply.send(Err(error.clone().into()));
        }
        self.early.reply(&error.clone().into());
    }

    /// The program cannot go on with the execution.
    async fn block(&mut self, reason: FlowError) -> Result<Left, Unavailable> {
        if let Some(change) = self.loads.leave() {
            self.commit(Commit::from(vec![change]), false);
        }
        while let Some(made) = self.in_flight.next().await {
            if let Err(error) = made {
                self.lose(&error);
                return Err(error);
            }
            self.durable += 1;
        }
        self.reply().await;
        let stuck = Stuck::Blocked(reason);
        for told in self.told.drain(..) {
            let (Told::Taken(reply) | Told::Refused(_, _, reply)) = told;
            reply.send(Err(stuck.error()));
        }
        self.early.reply(&stuck.error());
        Ok(Left::Stuck(stuck))
    }
}

fn is_item(change: &Change) -> bool {
    matches!(change, Change::Put(key, _) if key.starts_with(key::ITEMS))
}
