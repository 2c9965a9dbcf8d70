//! Executions on a server of Restate, for those who start them.

use std::fmt;
use std::sync::Arc;

use flow_core::__private::{Graph, GraphDesc};
use flow_core::durable::backend::{LARGEST_VALUE, Tell, check_given, check_key};
use flow_core::durable::{
    BoxFuture, Bytes, Encoded, Executions, ExecutionsById, HistoryEntry, ListExecutions, Listed,
    Logged, OpenQuestion, Position, PurgeExecutions, ReadHistory, RequestError, Status,
};
use futures_util::future::FutureExt;
use futures_util::stream::BoxStream;

use crate::desk::HISTORY;
use crate::http::Http;
#[cfg(feature = "nats")]
use crate::nats::Nats;
use crate::past::{Entries, Wanted};
use crate::reading::items;
use crate::requests::Requests;
use crate::streams::Streams;
use crate::wire::{Ask, desk};

/// Starts durable executions on a server of Restate, and speaks with them.
///
/// It does not run them: that is what a [`Worker`](crate::Worker) does, in this process or in
/// others.
///
/// ```no_run
/// use flow_core::{flow, handler};
///
/// #[handler]
/// async fn charge(cents: u32) -> String {
///     format!("charged {cents}")
/// }
///
/// flow! {
///     pub flow Order(u32) -> String;
///     durable;
///     start -> charge -> end;
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), flow_core::durable::RequestError> {
/// let client = flow_restate::Client::new("http://127.0.0.1:8080");
/// let orders = client.executions::<Order>();
/// let order = orders.start("order-42", 700).await?;
/// assert_eq!(order.output().await?, "charged 700");
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Client {
    http: Http,
    admin: Option<Http>,
    streams: Option<Arc<dyn Streams>>,
    max_value: usize,
}

impl Client {
    /// A client of the server whose ingress has this address, such as `http://127.0.0.1:8080`.
    ///
    /// There is no `https` here: put a proxy before a server that is not on a private network.
    #[must_use]
    pub fn new(ingress: &str) -> Self {
        Self {
            http: Http::new(ingress),
            admin: None,
            streams: None,
            max_value: LARGEST_VALUE / 2,
        }
    }

    /// The server's admin interface has this address, such as `http://127.0.0.1:9070`. With it,
    /// executions can be [listed](ExecutionsById::list).
    #[must_use]
    pub fn admin(mut self, admin: &str) -> Self {
        self.admin = Some(Http::new(admin));
        self
    }

    /// The items of executions come through these streams, as those of the workers go: see
    /// [`Nats`].
    #[cfg(feature = "nats")]
    #[must_use]
    pub fn streams(mut self, streams: Nats) -> Self {
        self.streams = Some(Arc::new(streams));
        self
    }

    /// How many bytes a value may have that is sent: see
    /// [`Worker::max_value`](crate::Worker::max_value).
    #[must_use]
    pub fn max_value(mut self, bytes: usize) -> Self {
        self.max_value = bytes;
        self
    }

    /// The executions of a flow, under its own name.
    #[must_use]
    pub fn executions<G: Graph>(&self) -> Executions<G> {
        let name = const {
            match G::DESC.name {
                Some(name) => name,
                None => panic!("the flow has no name: use `executions_of`, or `flow Name`"),
            }
        };
        self.executions_of(name)
    }

    /// The executions of a flow that the workers serve under this name.
    #[must_use]
    pub fn executions_of<G: Graph>(&self, name: &str) -> Executions<G> {
        Executions::new(Arc::new(Remote {
            requests: Arc::new(Requests {
                http: self.http.clone(),
                admin: self.admin.clone(),
                name: name.to_owned(),
                streams: self.streams.clone(),
            }),
            max_value: self.max_value,
            graph: G::DESC,
        }))
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client").finish_non_exhaustive()
    }
}

struct Remote {
    requests: Arc<Requests>,
    max_value: usize,
    graph: &'static GraphDesc,
}

impl ExecutionsById for Remote {
    fn graph(&self) -> &'static GraphDesc {
        self.graph
    }

    fn start<'a>(&'a self, id: &'a str, input: Encoded) -> BoxFuture<'a, Result<(), RequestError>> {
        async move {
            check_key("the id", id)?;
            let input = input.to_bytes()?;
            check_given("the input", &input, self.max_value)?;
            self.requests.ask(id, Ask::Start(Bytes(input))).await
        }
        .boxed()
    }

    fn status<'a>(&'a self, id: &'a str) -> BoxFuture<'a, Result<Status, RequestError>> {
        self.requests.status(id).boxed()
    }

    fn items(
        &self,
        id: &str,
        after: Option<Position>,
    ) -> BoxStream<'static, Result<Logged, RequestError>> {
        items(Arc::clone(&self.requests), id, after)
    }

    fn questions<'a>(
        &'a self,
        id: &'a str,
    ) -> BoxFuture<'a, Result<Vec<OpenQuestion>, RequestError>> {
        async move {
            let (rows, ..) = self.requests.view(id).await?;
            // That there is such an execution.
            Status::read(&rows, id)?;
            let open = rows.questions()?.into_iter();
            Ok(open
                .map(|(number, row)| OpenQuestion::new(number, row))
                .collect())
        }
        .boxed()
    }

    fn output<'a>(&'a self, id: &'a str) -> BoxFuture<'a, Result<Encoded, RequestError>> {
        async move {
            let mut seen = None;
            loop {
                // In this order: what happens after the status was read is news.
                let page = self.requests.read(id, 0, 0, seen).await?;
                if let Some(output) = self.requests.status(id).await?.ended(id) {
                    return output;
                }
                seen = Some(page.version);
            }
        }
        .boxed()
    }

    fn answer<'a>(
        &'a self,
        id: &'a str,
        number: u64,
        answer: Encoded,
    ) -> BoxFuture<'a, Result<(), RequestError>> {
        async move {
            let answer = answer.to_bytes()?;
            check_given("the answer", &answer, self.max_value)?;
            let answer = Bytes(answer);
            let tell = Tell::Answer { number, answer };
            self.requests.ask(id, Ask::Tell(tell)).await
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
            check_given(&format!("`{event}`"), &value, self.max_value)?;
            let tell = Tell::Event {
                name: event.to_owned(),
                event: Bytes(value),
                key: key.to_owned(),
            };
            self.requests.ask(id, Ask::Tell(tell)).await
        }
        .boxed()
    }

    fn cancel<'a>(&'a self, id: &'a str) -> BoxFuture<'a, Result<(), RequestError>> {
        self.requests.ask(id, Ask::Tell(Tell::Cancel)).boxed()
    }

    fn list(&self) -> Option<&dyn ListExecutions> {
        self.requests
            .admin
            .is_some()
            .then_some(self as &dyn ListExecutions)
    }

    fn history(&self) -> Option<&dyn ReadHistory> {
        Some(self)
    }

    fn purge(&self) -> Option<&dyn PurgeExecutions> {
        Some(self)
    }
}

