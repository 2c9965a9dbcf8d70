//! The requests that a client makes for one flow, at a server of Restate.

use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use flow_core::durable::{Bytes, Refused, RequestError, Rows, Status, Unavailable};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::json;
use tokio::time::sleep;

use crate::desk::{ASK, READ};
use crate::http::{Http, part};
use crate::run::{CONTROL, VIEW};
use crate::streams::Streams;
use crate::wire::{self, Ask, Page, Read, Reply, View};

/// An execution that was just loaded may not have come to its question again: how long to wait
/// before the answer is repeated.
const NOT_YET: Duration = Duration::from_millis(10);

pub(crate) struct Requests {
    pub(crate) http: Http,
    pub(crate) admin: Option<Http>,
    pub(crate) name: String,
    pub(crate) streams: Option<Arc<dyn Streams>>,
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

impl Requests {
    pub(crate) async fn call<T: DeserializeOwned>(
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

    pub(crate) async fn ask(&self, id: &str, ask: Ask) -> Result<(), RequestError> {
        let desk = wire::desk(&self.name);
        loop {
            let reply: Reply = self.call(&desk, id, ASK, &ask).await?;
            match reply.to(&ask, id) {
                Err(RequestError::Refused(Refused::NotYet)) => sleep(NOT_YET).await,
                done => return done,
            }
        }
    }

    /// The rows that tell of an execution, why it does not go on, and how many items it has.
    pub(crate) async fn view(&self, id: &str) -> Result<(Rows, Option<Status>, u64), RequestError> {
        let view: View = self.call(&self.name, id, VIEW, &()).await?;
        let rows = view.rows.into_iter();
        let rows = rows.map(|(key, Bytes(value))| (key, value)).collect();
        let blocked = view.blocked.map(|reason| Status::Blocked { reason });
        Ok((rows, blocked, view.items))
    }

    pub(crate) async fn status(&self, id: &str) -> Result<Status, RequestError> {
        let (rows, blocked, _) = self.view(id).await?;
        Ok(match Status::read(&rows, id)? {
            Status::Unfinished => blocked.unwrap_or(Status::Unfinished),
            status => status,
        })
    }

    /// The ids of executions, in their order.
    pub(crate) async fn ids(
        &self,
        after: Option<&str>,
        at_most: usize,
    ) -> Result<Vec<String>, RequestError> {
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
    pub(crate) async fn read(
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
