//! Appends the items of an execution to its log in the [`Streams`].
//!
//! What is put here was recorded by the server of Restate. An invocation that is attempted again
//! puts the same once more, and two attempts may do so at a time, so each append names the place
//! after which it belongs: it is made once, or is found to have been made. An invocation does not
//! end before its items are in the log.

use std::sync::Arc;
use std::time::Duration;

use flow_core::durable::{BoxFuture, Bytes, Unavailable};
use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinHandle;
use tokio::time::sleep;

use crate::sdk::Stop;
use crate::streams::{Appended, Batch, Streams, Topic};
use crate::wire;

/// How many commits with items may wait to be appended. Beyond that, the execution waits.
const WAITING: usize = 64;

/// How many bytes are appended together, if one item has not more.
const TOGETHER: usize = 128 * 1024;

/// What is in a batch besides the items, and before each of them.
const AROUND: usize = 1024;
const AROUND_ITEM: usize = 16;

/// How long to wait before a request is repeated: at first, and at most.
const PAUSES: (Duration, Duration) = (Duration::from_millis(20), Duration::from_secs(1));

/// How many bytes an item may have, so that it can be appended.
pub(crate) fn largest_item(streams: &dyn Streams) -> usize {
    streams.largest().saturating_sub(AROUND + AROUND_ITEM)
}

/// Appends in a task, while the execution goes on. Dropping it stops that.
pub(crate) struct Outlet {
    orders: mpsc::Sender<Order>,
    task: JoinHandle<()>,
}

enum Order {
    Items(u64, Vec<Bytes>),
    Flush(oneshot::Sender<()>),
}

impl Outlet {
    pub(crate) fn new(streams: Arc<dyn Streams>, topic: Topic, by: &str) -> Self {
        let (orders, waiting) = mpsc::channel(WAITING);
        let appender = Appender {
            streams,
            topic,
            by: by.to_owned(),
            last: None,
            has_looked: false,
        };
        let task = tokio::spawn(appender.run(waiting));
        Self { orders, task }
    }

    /// Puts these, of which the first has this number.
    pub(crate) async fn put(&self, first: u64, items: Vec<Bytes>) -> Result<(), Stop> {
        let sent = self.orders.send(Order::Items(first, items)).await;
        sent.map_err(|_ended| overtaken())
    }

    /// Waits until all that was put is in the log.
    pub(crate) async fn flush(&self) -> Result<(), Stop> {
        let (done, is_done) = oneshot::channel();
        let sent = self.orders.send(Order::Flush(done)).await;
        sent.map_err(|_ended| overtaken())?;
        is_done.await.map_err(|_ended| overtaken())
    }
}

impl Drop for Outlet {
    fn drop(&mut self) {
        self.task.abort();
    }
}

fn overtaken() -> Stop {
    Stop::Retry("another invocation has put items of this execution meanwhile".to_owned())
}

/// Removes the log of an execution, as soon as that is possible.
pub(crate) async fn remove(streams: &dyn Streams, topic: &Topic) {
    patiently(|| streams.remove(topic)).await;
}

/// Repeats a request until it is done.
async fn patiently<'a, T>(request: impl Fn() -> BoxFuture<'a, Result<T, Unavailable>>) -> T {
    let mut pause = PAUSES.0;
    loop {
        match request().await {
            Ok(done) => return done,
            Err(_unavailable) => sleep(pause).await,
        }
        pause = PAUSES.1.min(pause * 2);
    }
}

struct Appender {
    streams: Arc<dyn Streams>,
    topic: Topic,
    /// The invocation.
    by: String,
    /// The end of the log, if it is known.
    last: Option<End>,
    has_looked: bool,
}

#[derive(Clone, Debug, Default)]
struct End {
    place: u64,
    /// The number of the next entry.
    next: u64,
    by: String,
}

/// Another invocation appends.
#[derive(Debug)]
struct Overtaken;

impl Appender {
    async fn run(mut self, mut orders: mpsc::Receiver<Order>) {
        let mut left = None;
        loop {
            let order = match left.take() {
                Some(order) => Some(order),
                None => orders.recv().await,
            };
            let (first, mut items) = match order {
                Some(Order::Items(first, items)) => (first, items),
                Some(Order::Flush(done)) => {
                    // Nobody may wait for it any more.
                    let _sent = done.send(());
                    continue;
                }
                None => return,
            };
            // What has come meanwhile goes with it.
            let mut size: usize = items.iter().map(|Bytes(item)| item.len()).sum();
            while size < TOGETHER
                && let Ok(order) = orders.try_recv()
            {
                match order {
                    Order::Items(next, more) if next == first + items.len() as u64 => {
                        size += more.iter().map(|Bytes(item)| item.len()).sum::<usize>();
                        items.extend(more);
                    }
                    other => {
                        left = Some(other);
                        break;
                    }
                }
            }
            if let Err(Overtaken) = self.append_all(first, items).await {
                return;
            }
        }
    }

    /// Appends these in batches.
    async fn append_all(&mut self, first: u64, items: Vec<Bytes>) -> Result<(), Overtaken> {
        let most = self.streams.largest().saturating_sub(AROUND).min(TOGETHER);
        let mut batch = Vec::new();
        let mut size = 0;
        let mut next = first;
        for item in items {
            let more = item.0.len() + AROUND_ITEM;
            if !batch.is_empty() && size + more > most {
                let full: Vec<_> = std::mem::take(&mut batch);
                let count = full.len() as u64;
                self.append(next, full).await?;
                next += count;
                size = 0;
            }
            size += more;
            batch.push(item);
        }
        self.append(next, batch).await
    }

