//! Where executions are kept: what a back end has to do for the [`Host`](super::Host).

use std::error::Error;
use std::fmt;
use std::sync::Arc;

use futures_util::future::BoxFuture;

use crate::error::BoxError;
use crate::records::commit::Commit;
use crate::records::rows::Rows;

/// The name of an execution in a store: that of its flow, and its id among the executions of the
/// flow.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ExecutionName {
    flow: Arc<str>,
    id: Arc<str>,
}

impl ExecutionName {
    /// The execution of this flow with this id.
    #[must_use]
    pub fn new(flow: impl Into<Arc<str>>, id: impl Into<Arc<str>>) -> Self {
        Self {
            flow: flow.into(),
            id: id.into(),
        }
    }

    /// The name of the flow.
    #[must_use]
    pub fn flow(&self) -> &str {
        &self.flow
    }

    /// The id, which no other execution of the flow has.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }
}

impl fmt::Display for ExecutionName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.flow, self.id)
    }
}

/// Keeps the rows of executions.
///
/// A store needs no knowledge of what is in the rows. It has to keep four promises:
///
/// - A commit is durable as a whole or not at all, and it is durable when `commit` returns `Ok`.
/// - The commits of one execution are made in the order of the calls of `commit`. Several of one
///   execution may be under way.
/// - After a commit of an execution has failed, those that were called after it fail as well, until
///   the execution is [loaded](Self::load) again. So no commit is durable that lacks one before it.
/// - What is read is durable. `load` waits for the commits of the execution that were called
///   before, even if their futures were dropped: none of them is made afterwards.
///
/// [`MemoryStore`](super::MemoryStore) is the smallest one.
pub trait Store: Send + Sync + 'static {
    /// The rows of an execution, to go on with it. There are none if it was never started. Of those
    /// whose keys begin with one of `logs`, only the last one is needed: they are many when the
    /// execution has run for long.
    fn load<'a>(
        &'a self,
        name: &'a ExecutionName,
        logs: &'a [&'a str],
    ) -> BoxFuture<'a, Result<Rows, Unavailable>>;

    /// Some rows of an execution, while it may be running.
    fn read<'a>(
        &'a self,
        id: &'a ExecutionName,
        keys: Keys<'a>,
    ) -> BoxFuture<'a, Result<Rows, Unavailable>>;

    /// Makes a commit durable. The call itself decides the order, not the poll of the future. If
    /// the future is dropped, the commit may be made or not.
    fn commit(
        &self,
        id: &ExecutionName,
        commit: Commit,
    ) -> BoxFuture<'static, Result<(), Unavailable>>;

    /// The ids of executions, in the order of the ids.
    fn list<'a>(&'a self, listing: Listing<'a>) -> BoxFuture<'a, Result<Vec<String>, Unavailable>>;
}

impl<S: Store + ?Sized> Store for Arc<S> {
    fn load<'a>(
        &'a self,
        name: &'a ExecutionName,
        logs: &'a [&'a str],
    ) -> BoxFuture<'a, Result<Rows, Unavailable>> {
        (**self).load(name, logs)
    }

    fn read<'a>(
        &'a self,
        id: &'a ExecutionName,
        keys: Keys<'a>,
    ) -> BoxFuture<'a, Result<Rows, Unavailable>> {
        (**self).read(id, keys)
    }

    fn commit(
        &self,
        id: &ExecutionName,
        commit: Commit,
    ) -> BoxFuture<'static, Result<(), Unavailable>> {
        (**self).commit(id, commit)
    }

    fn list<'a>(&'a self, listing: Listing<'a>) -> BoxFuture<'a, Result<Vec<String>, Unavailable>> {
        (**self).list(listing)
    }
}

/// Which rows to read: those whose keys begin with `prefix` and come after `after`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Keys<'a> {
    /// How the keys begin.
    pub prefix: &'a str,
    /// The last key that is known already.
    pub after: Option<&'a str>,
    /// No more rows than this.
    pub at_most: usize,
    /// Whether to prefer the last ones to the first ones.
    pub last: bool,
}

impl<'a> Keys<'a> {
    /// One row.
    pub(crate) fn one(key: &'a str) -> Self {
        Self {
            prefix: key,
            after: None,
            at_most: 1,
            last: false,
        }
    }
}

/// Which executions to list: those of the flow whose ids come after `after`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Listing<'a> {
    /// The name of the flow.
    pub flow: &'a str,
    /// Whether to leave out those that [are over](Rows::is_over).
    pub unfinished: bool,
    /// The last id that is known already.
    pub after: Option<&'a str>,
    /// No more ids than this.
    pub at_most: usize,
}

/// The store did not do what it was asked for, or did it and could not tell: the outcome is
/// unknown.
///
/// It is safe to repeat a request that has ended like this. The reason is the
/// [`source`](Error::source).
#[derive(Clone, Debug)]
pub struct Unavailable {
    source: Arc<dyn Error + Send + Sync>,
}

impl Unavailable {
    /// The store is unavailable for this reason.
    pub fn new(source: impl Into<BoxError>) -> Self {
        Self {
            source: Arc::from(source.into()),
        }
    }
}

impl fmt::Display for Unavailable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the store is unavailable, and the outcome is unknown: repeat the request")
    }
}

impl Error for Unavailable {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        Some(&*self.source)
    }
}
