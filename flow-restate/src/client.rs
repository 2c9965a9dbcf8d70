//! Executions on a server of Restate, for those who start them.

use std::collections::VecDeque;
use std::fmt;
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use flow_core::__private::{Graph, GraphDesc};
use flow_core::durable::backend::{LARGEST_VALUE, Tell, check_given, check_key};
use flow_core::durable::{
    BoxFuture, Bytes, Encoded, Executions, ExecutionsById, ListExecutions, Listed, Logged,
    OpenQuestion, Position, PurgeExecutions, Refused, RequestError, Rows, Status, Unavailable,
};
use futures_util::future::FutureExt;
use futures_util::stream::{BoxStream, StreamExt, unfold};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::json;
use tokio::time::sleep;

use crate::desk::{ASK, READ};
use crate::http::{Http, part};
use crate::run::{CONTROL, VIEW};
use crate::wire::{self, Ask, Page, Read, Reply, View};

/// How many items are read at a time.
const PAGE: u64 = 64;

/// An execution that was just loaded may not have come to its question again: how long to wait
/// before the answer is repeated.
const NOT_YET: Duration = Duration::from_millis(10);

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
            at: Arc::new(At {
                http: self.http.clone(),
                admin: self.admin.clone(),
                name: name.to_owned(),
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

/// A flow at a server.
struct At {
    http: Http,
    admin: Option<Http>,
    name: String,
}

/// What the admin interface has found.
#[derive(Deserialize)]
struct Found {
    rows: Vec<Row>,
}

#[derive(Deserialize)]
struct Row {
    service_key: String,
}

struct Remote {
    at: Arc<At>,
    max_value: usize,
    graph: &'static GraphDesc,
}

impl At {
    async fn call<T: DeserializeOwned>(
        &self,
        object: &str,
        id: &str,
        handler: &str,
        input: &impl Serialize,
    ) -> Result<T, RequestError> {
        let path = format!("/{object}/{}/{handler}", part(id));
        let input = wire::write(input)?;
        let output = self.http.post(&path, "application/octet-stream", input);
        // What the server replies, another program at its address may have replied.
        wire::read(&output.await?).map_err(|error| Unavailable::new(error).into())
    }

    async fn ask(&self, id: &str, ask: Ask) -> Result<(), RequestError> {
        let desk = wire::desk(&self.name);
        loop {
            let reply: Reply = self.call(&desk, id, ASK, &ask).await?;
            match reply.to(&ask, id) {
                Err(RequestError::Refused(Refused::NotYet)) => sleep(NOT_YET).await,
                done => return done,
            }
        }
    }

    async fn view(&self, id: &str) -> Result<(Rows, Option<Status>), RequestError> {
        let view: View = self.call(&self.name, id, VIEW, &()).await?;
        let rows = view.rows.into_iter();
        let rows = rows.map(|(key, Bytes(value))| (key, value)).collect();
        let blocked = view.blocked.map(|reason| Status::Blocked { reason });
        Ok((rows, blocked))
    }

    async fn status(&self, id: &str) -> Result<Status, RequestError> {
        let (rows, blocked) = self.view(id).await?;
        Ok(match Status::read(&rows, id)? {
            Status::Unfinished => blocked.unwrap_or(Status::Unfinished),
            status => status,
        })
    }

    /// The ids of executions, in their order.
    async fn ids(&self, after: Option<&str>, at_most: usize) -> Result<Vec<String>, RequestError> {
        let Some(admin) = &self.admin else {
            return Ok(Vec::new());
        };
        let text = |text: &str| format!("'{}'", text.replace('\'', "''"));
        let after = after.map(|after| format!(" AND service_key > {}", text(after)));
        let query = format!(
            "SELECT service_key FROM state WHERE service_name = {} AND key = {}{} \
             ORDER BY service_key LIMIT {at_most}",
            text(&self.name),
            text(CONTROL),
            after.unwrap_or_default(),
        );
        let query = json!({ "query": query }).to_string().into_bytes();
        let found = admin.post("/query", "application/json", query).await?;
        let found: Found = serde_json::from_slice(&found).map_err(Unavailable::new)?;
        Ok(found.rows.into_iter().map(|row| row.service_key).collect())
    }

    /// What the desk has. With a version that is known already, that of the next news.
    async fn read(
        &self,
        id: &str,
        from: u64,
        at_most: u64,
        mut seen: Option<u64>,
    ) -> Result<Page, RequestError> {
        let desk = wire::desk(&self.name);
        loop {
            let since = SystemTime::now().duration_since(UNIX_EPOCH);
            let now = u64::try_from(since.unwrap_or_default().as_millis()).unwrap_or(u64::MAX);
            let read = Read {
                from,
                at_most,
                seen,
                now,
            };
            let page: Option<Page> = self.call(&desk, id, READ, &read).await?;
            match page {
                Some(page) => return Ok(page),
                // It has waited: there is news, or the time is over.
                None => seen = None,
            }
        }
    }
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
            self.at.ask(id, Ask::Start(Bytes(input))).await
        }
        .boxed()
    }

    fn status<'a>(&'a self, id: &'a str) -> BoxFuture<'a, Result<Status, RequestError>> {
        self.at.status(id).boxed()
    }

    fn items(
        &self,
        id: &str,
        after: Option<Position>,
    ) -> BoxStream<'static, Result<Logged, RequestError>> {
        let reading = Reading {
            at: Arc::clone(&self.at),
            id: id.to_owned(),
            after,
            next: 0,
            seen: None,
            read: VecDeque::new(),
            is_over: false,
        };
        unfold(reading, Reading::next).boxed()
    }

    fn questions<'a>(
        &'a self,
        id: &'a str,
    ) -> BoxFuture<'a, Result<Vec<OpenQuestion>, RequestError>> {
        async move {
            let (rows, _) = self.at.view(id).await?;
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
                let page = self.at.read(id, 0, 0, seen).await?;
                if let Some(output) = self.at.status(id).await?.ended(id) {
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
            self.at.ask(id, Ask::Tell(tell)).await
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
            self.at.ask(id, Ask::Tell(tell)).await
        }
        .boxed()
    }

    fn cancel<'a>(&'a self, id: &'a str) -> BoxFuture<'a, Result<(), RequestError>> {
        self.at.ask(id, Ask::Tell(Tell::Cancel)).boxed()
    }

    fn list(&self) -> Option<&dyn ListExecutions> {
        self.at
            .admin
            .is_some()
            .then_some(self as &dyn ListExecutions)
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
            for id in self.at.ids(after, at_most).await? {
                match self.at.status(&id).await {
                    Ok(status) => listed.push(Listed::new(id, status)),
                    // Its start was refused.
                    Err(RequestError::NotFound { .. }) => {}
                    Err(error) => return Err(error),
                }
            }
            Ok(listed)
        }
        .boxed()
    }

    /// None: a client does not run executions. Those that are stuck are so in the list.
    fn stuck(&self) -> Vec<Listed> {
        Vec::new()
    }

    fn retry<'a>(&'a self, id: &'a str) -> BoxFuture<'a, Result<(), RequestError>> {
        self.at.ask(id, Ask::Retry).boxed()
    }
}

