//! Executions by their ids, without their types: what each back end can do.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use futures_util::future::BoxFuture;
use futures_util::stream::BoxStream;

use crate::durable::encoded::Encoded;
use crate::durable::history::ReadHistory;
use crate::durable::position::Position;
use crate::durable::request_error::RequestError;
use crate::error::FlowError;
use crate::graph::GraphDesc;
use crate::records::bytes::Bytes;
use crate::records::question::QuestionRow;

/// The executions of one durable flow by their ids, wherever they are kept.
///
/// The host in this crate, a journal on a disk and a server of durable executions all implement it,
/// and what is built on it, such as a service over HTTP, works with each. Values have no types
/// here: see [`Encoded`]. In a program that knows the flow, use [`Executions`](super::Executions).
///
/// Any request may be repeated, in particular one that has ended with
/// [`Unavailable`](RequestError::Unavailable): what it asks for is done once. The futures and
/// streams may be dropped at any time; a request may be done even so.
pub trait ExecutionsById: Send + Sync {
    /// The graph of the flow.
    fn graph(&self) -> &'static GraphDesc;

    /// Starts an execution, which is durable when the future completes.
    ///
    /// An execution with this id and the same input is the same execution, even if it is over.
    ///
    /// # Errors
    ///
    /// [`OtherInput`](RequestError::OtherInput) if there is one with another input.
    fn start<'a>(&'a self, id: &'a str, input: Encoded) -> BoxFuture<'a, Result<(), RequestError>>;

    /// What is known of an execution.
    ///
    /// # Errors
    ///
    /// [`NotFound`](RequestError::NotFound) if it was never started.
    fn status<'a>(&'a self, id: &'a str) -> BoxFuture<'a, Result<Status, RequestError>>;

    /// The items of an execution after this position, or all of them. The stream waits for further
    /// ones, and ends when the execution is over; if that has failed, with the error.
    ///
    /// An item is read when it is durable. So it does not change any more, and a program that was
    /// stopped can go on where it was.
    fn items(
        &self,
        id: &str,
        after: Option<Position>,
    ) -> BoxStream<'static, Result<Logged, RequestError>>;

    /// The questions of an execution that wait for their answers, in the order of their numbers.
    fn questions<'a>(
        &'a self,
        id: &'a str,
    ) -> BoxFuture<'a, Result<Vec<OpenQuestion>, RequestError>>;

    /// Waits for the output of an execution.
    ///
    /// # Errors
    ///
    /// [`Failed`](RequestError::Failed) if there will be none. If the execution cannot go on for
    /// now, [`Blocked`](RequestError::Blocked) and [`Poisoned`](RequestError::Poisoned).
    fn output<'a>(&'a self, id: &'a str) -> BoxFuture<'a, Result<Encoded, RequestError>>;

    /// Answers the question with this number. The same answer once more changes nothing.
    ///
    /// # Errors
    ///
    /// [`OtherAnswer`](RequestError::OtherAnswer) if it was answered in another way, and
    /// [`Refused`](RequestError::Refused) if it was not asked, or waits no more.
    fn answer<'a>(
        &'a self,
        id: &'a str,
        number: u64,
        answer: Encoded,
    ) -> BoxFuture<'a, Result<(), RequestError>>;

    /// Sends an event that the flow declares `external`, by its name there: the last word of its
    /// path, or the whole path if several have that word. Two events with one key are one event: the
    /// second changes nothing.
    ///
    /// # Errors
    ///
    /// [`Refused`](RequestError::Refused) if the flow takes no such event, or no event any more.
    fn send<'a>(
        &'a self,
        id: &'a str,
        event: &'a str,
        value: Encoded,
        key: &'a str,
    ) -> BoxFuture<'a, Result<(), RequestError>>;

    /// Cancels an execution. Its `finally` runs after that. A second request changes nothing.
    ///
    /// # Errors
    ///
    /// [`Refused`](RequestError::Refused) if the execution has ended.
    fn cancel<'a>(&'a self, id: &'a str) -> BoxFuture<'a, Result<(), RequestError>>;

    /// Lists executions, if the back end can.
    fn list(&self) -> Option<&dyn ListExecutions> {
        None
    }

    /// Tells what executions have done, if the back end keeps it.
    fn history(&self) -> Option<&dyn ReadHistory> {
        None
    }

    /// Removes what is left of executions that are over, if the back end can.
    fn purge(&self) -> Option<&dyn PurgeExecutions> {
        None
    }
}

