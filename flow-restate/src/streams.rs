//! Where items go that do not go through the server of Restate: for each execution a log of
//! batches, at whose end one appends.
//!
//! What such a log has to promise is at [`Streams`]; what items and positions mean is the same as
//! at the desk, by [`outlet`](crate::outlet) and [`reading`](crate::reading).

use flow_core::durable::{BoxFuture, Bytes, Unavailable};
use futures_util::stream::BoxStream;
use serde::{Deserialize, Serialize};

/// The log of one execution.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Topic {
    pub(crate) flow: String,
    pub(crate) id: String,
}

/// Entries of the log of items that were appended together.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Batch {
    /// The number of the first entry.
    pub(crate) first: u64,
    pub(crate) items: Vec<Bytes>,
    /// The invocation that has appended it.
    pub(crate) by: String,
    /// What was appended before under these numbers has never become part of the execution.
    pub(crate) replaces: bool,
}

impl Batch {
    /// The number after the last entry.
    pub(crate) fn end(&self) -> u64 {
        self.first + self.items.len() as u64
    }
}

/// What has come of an attempt to append.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(
    not(any(feature = "nats", test)),
    expect(dead_code, reason = "nothing implements `Streams`")
)]
pub(crate) enum Appended {
    /// It is at this place.
    At(u64),
    /// The log does not end where it was to.
    NotThere,
}

/// Logs of batches. Places in a log are positive and increase, with gaps. The oldest batches may be
/// dropped.
pub(crate) trait Streams: Send + Sync {
    /// Tells these logs from others, also of the same name.
    fn identity(&self) -> String;

    /// The identity as it is now: they may have been made anew.
    fn refresh(&self) -> BoxFuture<'_, Result<String, Unavailable>>;

    /// How many bytes an append takes.
    fn largest(&self) -> usize;

    /// The last batch and its place.
    fn last<'a>(
        &'a self,
        topic: &'a Topic,
    ) -> BoxFuture<'a, Result<Option<(u64, Batch)>, Unavailable>>;

    /// The first batch at this place or after it.
    fn at<'a>(
        &'a self,
        topic: &'a Topic,
        place: u64,
    ) -> BoxFuture<'a, Result<Option<(u64, Batch)>, Unavailable>>;

    /// Appends a batch, if the last one is at this place: at 0, if there is none. After an error,
    /// it may have been appended.
    fn append<'a>(
        &'a self,
        topic: &'a Topic,
        after: u64,
        batch: Vec<u8>,
    ) -> BoxFuture<'a, Result<Appended, Unavailable>>;

    /// The batches from this place on, and those that are appended later.
    fn read(
        &self,
        topic: &Topic,
        place: u64,
    ) -> BoxStream<'static, Result<(u64, Batch), Unavailable>>;

    /// Removes the log.
    fn remove<'a>(&'a self, topic: &'a Topic) -> BoxFuture<'a, Result<(), Unavailable>>;
}

impl dyn Streams {
    /// Where to begin to read, so that the entry with this number comes if it is there.
    pub(crate) async fn place_of(&self, topic: &Topic, number: u64) -> Result<u64, Unavailable> {
        let Some((mut low, first)) = self.at(topic, 1).await? else {
            return Ok(1);
        };
        let last = self.last(topic).await?;
        let (true, Some((mut high, last))) = (first.first < number, last) else {
            return Ok(low);
        };
        if last.first <= number {
            return Ok(high);
        }
        // What is at `low` begins with this number or before it, what is at `high` after it.
        while high - low > 1 {
            let middle = low + (high - low) / 2;
            match self.at(topic, middle).await? {
                Some((place, batch)) if place < high && batch.first <= number => low = place,
                _ => high = middle,
            }
        }
        Ok(low)
    }
}

/// Logs in memory, for tests.
#[cfg(test)]
pub(crate) mod memory {
    use std::sync::{Arc, Mutex};

    use futures_util::future::FutureExt;
    use futures_util::stream::StreamExt;

    use super::*;

    /// One log, of which the requests fail now and then, before or after they were done.
    #[derive(Clone, Default)]
    pub(crate) struct Memory {
        pub(crate) log: Arc<Mutex<Vec<(u64, Batch)>>>,
        /// One of so many requests fails. None does, if it is 0.
        pub(crate) fails: u64,
    }