impl PurgeExecutions for Remote {
    fn purge<'a>(&'a self, id: &'a str) -> BoxFuture<'a, Result<(), RequestError>> {
        self.at.ask(id, Ask::Purge).boxed()
    }
}

/// Reads the items of an execution, one after the other.
struct Reading {
    at: Arc<At>,
    id: String,
    /// The position after which to go on. It is checked before the first entry.
    after: Option<Position>,
    /// The number of the next entry.
    next: u64,
    /// The version of the desk that is known.
    seen: Option<u64>,
    read: VecDeque<Logged>,
    is_over: bool,
}

impl Reading {
    async fn next(mut self) -> Option<(Result<Logged, RequestError>, Self)> {
        if self.is_over {
            return None;
        }
        match self.read_on().await {
            Ok(Some(entry)) => Some((Ok(entry), self)),
            Ok(None) => None,
            Err(error) => {
                self.is_over = true;
                Some((Err(error), self))
            }
        }
    }

    async fn read_on(&mut self) -> Result<Option<Logged>, RequestError> {
        loop {
            if let Some(entry) = self.read.pop_front() {
                return Ok(Some(entry));
            }
            if let Some(after) = &self.after {
                let next = after.next()?;
                let page = self.at.read(&self.id, next, 0, None).await?;
                self.after = None;
                self.next = next.min(page.end);
                if next > page.end {
                    return Ok(Some(Logged::Restarted { call: None }));
                }
            }
            let page = self.at.read(&self.id, self.next, PAGE, self.seen).await?;
            for (number, Bytes(row)) in page.items {
                if number > self.next {
                    self.read.push_back(Logged::Missed);
                }
                self.next = number + 1;
                self.read.push_back(Logged::read(number, &row)?);
            }
            // No news comes of what is over.
            let is_waited_for = self.next >= page.end && !page.is_over;
            self.seen = is_waited_for.then_some(page.version);
            if !self.read.is_empty() {
                continue;
            }
            // What is over at the desk has all its items there.
            let status = self.at.status(&self.id).await?;
            let is_done = matches!(status, Status::Done(_) | Status::Failed(_));
            if is_done && !page.is_over {
                continue;
            }
            if let Some(output) = status.ended(&self.id) {
                return output.map(|_output| None);
            }
        }
    }
}
