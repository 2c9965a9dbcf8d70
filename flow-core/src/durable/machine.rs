//! One durable execution that runs: what a back end drives.

use std::collections::VecDeque;
use std::fmt;
use std::future::poll_fn;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};
use std::time::SystemTime;

use crate::engine::driver::parked::Parked;
use crate::engine::driver::recorded::Recorded;
use crate::engine::ending::{Ending, Read};
use crate::engine::log::batches::Log;
use crate::engine::log::read::{Head, not_read};
use crate::engine::recording::{first_rows, not_recorded, started};
use crate::engine::stream::buffer::{Batch, Outlet};
use crate::error::FlowError;
use crate::macro_support::durable::codec::CodecError;
use crate::macro_support::graph::Graph;
use crate::macro_support::graph::GraphCodec;
use crate::macro_support::resources::Complete;
use crate::records::bytes::Bytes;
use crate::records::codec::to_bytes;
use crate::records::commit::{Change, Commit};
use crate::records::key;
use crate::records::message::{Message, Refused};
use crate::records::rows::{ItemRow, Rows};
use crate::run::flow::Flow;

/// A durable execution in memory, between a store and its handlers.
///
/// It runs while [`next_commit`](Self::next_commit) is polled, and yields what has to be made
/// durable. What a commit contains takes effect when the back end says that it is durable, by
/// [`committed`](Self::committed): so no handler is called of which the cause could still be lost.
/// A machine may be dropped at any time, as in a crash, and the execution be loaded again.
///
/// This is for those who write a back end. Users of a flow start it through one.
pub struct Machine<G: Graph> {
    driver: Pin<Box<dyn Recorded<G>>>,
    log: Arc<Log>,
    codec: &'static GraphCodec<G>,
    batch: Batch<G::Item>,
    /// It was polled since it was loaded, or a commit became durable: clauses that have waited for
    /// that were gone through again.
    is_replayed: bool,
    /// How it has ended, until that is taken.
    ending: Option<Ending>,
    /// What goes out with the next commit.
    items: Vec<ItemRow>,
    /// The position of the next item.
    position: u64,
    /// Of each commit that is not durable yet, whether the driver has a part in it. One of items
    /// alone is not known to it.
    in_flight: VecDeque<bool>,
    is_over: bool,
}

/// An execution that was loaded goes through its clauses again within so many polls, unless user
/// code goes on without end.
const REPLAYS: usize = 64;

impl<G: Graph> Machine<G> {
    /// The first commit of an execution with this input.
    ///
    /// # Errors
    ///
    /// If the input or a state cannot be written.
    pub fn start<Given>(
        _flow: &Flow<G, Given>,
        input: G::Input,
        now: SystemTime,
    ) -> Result<Commit, FlowError> {
        let rows = first_rows::<G>(codec()?, input, started(now));
        Ok(Commit::from(rows.map_err(not_read)?))
    }