    impl Memory {
        /// The entries as a reader from the beginning sees them.
        pub(crate) fn entries(&self) -> Vec<(u64, Bytes)> {
            let mut entries: Vec<(u64, Bytes)> = Vec::new();
            for (_, batch) in self.log.lock().unwrap().iter() {
                if batch.replaces {
                    entries.retain(|(number, _)| *number < batch.first);
                }
                let next = entries.last().map_or(0, |(number, _)| number + 1);
                let all = (batch.first..).zip(batch.items.iter().cloned());
                entries.extend(all.filter(|(number, _)| *number >= next));
            }
            entries
        }

        fn fails(&self) -> Result<(), Unavailable> {
            if self.fails > 0 && fastrand::u64(..self.fails) == 0 {
                return Err(Unavailable::new("it fails"));
            }
            Ok(())
        }
    }

    impl Streams for Memory {
        fn identity(&self) -> String {
            "memory".to_owned()
        }

        fn refresh(&self) -> BoxFuture<'_, Result<String, Unavailable>> {
            async { Ok(self.identity()) }.boxed()
        }

        fn largest(&self) -> usize {
            1 << 20
        }

        fn last<'a>(
            &'a self,
            _topic: &'a Topic,
        ) -> BoxFuture<'a, Result<Option<(u64, Batch)>, Unavailable>> {
            async {
                self.fails()?;
                Ok(self.log.lock().unwrap().last().cloned())
            }
            .boxed()
        }

        fn at<'a>(
            &'a self,
            _topic: &'a Topic,
            place: u64,
        ) -> BoxFuture<'a, Result<Option<(u64, Batch)>, Unavailable>> {
            async move {
                let log = self.log.lock().unwrap();
                Ok(log.iter().find(|(at, _)| *at >= place).cloned())
            }
            .boxed()
        }

        fn append<'a>(
            &'a self,
            _topic: &'a Topic,
            after: u64,
            batch: Vec<u8>,
        ) -> BoxFuture<'a, Result<Appended, Unavailable>> {
            async move {
                tokio::task::yield_now().await;
                self.fails()?;
                let place = {
                    let mut log = self.log.lock().unwrap();
                    let last = log.last().map_or(0, |(place, _)| *place);
                    if last != after {
                        return Ok(Appended::NotThere);
                    }
                    let place = last + 1 + fastrand::u64(..5);
                    log.push((place, crate::wire::read(&batch).unwrap()));
                    place
                };
                self.fails()?;
                Ok(Appended::At(place))
            }
            .boxed()
        }

        fn read(
            &self,
            _topic: &Topic,
            place: u64,
        ) -> BoxStream<'static, Result<(u64, Batch), Unavailable>> {
            let log = self.log.lock().unwrap().clone();
            let rest = log.into_iter().filter(move |(at, _)| *at >= place);
            futures_util::stream::iter(rest.map(Ok)).boxed()
        }

        fn remove<'a>(&'a self, _topic: &'a Topic) -> BoxFuture<'a, Result<(), Unavailable>> {
            async {
                self.log.lock().unwrap().clear();
                Ok(())
            }
            .boxed()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::memory::Memory;
    use super::*;

    #[tokio::test]
    async fn reading_begins_where_the_entry_is() {
        let topic = Topic {
            flow: "Flow".to_owned(),
            id: "1".to_owned(),
        };
        for _ in 0..200 {
            let memory = Memory::default();
            let mut next = fastrand::u64(..3);
            let (begin, mut place) = (next, 0);
            for _ in 0..fastrand::u64(..20) {
                place += 1 + fastrand::u64(..4);
                let items = vec![Bytes(Vec::new()); fastrand::usize(1..4)];
                let batch = Batch {
                    first: next,
                    items,
                    by: String::new(),
                    replaces: false,
                };
                next = batch.end();
                memory.log.lock().unwrap().push((place, batch));
            }
            let streams: &dyn Streams = &memory;
            for number in 0..next + 3 {
                let from = streams.place_of(&topic, number).await.unwrap();
                let first = streams.at(&topic, from).await.unwrap();
                let first = first.map(|(_, batch)| batch);
                if let Some(batch) = first {
                    let is_in = batch.first <= number && number < batch.end();
                    let is_before = number < begin && batch.first == begin;
                    let is_beyond = number >= next && batch.end() == next;
                    assert!(is_in || is_before || is_beyond, "{number}: {batch:?}");
                } else {
                    assert!(memory.log.lock().unwrap().is_empty());
                }
            }
        }
    }
}
