//! A flow of a host, without its types.

use std::sync::Arc;

use futures_util::future::{BoxFuture, FutureExt};
use futures_util::stream::BoxStream;

use crate::durable::by_id::{
    ExecutionsById, ListExecutions, Listed, Logged, OpenQuestion, PurgeExecutions, Status,
};
use crate::durable::encoded::Encoded;
use crate::durable::history::{HistoryEntry, ReadHistory};
use crate::durable::host::load::ask;
use crate::durable::host::owner::Owner;
use crate::durable::host::past;
use crate::durable::host::reading::{self, Reading};
use crate::durable::host::request::Ask;
use crate::durable::position::Position;
use crate::durable::program::Program;
use crate::durable::request_error::RequestError;
use crate::durable::sizes::{check_given, check_key};
use crate::durable::store::{ExecutionName, Listing};
use crate::durable::tell::Tell;
use crate::graph::GraphDesc;
use crate::records::bytes::Bytes;

pub(super) struct Registered {
    pub(super) owner: Arc<Owner>,
    pub(super) name: Arc<str>,
    pub(super) program: Arc<dyn Program>,
}

impl Registered {
    fn id(&self, id: &str) -> ExecutionName {
        ExecutionName::new(Arc::clone(&self.name), id)
    }

    async fn tell(&self, id: &str, tell: Tell) -> Result<(), RequestError> {
        ask(&self.owner.shared, &self.id(id), Ask::Tell(tell)).await
    }
}

impl ExecutionsById for Registered {
    fn graph(&self) -> &'static GraphDesc {
        self.program.graph()
    }

    fn start<'a>(&'a self, id: &'a str, input: Encoded) -> BoxFuture<'a, Result<(), RequestError>> {
        async move {
            let shared = &self.owner.shared;
            check_key("the id", id)?;
            let bytes = input.to_bytes()?;
            check_given("the input", &bytes, shared.max_value)?;
            let commit = self.program.start(&bytes, shared.clock.now());
            let commit = commit.map_err(RequestError::NotStarted)?;
            let start = Ask::Start { input, commit };
            ask(&self.owner.shared, &self.id(id), start).await
        }
        .boxed()
    }

    fn status<'a>(&'a self, id: &'a str) -> BoxFuture<'a, Result<Status, RequestError>> {
        async move { reading::status(&self.owner.shared, &self.id(id)).await }.boxed()
    }

    fn items(
        &self,
        id: &str,
        after: Option<Position>,
    ) -> BoxStream<'static, Result<Logged, RequestError>> {
        Reading::new(&self.owner.shared, self.id(id), after).entries()
    }

    fn questions<'a>(
        &'a self,
        id: &'a str,
    ) -> BoxFuture<'a, Result<Vec<OpenQuestion>, RequestError>> {
        async move { reading::questions(&self.owner.shared, &self.id(id)).await }.boxed()
    }

    fn output<'a>(&'a self, id: &'a str) -> BoxFuture<'a, Result<Encoded, RequestError>> {
        async move { reading::output(&self.owner.shared, &self.id(id)).await }.boxed()
    }

    fn answer<'a>(
        &'a self,
        id: &'a str,
        number: u64,
        answer: Encoded,
    ) -> BoxFuture<'a, Result<(), RequestError>> {
        async move {
            let answer = answer.to_bytes()?;
            check_given("the answer", &answer, self.owner.shared.max_value)?;
            let answer = Bytes(answer);
            self.tell(id, Tell::Answer { number, answer }).await
        }
        .boxed()
    }

    fn send<'a>(
        &'a self,
        id: &'a str,
        event: &'a str,
        value: Encoded,
        key: &'a str,
    ) -> BoxFuture<'a, Result<(), RequestError>> {
        async move {
            let value = value.to_bytes()?;
            check_key("the key of the event", key)?;
            check_given(&format!("`{event}`"), &value, self.owner.shared.max_value)?;
            let tell = Tell::Event {
                name: event.to_owned(),
                event: Bytes(value),
                key: key.to_owned(),
            };
            self.tell(id, tell).await
        }
        .boxed()
    }

    fn cancel<'a>(&'a self, id: &'a str) -> BoxFuture<'a, Result<(), RequestError>> {
        self.tell(id, Tell::Cancel).boxed()
    }

    fn list(&self) -> Option<&dyn ListExecutions> {
        Some(self)
    }

    fn history(&self) -> Option<&dyn ReadHistory> {
        (self.owner.shared.history > 0).then_some(self as &dyn ReadHistory)
    }

    fn purge(&self) -> Option<&dyn PurgeExecutions> {
        Some(self)
    }
}

impl ListExecutions for Registered {
    fn list<'a>(
        &'a self,
        after: Option<&'a str>,
        at_most: usize,
    ) -> BoxFuture<'a, Result<Vec<Listed>, RequestError>> {
        async move {
            let shared = &self.owner.shared;
            let mut listed = Vec::new();
            let mut after = after.map(str::to_owned);
            loop {
                let room = at_most - listed.len();
                let listing = Listing {
                    flow: &self.name,
                    unfinished: false,
                    after: after.as_deref(),
                    at_most: room,
                };
                let ids = shared.store.list(listing).await?;
                let is_last = ids.len() < room;
                after = ids.last().cloned();
                for id in ids {
                    match reading::status(shared, &self.id(&id)).await {
                        Ok(status) => listed.push(Listed::new(id, status)),
                        // It was purged, and forgotten, since.
                        Err(RequestError::NotFound { .. }) => {}
                        Err(error) => return Err(error),
                    }
                }
                if is_last || listed.len() == at_most {
                    return Ok(listed);
                }
            }
        }
        .boxed()
    }

    fn stuck(&self) -> Vec<Listed> {
        let stuck = self.owner.shared.all_stuck(&self.name).into_iter();
        stuck
            .map(|(id, stuck)| Listed::new(id.id().to_owned(), stuck.status()))
            .collect()
    }

    fn retry<'a>(&'a self, id: &'a str) -> BoxFuture<'a, Result<(), RequestError>> {
        async move {
            let id = self.id(id);
            self.owner.shared.release(&id);
            ask(&self.owner.shared, &id, Ask::Retry).await
        }
        .boxed()
    }
}

impl PurgeExecutions for Registered {
    fn purge<'a>(&'a self, id: &'a str) -> BoxFuture<'a, Result<(), RequestError>> {
        async move { ask(&self.owner.shared, &self.id(id), Ask::Purge).await }.boxed()
    }
}

impl ReadHistory for Registered {
    fn history<'a>(
        &'a self,
        id: &'a str,
        after: Option<Position>,
        at_most: usize,
    ) -> BoxFuture<'a, Result<Vec<HistoryEntry>, RequestError>> {
        async move { past::read(&self.owner.shared, &self.id(id), after, at_most).await }.boxed()
    }
}