/// The back end can list the executions of a flow.
pub trait ListExecutions: Send + Sync {
    /// So many executions whose ids come after this one, in the order of the ids. If there are
    /// fewer, these are the last.
    fn list<'a>(
        &'a self,
        after: Option<&'a str>,
        at_most: usize,
    ) -> BoxFuture<'a, Result<Vec<Listed>, RequestError>>;

    /// The executions that are [`Blocked`](Status::Blocked) or [`Poisoned`](Status::Poisoned), as
    /// far as this process has tried to go on with them.
    fn stuck(&self) -> Vec<Listed>;

    /// Tries once more to go on with an execution that is stuck.
    fn retry<'a>(&'a self, id: &'a str) -> BoxFuture<'a, Result<(), RequestError>>;
}

/// The back end can remove what it has kept of executions.
pub trait PurgeExecutions: Send + Sync {
    /// Removes the output and the items of an execution that is over. Its id stays in use: a
    /// [`start`](ExecutionsById::start) that is repeated later is an error, and no second
    /// execution.
    ///
    /// # Errors
    ///
    /// [`Unfinished`](RequestError::Unfinished) if the execution is not over.
    fn purge<'a>(&'a self, id: &'a str) -> BoxFuture<'a, Result<(), RequestError>>;
}

/// An execution in a list.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Listed {
    /// Its id.
    pub id: String,
    /// What is known of it.
    pub status: Status,
}

impl Listed {
    /// For those who write a back end.
    #[must_use]
    pub fn new(id: String, status: Status) -> Self {
        Self { id, status }
    }
}

/// What is known of an execution.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Status<Output = Encoded> {
    /// It is under way. Something runs, or it waits for something.
    Unfinished,
    /// It is over, with this output.
    Done(Output),
    /// It is over, with this error.
    Failed(FlowError),
    /// It was over, and what was kept of it was removed.
    Purged,
    /// The program cannot go on with it. It is left as it is.
    Blocked {
        /// The reason.
        reason: FlowError,
    },
    /// The process has died so often while it was running, that it is not tried again unless asked
    /// for.
    Poisoned {
        /// How many times.
        loads: u32,
    },
}

/// A question of an execution that waits for its answer.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct OpenQuestion {
    /// Its number, to answer it.
    pub number: u64,
    /// The name of its type in the flow: the last word of its path, or the whole path if several
    /// questions have that word.
    pub name: String,
    /// The question.
    pub question: Encoded,
    /// When it is too late for an answer.
    pub deadline: Option<SystemTime>,
}

impl OpenQuestion {
    /// For those who write a back end: the question with this number in the rows of an execution.
    #[must_use]
    pub fn new(number: u64, row: QuestionRow) -> Self {
        let deadline = row.deadline.map(Duration::from_millis);
        let Bytes(question) = row.question;
        Self {
            number,
            name: row.name,
            question: Encoded::from_bytes(question),
            deadline: deadline.and_then(|deadline| UNIX_EPOCH.checked_add(deadline)),
        }
    }
}

/// What the log of an execution's items contains.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Logged<T = Encoded> {
    /// An item.
    Item {
        /// The position to go on after this item.
        position: Position,
        /// The item.
        item: T,
    },
    /// A call of a handler is made again, because the process died while it was running: what it
    /// has put before comes once more, or differently. If the position lies beyond what is durable,
    /// the call is not known.
    Restarted {
        /// The name of the handler.
        call: Option<String>,
    },
    /// Items are missing here, because they were removed.
    Missed,
}

impl<T> Logged<T> {
    /// The entry with its item replaced.
    pub(crate) fn try_map<U, E>(self, map: impl FnOnce(T) -> Result<U, E>) -> Result<Logged<U>, E> {
        Ok(match self {
            Self::Item { position, item } => Logged::Item {
                position,
                item: map(item)?,
            },
            Self::Restarted { call } => Logged::Restarted { call },
            Self::Missed => Logged::Missed,
        })
    }
}
