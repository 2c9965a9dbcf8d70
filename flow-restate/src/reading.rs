//! Reads the items of an execution, one after the other: at its desk, or in the log that it has in
//! the [`Streams`].

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use flow_core::durable::{BoxFuture, Bytes, Logged, Position, RequestError, Status, Unavailable};
use futures_util::future::{Either, FutureExt, select};
use futures_util::stream::{BoxStream, StreamExt, try_unfold};
use tokio::time::timeout;

use crate::requests::Requests;
use crate::streams::{Batch, Streams, Topic};
use crate::wire::Page;

/// How many items are read at the desk at a time.
const PAGE: u64 = 64;

/// How long items that are in the log may take, before it is looked whether they still are.
const LOST_AFTER: Duration = Duration::from_secs(5);

/// The items after this position.
pub(crate) fn items(
    requests: Arc<Requests>,
    id: &str,
    after: Option<Position>,
) -> BoxStream<'static, Result<Logged, RequestError>> {
    let reading = Reading {
        requests,
        id: id.to_owned(),
        after,
        next: 0,
        read: VecDeque::new(),
        from: From::Desk { seen: None },
    };
    // There is none after an error.
    let next = async |mut reading: Reading| {
        let entry = reading.read_on().await?;
        Ok(entry.map(|entry| (entry, reading)))
    };
    try_unfold(reading, next).boxed()
}

struct Reading {
    requests: Arc<Requests>,
    id: String,
    /// The position after which to go on. It is checked before the first entry.
    after: Option<Position>,
    /// The number of the next entry.
    next: u64,
    read: VecDeque<Logged>,
    from: From,
}

enum From {
    Desk {
        /// The version of the desk that is known.
        seen: Option<u64>,
    },
    Log(Log),
}

/// The log of an execution in the streams.
struct Log {
    streams: Arc<dyn Streams>,
    topic: Topic,
    identity: String,
    batches: BoxStream<'static, Result<(u64, Batch), Unavailable>>,
    /// What the desk has to tell next.
    news: BoxFuture<'static, Result<Page, RequestError>>,
    /// How many entries there are, once the execution is over.
    end: Option<u64>,
}

impl Reading {
    async fn read_on(&mut self) -> Result<Option<Logged>, RequestError> {
        loop {
            if let Some(entry) = self.read.pop_front() {
                return Ok(Some(entry));
            }
            let is_over = match &mut self.from {
                From::Desk { seen } => {
                    let seen = *seen;
                    self.read_desk(seen).await?
                }
                From::Log(_) => self.read_log().await?,
            };
            if is_over {
                return Ok(None);
            }
        }
    }

    /// Begins after the position, when so many entries are known to be there.
    fn begin(&mut self, next: u64, end: u64) {
        self.after = None;
        self.next = next.min(end);
        if next > end {
            self.read.push_back(Logged::Restarted { call: None });
        }
    }

    /// Reads on at the desk. Returns whether the execution is over, and everything was read.
    async fn read_desk(&mut self, seen: Option<u64>) -> Result<bool, RequestError> {
        if let Some(after) = &self.after {
            let next = after.next()?;
            let page = self.requests.read(&self.id, next, 0, None).await?;
            if let Some(stream) = &page.stream {
                self.open(stream).await?;
            } else {
                self.begin(next, page.end);
            }
            return Ok(false);
        }
        let page = self.requests.read(&self.id, self.next, PAGE, seen).await?;
        if let Some(stream) = &page.stream {
            self.open(stream).await?;
            return Ok(false);
        }
        for (number, Bytes(row)) in page.items {
            if number > self.next {
                self.read.push_back(Logged::Missed);
            }
            self.next = number + 1;
            self.read.push_back(Logged::read(number, &row)?);
        }
        // No news comes of what is over.
        let is_waited_for = self.next >= page.end && !page.is_over;
        self.from = From::Desk {
            seen: is_waited_for.then_some(page.version),
        };
        if !self.read.is_empty() {
            return Ok(false);
        }
        self.is_ended(page.is_over).await
    }

    /// Whether the execution is over, when its desk knows it as well: then all its items are there.
    async fn is_ended(&mut self, at_desk: bool) -> Result<bool, RequestError> {
        let status = self.requests.status(&self.id).await?;
        let is_done = matches!(status, Status::Done(_) | Status::Failed(_));
        if is_done && !at_desk {
            return Ok(false);
        }
        match status.ended(&self.id) {
            Some(output) => output.map(|_output| true),
            None => Ok(false),
        }
    }