    /// Loads the execution with these rows, to go on with it.
    ///
    /// # Errors
    ///
    /// If the flow cannot go on with it: a clause or a handler is gone, or a value cannot be read.
    pub fn load<Given: Complete + 'static>(
        flow: &Flow<G, Given>,
        rows: &Rows,
        now: SystemTime,
    ) -> Result<Self, FlowError> {
        let codec = codec()?;
        let Bytes(input) = Head::read(rows)?.input;
        let input = (codec.input.decode)(&input).map_err(not_read)?;
        let mut driver: Pin<Box<dyn Recorded<G>>> = Box::pin(flow.driver(input, Outlet::Here));
        let log = Arc::new(Log::restore(rows, now)?);
        let outermost = (Arc::clone(&log), String::new());
        driver.as_mut().restore(codec, rows, outermost)?;
        let last = rows.of(key::ITEMS).last();
        let last = last.and_then(|(key, _)| key::number(key));
        Ok(Self {
            driver,
            log,
            codec,
            batch: Batch::default(),
            is_replayed: false,
            ending: None,
            items: Vec::new(),
            position: last.map_or(0, |last| last + 1),
            in_flight: VecDeque::new(),
            is_over: rows.get(key::OUTCOME).is_some(),
        })
    }

    /// Runs the execution until it has changed something, and returns that. `None` when it is over,
    /// and all its commits were taken.
    ///
    /// The next one may be asked for before this one is [`committed`](Self::committed): handlers
    /// that do not depend on it go on.
    ///
    /// # Errors
    ///
    /// If the execution cannot go on with what is in its store, which is left as it is.
    ///
    /// # Cancel safety
    ///
    /// Dropping the future loses nothing.
    pub async fn next_commit(&mut self) -> Result<Option<Commit>, FlowError> {
        poll_fn(|cx| self.poll_commit(cx)).await
    }

    /// The oldest commit that was taken and not reported yet is durable. The execution goes on when
    /// [`next_commit`](Self::next_commit) is polled.
    pub fn committed(&mut self) {
        if self.in_flight.pop_front() == Some(true) {
            self.log.ack();
            self.is_replayed = false;
        }
    }

    /// Hands something from outside to the execution. It takes effect with the next commit, and is
    /// durable when that is. The caller may be told when that is so.
    ///
    /// # Errors
    ///
    /// If the execution does not take it, or not [yet](Refused::NotYet).
    pub fn deliver(&mut self, message: Message<'_>) -> Result<(), Refused> {
        if self.is_over {
            return Err(Refused::Ended);
        }
        // What asks or waits is known when the clauses were gone through again.
        let cx = &Context::from_waker(Waker::noop());
        for _ in 0..REPLAYS {
            if self.is_replayed && !self.driver.as_mut().has_yielded() {
                break;
            }
            self.poll_driver(cx);
        }
        self.driver.as_mut().deliver(message)
    }

    /// Whether nothing runs, and all that was taken is durable: the machine can be dropped, and the
    /// execution loaded again when something comes for it, or at
    /// [`next_deadline`](Self::next_deadline).
    pub fn is_parked(&mut self) -> bool {
        !self.is_over && matches!(self.driver.as_mut().parked(), Parked::Until(_))
    }

    /// No call of a handler begins from now on. Those that run go on.
    pub fn close(&mut self) {
        self.log.close();
    }

    /// Calls of handlers that are about to begin wait until they are [let](Self::let_begin) begin:
    /// the clauses of an execution that was loaded are gone through again, and nothing else.
    pub fn hold_calls(&mut self) {
        self.log.hold_calls();
    }

    /// Whether a call waits to begin.
    #[must_use]
    pub fn holds_call(&self) -> bool {
        self.log.holds_call()
    }

    /// Calls may begin.
    pub fn let_begin(&mut self) {
        self.log.let_begin();
    }

    /// Whether a call of a handler runs.
    #[must_use]
    pub fn has_calls(&self) -> bool {
        self.log.has_calls()
    }

    /// When a parked execution has to go on by itself: the time of a question is over, or a clock
    /// ticks. `None` if nothing but the outside makes it go on.
    pub fn next_deadline(&mut self) -> Option<SystemTime> {
        match self.driver.as_mut().parked() {
            Parked::Until(deadline) => deadline,
            Parked::Runs => None,
        }
    }

    /// Runs the execution as far as it goes, and takes its items.
    fn poll_driver(&mut self, cx: &Context<'_>) {
        self.is_replayed = true;
        while self.ending.is_none() {
            match self.driver.as_mut().poll_read(&mut self.batch, cx) {
                Poll::Ready(Read::Item(item)) => match (self.codec.item.encode)(&item) {
                    Ok(item) => self.items.push(ItemRow::Item(Bytes(item))),
                    Err(error) => self.ending = Some(not_recorded(error)),
                },
                Poll::Ready(Read::End(ending)) => self.ending = Some(ending),
                Poll::Pending => return,
            }
        }
    }

    fn poll_commit(&mut self, cx: &Context<'_>) -> Poll<Result<Option<Commit>, FlowError>> {
        if self.is_over {
            return Poll::Ready(Ok(None));
        }
        self.poll_driver(cx);
        let restarted = self.log.take_restarted();
        for call in restarted.into_iter().rev() {
            self.items.insert(0, ItemRow::Restarted(call));
        }
        if let Some(error) = self.log.refused() {
            self.is_over = true;
            return Poll::Ready(Err(error));
        }
        if self.ending.is_none() && self.driver.as_mut().has_yielded() {
            // What belongs together is in one commit, and it may be in the middle of it.
            return Poll::Pending;
        }
        let mut own = Vec::new();
        for item in std::mem::take(&mut self.items) {
            own.push(self.item(&item).map_err(not_read)?);
        }
        if let Some(ending) = self.ending.take() {
            self.is_over = true;
            own.extend(self.end(ending)?);
        }
        let is_driven = self.log.has_batch();
        if !is_driven && own.is_empty() {
            return Poll::Pending;
        }
        self.in_flight.push_back(is_driven);
        Poll::Ready(Ok(Some(self.log.take(own))))
    }

    fn item(&mut self, item: &ItemRow) -> Result<Change, CodecError> {
        let row = to_bytes(item)?;
        let key = key::item(self.position);
        self.position += 1;
        Ok(Change::Put(key, row))
    }

    /// What is left of an execution that is over.
    fn end(&mut self, ending: Ending) -> Result<Vec<Change>, FlowError> {
        let outcome = match ending {
            Ending::Done | Ending::Stopped => self.driver.as_mut().take_output(),
            Ending::Failed(error) => Err(error),
        };
        let outcome = match outcome {
            Ok(output) => Ok(Bytes(
                (self.codec.output.encode)(&output).map_err(not_read)?,
            )),
            Err(error) => Err(error),
        };
        let outcome = to_bytes(&outcome).map_err(not_read)?;
        let gone = [
            key::ACTIVATIONS,
            key::CALLS,
            key::QUESTIONS,
            key::REMINDERS,
            key::STATES,
            key::TICKS,
        ];
        let gone = gone.map(|rows| Change::DeleteAll(rows.to_owned()));
        let gone = gone.into_iter().chain(
            [
                key::OUTPUT,
                key::ENDING,
                key::FINALLY,
                key::NEXT,
                key::NEXT_QUESTION,
            ]
            .map(|row| Change::Delete(row.to_owned())),
        );
        Ok(gone
            .chain([Change::Put(key::OUTCOME.to_owned(), outcome)])
            .collect())
    }
}

pub(super) fn codec<G: Graph>() -> Result<&'static GraphCodec<G>, FlowError> {
    G::CODEC.ok_or_else(|| {
        let why = "the flow is not durable: add `durable;`";
        FlowError::new(crate::error::FlowErrorKind::Runtime, why)
    })
}

impl<G: Graph> fmt::Debug for Machine<G> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Machine")
            .field("position", &self.position)
            .field("is_over", &self.is_over)
            .finish_non_exhaustive()
    }
}
