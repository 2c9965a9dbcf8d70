//! The task of an execution that is in memory. It ends when nothing is left to do for now.

use std::future::poll_fn;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::pin;
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

use crate::durable::encoded::Encoded;
use crate::durable::host::attempt::Attempt;
use crate::durable::host::loads::Loads;
use crate::durable::host::over;
use crate::durable::host::past::Past;
use crate::durable::host::ramp::Loading;
use crate::durable::host::request::{Ask, Request};
use crate::durable::host::seat::Seat;
use crate::durable::host::shared::{Changed, Left, Stuck};
use crate::durable::request_error::RequestError;
use crate::durable::store::{Keys, Unavailable};
use crate::error::{FlowError, FlowErrorKind, panic_message};
use crate::records::commit::Commit;
use crate::records::key;
use crate::records::rows::Rows;

/// How long to wait before an unavailable store is tried again: at first, and at most.
const BACKOFF: (Duration, Duration) = (Duration::from_millis(10), Duration::from_secs(5));

pub(super) struct Task {
    seat: Seat,
    /// Present while the execution is loaded to see whether it goes on by itself.
    loading: Option<Loading>,
}

impl Task {
    pub(super) fn new(seat: Seat, loading: Option<Loading>) -> Self {
        Self { seat, loading }
    }

    pub(super) async fn run(mut self) {
        let (mut backoff, most) = BACKOFF;
        loop {
            let attempt = caught(self.attempt()).await;
            let blocked = |reason| Ok(Left::Stuck(Stuck::Blocked(reason)));
            match attempt.unwrap_or_else(blocked) {
                Ok(left) => {
                    (backoff, _) = BACKOFF;
                    if !self.seat.has_backlog()
                        && self
                            .seat
                            .shared
                            .leave(&self.seat.id, &self.seat.mailbox, left)
                    {
                        return;
                    }
                }
                Err(_unavailable) => {
                    // Those that have waited for the store know. Readers ask it themselves.
                    self.seat.shared.changed(&self.seat.id, Changed::STATUS);
                    if self.seat.shared.is_closing() {
                        let (id, mailbox) = (&self.seat.id, &self.seat.mailbox);
                        if self.seat.shared.leave(id, mailbox, Left::Nothing) {
                            return;
                        }
                    }
                    tokio::time::sleep(backoff).await;
                    backoff = most.min(backoff * 2);
                }
            }
        }
    }

    /// Loads the execution, and runs it until nothing is left to do for now, or the store fails.
    async fn attempt(&mut self) -> Result<Left, Unavailable> {
        let attempt = self.try_attempt().await;
        if let Err(error) = &attempt {
            self.seat.reply_all(|_ask| Err(error.clone().into()));
        }
        attempt
    }