    /// Goes on in the log of the execution, from the next entry or after the position.
    async fn open(&mut self, identity: &str) -> Result<(), RequestError> {
        let no_stream = || RequestError::NoStream {
            stream: identity.to_owned(),
        };
        let streams = self.requests.streams.clone().ok_or_else(no_stream)?;
        if streams.identity() != identity && streams.refresh().await? != identity {
            return Err(no_stream());
        }
        let topic = Topic {
            flow: self.requests.name.clone(),
            id: self.id.clone(),
        };
        let (rows, _, items) = self.requests.view(&self.id).await?;
        if let Status::Purged = Status::read(&rows, &self.id)? {
            let id = self.id.clone();
            return Err(RequestError::Purged { id });
        }
        if let Some(after) = &self.after {
            let next = after.next()?;
            // What was just appended may not be in the rows yet, and what is in the rows may have
            // been dropped.
            let last = streams.last(&topic).await?;
            let appended = last.map_or(0, |(_, batch)| batch.end());
            self.begin(next, appended.max(items));
        }
        let place = streams.place_of(&topic, self.next).await?;
        let batches = streams.read(&topic, place);
        self.from = From::Log(Log {
            streams,
            topic,
            identity: identity.to_owned(),
            batches,
            news: news(&self.requests, &self.id, None),
            end: None,
        });
        Ok(())
    }

    /// Reads on in the log. Returns whether the execution is over, and everything was read.
    async fn read_log(&mut self) -> Result<bool, RequestError> {
        let From::Log(log) = &mut self.from else {
            return Ok(false);
        };
        if log.end.is_some_and(|end| self.next >= end) {
            return self.is_ended(true).await;
        }
        if let Some(end) = log.end {
            // No news comes of what is over.
            return match timeout(LOST_AFTER, log.batches.next()).await {
                Ok(batch) => self.take(batch).map(|()| false),
                Err(_elapsed) => self.check_rest(end).await.map(|()| false),
            };
        }
        let page = match select(log.batches.next(), &mut log.news).await {
            Either::Left((batch, _)) => return self.take(batch).map(|()| false),
            Either::Right((page, _)) => page?,
        };
        if let Some(identity) = &page.stream
            && *identity != log.identity
        {
            // The log goes on elsewhere.
            return self.open(identity).await.map(|()| false);
        }
        if page.is_over {
            log.end = Some(page.end);
            return self.check_rest(page.end).await.map(|()| false);
        }
        log.news = news(&self.requests, &self.id, Some(page.version));
        self.is_ended(false).await
    }

    /// The execution is over: the rest of its items are in the log, or were dropped.
    async fn check_rest(&mut self, end: u64) -> Result<(), RequestError> {
        let From::Log(log) = &self.from else {
            return Ok(());
        };
        if self.next < end {
            let last = log.streams.last(&log.topic).await?;
            if last.is_none_or(|(_, batch)| batch.end() <= self.next) {
                self.next = end;
                self.read.push_back(Logged::Missed);
            }
        }
        Ok(())
    }

    fn take(
        &mut self,
        batch: Option<Result<(u64, Batch), Unavailable>>,
    ) -> Result<(), RequestError> {
        let Some(batch) = batch else {
            return Err(Unavailable::new("the stream has ended: read on").into());
        };
        let (_, batch) = batch?;
        if batch.replaces && batch.first < self.next {
            self.read.push_back(Logged::Restarted { call: None });
            self.next = batch.first;
        }
        for (number, Bytes(row)) in (batch.first..).zip(batch.items) {
            if number < self.next {
                continue;
            }
            if number > self.next {
                self.read.push_back(Logged::Missed);
            }
            self.next = number + 1;
            self.read.push_back(Logged::read(number, &row)?);
        }
        Ok(())
    }
}

/// What the desk has to tell, after this version.
fn news(
    requests: &Arc<Requests>,
    id: &str,
    seen: Option<u64>,
) -> BoxFuture<'static, Result<Page, RequestError>> {
    let requests = Arc::clone(requests);
    let id = id.to_owned();
    async move { requests.read(&id, 0, 0, seen).await }.boxed()
}
