//! What is read of an execution, whether it is in memory or not.

use std::collections::VecDeque;
use std::sync::Arc;

use futures_util::stream::{BoxStream, StreamExt, try_unfold};

use crate::durable::by_id::{Logged, OpenQuestion, Status};
use crate::durable::encoded::Encoded;
use crate::durable::host::shared::{Shared, Watch};
use crate::durable::position::Position;
use crate::durable::request_error::RequestError;
use crate::durable::store::{ExecutionName, Keys};
use crate::records::key;
use crate::records::rows::Rows;

/// How many items or questions are read at a time.
const PAGE: usize = 64;

pub(super) async fn status(shared: &Shared, id: &ExecutionName) -> Result<Status, RequestError> {
    let mut rows = Rows::default();
    // In this order, as it may come to its end and be purged between two reads.
    for key in [key::OUTCOME, key::HEAD, key::PURGED] {
        let row = shared.store.read(id, Keys::one(key)).await?;
        if let Some(row) = row.get(key) {
            rows.put(key.to_owned(), row.to_vec());
            break;
        }
    }
    Ok(match Status::read(&rows, id.id())? {
        Status::Unfinished => match shared.stuck(id) {
            Some(stuck) => stuck.status(),
            None => Status::Unfinished,
        },
        status => status,
    })
}

pub(super) async fn output(
    shared: &Arc<Shared>,
    id: &ExecutionName,
) -> Result<Encoded, RequestError> {
    let mut watch = shared.watch(id);
    loop {
        watch.mark_seen();
        if let Some(output) = status(shared, id).await?.ended(id.id()) {
            return output;
        }
        watch.status_changed().await?;
    }
}

pub(super) async fn questions(
    shared: &Shared,
    id: &ExecutionName,
) -> Result<Vec<OpenQuestion>, RequestError> {
    // That there is such an execution.
    status(shared, id).await?;
    let mut open: Vec<OpenQuestion> = Vec::new();
    loop {
        let last = open.last().map(|last| key::question(last.number));
        let keys = Keys {
            prefix: key::QUESTIONS,
            after: last.as_deref(),
            at_most: PAGE,
            last: false,
        };
        let page = shared.store.read(id, keys).await?.questions()?;
        if page.is_empty() {
            return Ok(open);
        }
        let page = page.into_iter();
        open.extend(page.map(|(number, row)| OpenQuestion::new(number, row)));
    }
}

/// Reads the items of an execution, one after the other.
pub(super) struct Reading {
    shared: Arc<Shared>,
    id: ExecutionName,
    watch: Watch,
    /// The position after which to go on. It is checked before the first entry.
    after: Option<Position>,
    is_checked: bool,
    /// The position of the next entry.
    next: u64,
    read: VecDeque<Logged>,
}

impl Reading {
    pub(super) fn new(shared: &Arc<Shared>, id: ExecutionName, after: Option<Position>) -> Self {
        Self {
            shared: Arc::clone(shared),
            watch: shared.watch(&id),
            id,
            after,
            is_checked: false,
            next: 0,
            read: VecDeque::new(),
        }
    }

    /// The entries. There is none after an error.
    pub(super) fn entries(self) -> BoxStream<'static, Result<Logged, RequestError>> {
        let next = async |mut reading: Self| {
            let entry = reading.read_on().await?;
            Ok(entry.map(|entry| (entry, reading)))
        };
        try_unfold(self, next).boxed()
    }

    async fn read_on(&mut self) -> Result<Option<Logged>, RequestError> {
        loop {
            if let Some(entry) = self.read.pop_front() {
                return Ok(Some(entry));
            }
            self.watch.mark_seen();
            // In this order: what is over has all its items.
            let status = status(&self.shared, &self.id).await?;
            if matches!(status, Status::Purged) {
                return status.ended(self.id.id()).transpose().map(|_| None);
            }
            if !self.is_checked {
                self.check().await?;
            }
            if self.read_page().await? {
                continue;
            }
            if let Some(output) = status.ended(self.id.id()) {
                // If it is purged by now, the page may be empty for that.
                let now = self::status(&self.shared, &self.id).await?;
                let now = now.ended(self.id.id()).unwrap_or(output);
                return now.map(|_output| None);
            }
            self.watch.changed().await?;
        }
    }

    /// Whether there are further entries.
    async fn read_page(&mut self) -> Result<bool, RequestError> {
        let last = self.next.checked_sub(1).map(key::item);
        let keys = Keys {
            prefix: key::ITEMS,
            after: last.as_deref(),
            at_most: PAGE,
            last: false,
        };
        let rows = self.shared.store.read(&self.id, keys).await?;
        for (key, row) in rows.iter() {
            let Some(number) = key::number(key) else {
                continue;
            };
            if number > self.next {
                self.read.push_back(Logged::Missed);
            }
            self.next = number + 1;
            self.read.push_back(Logged::read(number, row)?);
        }
        Ok(!self.read.is_empty())
    }

    /// Goes to the position after which to read.
    async fn check(&mut self) -> Result<(), RequestError> {
        self.is_checked = true;
        let Some(after) = self.after.take() else {
            return Ok(());
        };
        let next = after.next()?;
        let keys = Keys {
            prefix: key::ITEMS,
            after: None,
            at_most: 1,
            last: true,
        };
        let last = self.shared.store.read(&self.id, keys).await?;
        let end = last.iter().next().and_then(|(key, _)| key::number(key));
        let end = end.map_or(0, |last| last + 1);
        if next > end {
            self.read.push_back(Logged::Restarted { call: None });
        }
        self.next = next.min(end);
        Ok(())
    }
}