impl ListExecutions for Remote {
    fn list<'a>(
        &'a self,
        after: Option<&'a str>,
        at_most: usize,
    ) -> BoxFuture<'a, Result<Vec<Listed>, RequestError>> {
        async move {
            let mut listed = Vec::new();
            let mut after = after.map(str::to_owned);
            loop {
                let room = at_most - listed.len();
                let ids = self.requests.ids(after.as_deref(), room).await?;
                let is_last = ids.len() < room;
                after = ids.last().cloned();
                for id in ids {
                    match self.requests.status(&id).await {
                        Ok(status) => listed.push(Listed::new(id, status)),
                        // Its start was refused, or it was asked for without one.
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

    /// None: a client does not run executions. Those that are stuck are so in the list.
    fn stuck(&self) -> Vec<Listed> {
        Vec::new()
    }

    fn retry<'a>(&'a self, id: &'a str) -> BoxFuture<'a, Result<(), RequestError>> {
        self.requests.ask(id, Ask::Retry).boxed()
    }
}

impl ReadHistory for Remote {
    /// [`NoHistory`](RequestError::NoHistory) if no worker has kept one:
    /// [`Worker::history`](crate::Worker::history).
    fn history<'a>(
        &'a self,
        id: &'a str,
        after: Option<Position>,
        at_most: usize,
    ) -> BoxFuture<'a, Result<Vec<HistoryEntry>, RequestError>> {
        async move {
            let wanted = Wanted {
                from: after.map_or(Ok(0), |after| after.next())?,
                at_most: u64::try_from(at_most).unwrap_or(u64::MAX),
            };
            let desk = desk(&self.requests.name);
            let entries = self.requests.call(&desk, id, HISTORY, &wanted).await?;
            // Asked last: what was purged before has no entries.
            if let Status::Purged = self.requests.status(id).await? {
                return Err(RequestError::Purged { id: id.to_owned() });
            }
            let no_history = || RequestError::NoHistory { id: id.to_owned() };
            let Entries { first, rows } = Option::ok_or_else(entries, no_history)?;
            let entries = (first..).zip(rows);
            let entries = entries.map(|(number, Bytes(row))| HistoryEntry::read(number, &row));
            entries.collect()
        }
        .boxed()
    }
}

impl PurgeExecutions for Remote {
    fn purge<'a>(&'a self, id: &'a str) -> BoxFuture<'a, Result<(), RequestError>> {
        self.requests.ask(id, Ask::Purge).boxed()
    }
}