    /// Appends these as one batch, but for those that are there already.
    async fn append(&mut self, mut first: u64, mut items: Vec<Bytes>) -> Result<(), Overtaken> {
        loop {
            let end = if let Some(end) = self.last.clone() {
                end
            } else {
                let last = patiently(|| self.streams.last(&self.topic)).await;
                last.map_or_else(End::default, |(place, batch)| End {
                    place,
                    next: batch.end(),
                    by: batch.by,
                })
            };
            let is_first_look = !std::mem::replace(&mut self.has_looked, true);
            self.last = Some(end.clone());
            let mut replaces = false;
            if end.next > first {
                if end.by == self.by {
                    let done = usize::try_from(end.next - first).unwrap_or(usize::MAX);
                    items.drain(..done.min(items.len()));
                    first = end.next;
                } else if is_first_look {
                    // An invocation was killed through the server when its step was recorded, and
                    // its rows were not: this one has made another step instead.
                    replaces = true;
                } else {
                    return Err(Overtaken);
                }
            }
            if items.is_empty() {
                return Ok(());
            }
            let batch = Batch {
                first,
                items,
                by: self.by.clone(),
                replaces,
            };
            // Numbers, texts and bytes can be written.
            let Ok(bytes) = wire::write(&batch) else {
                return Err(Overtaken);
            };
            let append = || {
                let bytes = bytes.clone();
                self.streams.append(&self.topic, end.place, bytes)
            };
            let appended = patiently(append);
            match appended.await {
                Appended::At(place) => {
                    self.last = Some(End {
                        place,
                        next: batch.end(),
                        by: batch.by,
                    });
                    return Ok(());
                }
                // It was appended, and that was not told; or another attempt has done it.
                Appended::NotThere => {
                    self.last = None;
                    self.has_looked = !replaces;
                    items = batch.items;
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::streams::memory::Memory;

    fn topic() -> Topic {
        Topic {
            flow: "Flow".to_owned(),
            id: "1".to_owned(),
        }
    }

    fn item(number: u64, of: &str) -> Bytes {
        Bytes(format!("{number} of {of}").into_bytes())
    }

    /// Puts the items of an invocation, from this number to that one.
    async fn put(streams: &Memory, by: &str, from: u64, to: u64) -> Result<(), Stop> {
        let outlet = Outlet::new(Arc::new(streams.clone()), topic(), by);
        let mut next = from;
        while next < to {
            let end = to.min(next + fastrand::u64(1..4));
            outlet
                .put(next, (next..end).map(|number| item(number, by)).collect())
                .await?;
            next = end;
        }
        outlet.flush().await
    }

    /// Checks that each number has one item, and of which invocation it is.
    fn check(streams: &Memory, to: u64, of: impl Fn(u64) -> &'static str) {
        let expected = (0..to).map(|number| (number, item(number, of(number))));
        let expected: Vec<_> = expected.collect();
        assert_eq!(streams.entries(), expected);
    }

    #[tokio::test(start_paused = true)]
    async fn attempts_at_the_same_time_put_each_item_once() {
        for _ in 0..200 {
            let streams = Memory {
                fails: 5,
                ..Memory::default()
            };
            put(&streams, "a", 0, 10).await.unwrap();
            let attempts = (0..3).map(|_| put(&streams, "b", 10, 60));
            for done in futures_util::future::join_all(attempts).await {
                done.unwrap();
            }
            // Once more, later.
            put(&streams, "b", 10, 60).await.unwrap();
            check(&streams, 60, |number| if number < 10 { "a" } else { "b" });
            let mut numbers = Vec::new();
            for (_, batch) in streams.log.lock().unwrap().iter() {
                assert!(!batch.replaces);
                numbers.extend(batch.first..batch.end());
            }
            assert_eq!(numbers, (0..60).collect::<Vec<_>>(), "none is in it twice");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn what_was_put_and_never_became_part_of_the_execution_is_replaced() {
        for _ in 0..200 {
            let streams = Memory {
                fails: 5,
                ..Memory::default()
            };
            put(&streams, "a", 0, 20).await.unwrap();
            // That was killed by hand after the item 16 became part of the rows.
            put(&streams, "b", 17, 40).await.unwrap();
            put(&streams, "b", 17, 40).await.unwrap();
            check(&streams, 40, |number| if number < 17 { "a" } else { "b" });
        }
    }

    #[tokio::test(start_paused = true)]
    async fn an_invocation_that_was_overtaken_does_not_go_on() {
        let streams = Memory::default();
        let outlet = Outlet::new(Arc::new(streams.clone()), topic(), "a");
        outlet.put(0, vec![item(0, "a")]).await.unwrap();
        outlet.flush().await.unwrap();
        put(&streams, "b", 1, 3).await.unwrap();
        outlet.put(1, vec![item(1, "a")]).await.unwrap();
        assert!(matches!(outlet.flush().await, Err(Stop::Retry(_))));
        check(&streams, 3, |number| if number < 1 { "a" } else { "b" });
    }

    #[tokio::test(start_paused = true)]
    async fn a_large_commit_is_in_several_batches() {
        let streams = Memory::default();
        let outlet = Outlet::new(Arc::new(streams.clone()), topic(), "a");
        let items: Vec<_> = (0..10).map(|_| Bytes(vec![7; TOGETHER / 3])).collect();
        outlet.put(0, items).await.unwrap();
        outlet.flush().await.unwrap();
        assert_eq!(streams.entries().len(), 10);
        assert!(streams.log.lock().unwrap().len() >= 4);
    }
}