    async fn try_attempt(&mut self) -> Result<Left, Unavailable> {
        let store = Arc::clone(&self.seat.shared.store);
        // One that is over may have many rows. They are loaded if its start is repeated, but not
        // for what is asked of it more often.
        let is_hardly_over = self.loading.is_some() || self.seat.is_started();
        if !is_hardly_over
            && self.is_over().await?
            && let Some(left) = over::reply(&mut self.seat).await?
        {
            return Ok(left);
        }
        let mut rows = store.load(&self.seat.id, key::LOGS).await?;
        while rows.is_over() {
            if let Some(left) = over::reply(&mut self.seat).await? {
                return Ok(left);
            }
            rows = store.load(&self.seat.id, key::LOGS).await?;
        }
        let is_new = rows.is_empty();
        if is_new {
            match self.start().await? {
                Some(first) => rows = first,
                None => return Ok(Left::Nothing),
            }
        }
        if let Some(stuck) = self.seat.shared.stuck(&self.seat.id) {
            return Ok(self.stay(&rows, stuck));
        }
        let mut loads = Loads::read(&rows, is_new);
        if loads.are_too_many() {
            if !self.seat.is_retried() {
                let stuck = Stuck::Poisoned(loads.count());
                return Ok(self.stay(&rows, stuck));
            }
            let reset = loads.forgotten();
            store
                .commit(&self.seat.id, Commit::from(vec![reset]))
                .await?;
        }
        let past = Past::new(&rows, self.seat.shared.history);
        let now = past.now(&self.seat.shared.clock);
        let mut machine = match self.seat.program.load(&rows, now) {
            Ok(machine) => machine,
            Err(reason) => return Ok(self.stay(&rows, Stuck::Blocked(reason))),
        };
        if loads.are_suspicious() {
            // The others are loaded meanwhile.
            self.loading = None;
            loads.wait_for_turn(&self.seat.shared.suspects).await;
        }
        let look = self.loading.take();
        let look = look.filter(|look| !look.is_careful && !loads.has_row());
        if look.is_some() {
            // Most executions wait for something: nothing is written for these.
            machine.hold_calls();
        } else if !machine.is_parked()
            && let Some(mark) = loads.mark()
        {
            store
                .commit(&self.seat.id, Commit::from(vec![mark]))
                .await?;
        }
        let input = self.seat.program.input(&rows);
        let is_cancelled = rows.get(key::CANCELLED).is_some();
        drop(rows);
        match input {
            Ok(input) => {
                let input = Encoded::from_bytes(input);
                Attempt::new(
                    &mut self.seat,
                    machine,
                    loads,
                    input,
                    is_cancelled,
                    past,
                    look,
                )
                .run()
                .await
            }
            Err(reason) => Ok(Left::Stuck(Stuck::Blocked(reason))),
        }
    }

    async fn is_over(&self) -> Result<bool, Unavailable> {
        for key in [key::OUTCOME, key::PURGED] {
            let row = self
                .seat
                .shared
                .store
                .read(&self.seat.id, Keys::one(key))
                .await?;
            if row.get(key).is_some() {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Starts the execution if that is what was asked for. Returns its rows.
    async fn start(&mut self) -> Result<Option<Rows>, Unavailable> {
        while let Some(Request { ask, reply }) = self.seat.try_next() {
            let Ask::Start { commit, .. } = ask else {
                let id = self.seat.id.id().to_owned();
                reply.send(Err(RequestError::NotFound { id }));
                continue;
            };
            let mut commit = commit;
            commit.add([Loads::first()]);
            let mut past = Past::new(&Rows::default(), self.seat.shared.history);
            let begun = past.with(&commit, &self.seat.shared.clock);
            commit.add(begun);
            let mut rows = Rows::default();
            rows.apply(commit.clone());
            let committed = self.seat.shared.store.commit(&self.seat.id, commit).await;
            reply.send(committed.clone().map_err(RequestError::from));
            committed?;
            self.seat.shared.changed(&self.seat.id, Changed::STATUS);
            return Ok(Some(rows));
        }
        Ok(None)
    }

    /// The execution is left as it is.
    fn stay(&mut self, rows: &Rows, stuck: Stuck) -> Left {
        let input = self.seat.program.input(rows).map(Encoded::from_bytes);
        while let Some(Request { ask, reply }) = self.seat.try_next() {
            reply.send(match (&ask, &input) {
                (Ask::Start { input: given, .. }, Ok(input)) => self.seat.same_input(input, given),
                _ => Err(stuck.error()),
            });
        }
        Left::Stuck(stuck)
    }
}

/// Polls the future, which serde's traits of the flow's types may have panic.
async fn caught<T>(future: impl Future<Output = T>) -> Result<T, FlowError> {
    let mut future = pin!(future);
    poll_fn(|cx| {
        let polled = catch_unwind(AssertUnwindSafe(|| future.as_mut().poll(cx)));
        match polled {
            Ok(polled) => polled.map(Ok),
            Err(payload) => {
                let why = panic_message(&*payload);
                let why = format!("a value panics when it is read or written: {why}");
                Poll::Ready(Err(FlowError::new(FlowErrorKind::NotRecorded, why)))
            }
        }
    })
    .await
}
