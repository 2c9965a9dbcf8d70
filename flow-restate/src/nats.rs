//! Streams of NATS JetStream. Nothing else in the crate names its client.

use std::fmt;
use std::future::IntoFuture;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use async_nats::Client;
use async_nats::jetstream::consumer::{DeliverPolicy, push};
use async_nats::jetstream::context::PublishErrorKind;
use async_nats::jetstream::message::{PublishMessage, StreamMessage};
use async_nats::jetstream::stream::{
    Config, RawMessageError, RawMessageErrorKind, RetentionPolicy, Stream,
};
use async_nats::jetstream::{Context, ContextBuilder, ErrorCode};
use flow_core::durable::{BoxFuture, Unavailable};
use futures_util::future::{FutureExt, TryFutureExt};
use futures_util::stream::{BoxStream, StreamExt, TryStreamExt};

use crate::http::part;
use crate::streams::{Appended, Batch, Streams, Topic};
use crate::wire;

/// The stream, unless another one is named.
const STREAM: &str = "flow";

/// How long to wait for a reply.
const REPLY_WITHIN: Duration = Duration::from_secs(2);

/// Carries the items of executions through a stream of NATS JetStream, instead of through the
/// server of Restate: where an execution puts hundreds of items a second, or where each has to come
/// to its reader within a millisecond.
///
/// The workers and the clients that read items are given the same stream. What an item and a
/// [position](flow_core::durable::Position) mean does not change: an item is read when it is
/// durable at the server of Restate, each position has one item, and a call that is made again is
/// told by [`Restarted`](flow_core::durable::Logged::Restarted). What the stream has dropped by its
/// limits is told by [`Missed`](flow_core::durable::Logged::Missed).
///
/// A stream that does not exist is created, in files and without limits: what it has of an
/// execution is removed when that is purged. To have replicas, or limits by age or size, create the
/// stream with the tools of NATS, with the subject `<stream>.*.*` and limits as its retention.
///
/// While the server of NATS is gone, items wait for it, and so do the executions that have put
/// them: each goes on for some 64 steps at most, and is not over before its items are in the
/// stream.
///
/// ```no_run
/// use flow_core::{Cx, flow, handler};
/// use flow_restate::{Client, Nats, Worker};
/// use futures::TryStreamExt;
///
/// #[handler(streams = u32)]
/// async fn count(to: u32, cx: &Cx) {
///     for number in 0..to {
///         cx.put(number).await;
///     }
/// }
///
/// flow! {
///     pub flow Count(u32) streams u32;
///     durable;
///     start -> count;
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let streams = Nats::connect("nats://127.0.0.1:4222").await?;
/// let worker = Worker::new().flow(Count::new()).streams(streams.clone());
/// tokio::spawn(worker.serve("0.0.0.0:9080"));
///
/// let client = Client::new("http://127.0.0.1:8080").streams(streams);
/// let count = client.executions::<Count>().start("1", 1000).await?;
/// let mut items = count.items(None);
/// while let Some(item) = items.try_next().await? {
///     println!("{item:?}");
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Nats {
    context: Context,
    name: Arc<str>,
    identity: Arc<Mutex<String>>,
}

impl Nats {
    /// Connects to the server at this address, such as `nats://127.0.0.1:4222` or
    /// `tls://user:password@nats.example.com`, and uses its stream `flow`. Several servers of a
    /// cluster are separated by commas.
    ///
    /// # Errors
    ///
    /// If the server cannot be reached or has no JetStream, or the stream does not fit. Once
    /// connected, it connects again by itself.
    pub async fn connect(address: &str) -> Result<Self, Unavailable> {
        let client = async_nats::connect(address).await;
        Self::new(client.map_err(Unavailable::new)?, STREAM).await
    }

    /// Uses the stream with this name through a connection of [`async_nats`], which has all ways to
    /// connect and to log in.
    ///
    /// # Errors
    ///
    /// If the server has no JetStream, or the stream does not fit.
    pub async fn new(client: Client, stream: &str) -> Result<Self, Unavailable> {
        let context = ContextBuilder::new()
            .timeout(REPLY_WITHIN)
            .ack_timeout(REPLY_WITHIN)
            .build(client);
        let nats = Self {
            context,
            name: stream.into(),
            identity: Arc::default(),
        };
        nats.refresh().await?;
        Ok(nats)
    }

    /// The stream, which is created if there is none.
    async fn stream(&self) -> Result<Stream, Unavailable> {
        let name = &self.name;
        let subjects = format!("{name}.*.*");
        let config = Config {
            name: name.to_string(),
            description: Some("Items of durable flows".to_owned()),
            subjects: vec![subjects.clone()],
            ..Config::default()
        };
        let stream = self.context.get_or_create_stream(config).await;
        let stream = stream.map_err(Unavailable::new)?;
        let config = &stream.cached_info().config;
        let covers = [&subjects, &format!("{name}.>"), ">"];
        if !config
            .subjects
            .iter()
            .any(|subject| covers.contains(&subject.as_str()))
        {
            let why = format!("the stream `{name}` does not take `{subjects}`: add that to it");
            return Err(Unavailable::new(why));
        }
        if config.retention != RetentionPolicy::Limits {
            let why = format!(
                "the stream `{name}` drops what was read once: give it limits as its retention"
            );
            return Err(Unavailable::new(why));
        }
        Ok(stream)
    }

    /// The stream, as it was when it was last looked at.
    async fn known(&self) -> Result<Stream<()>, Unavailable> {
        let stream = self.context.get_stream_no_info(&*self.name).await;
        stream.map_err(Unavailable::new)
    }

    /// The message, if there is one.
    async fn found(
        &self,
        message: Result<StreamMessage, RawMessageError>,
    ) -> Result<Option<(u64, Batch)>, Unavailable> {
        match message {
            Ok(message) => Ok(Some((message.sequence, batch(&message.payload)?))),
            Err(error) => match error.kind() {
                RawMessageErrorKind::NoMessageFound => Ok(None),
                RawMessageErrorKind::JetStream(why)
                    if why.error_code() == ErrorCode::STREAM_NOT_FOUND =>
                {
                    self.refresh().await?;
                    Ok(None)
                }
                _ => Err(Unavailable::new(error)),
            },
        }
    }

    fn subject(&self, topic: &Topic) -> String {
        let part = |text: &str| part(text).replace('.', "%2E");
        format!("{}.{}.{}", self.name, part(&topic.flow), part(&topic.id))
    }
}

fn batch(payload: &[u8]) -> Result<Batch, Unavailable> {
    wire::read(payload).map_err(Unavailable::new)
}

impl fmt::Debug for Nats {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Nats")
            .field("stream", &self.name)
            .finish_non_exhaustive()
    }
}

impl Streams for Nats {
    fn identity(&self) -> String {
        let identity = self.identity.lock();
        identity.unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn refresh(&self) -> BoxFuture<'_, Result<String, Unavailable>> {
        async move {
            let stream = self.stream().await?;
            let created = stream.cached_info().created;
            let now = format!("`{}` of {created}", self.name);
            let mut identity = self.identity.lock().unwrap_or_else(PoisonError::into_inner);
            identity.clone_from(&now);
            Ok(now)
        }
        .boxed()
    }

    fn largest(&self) -> usize {
        self.context.client().max_payload()
    }

    fn last<'a>(
        &'a self,
        topic: &'a Topic,
    ) -> BoxFuture<'a, Result<Option<(u64, Batch)>, Unavailable>> {
        async move {
            let last = self.known().await?.raw_message_builder();
            let last = last.last_by_subject(self.subject(topic)).send().await;
            self.found(last).await
        }
        .boxed()
    }

    fn at<'a>(
        &'a self,
        topic: &'a Topic,
        place: u64,
    ) -> BoxFuture<'a, Result<Option<(u64, Batch)>, Unavailable>> {
        async move {
            let next = self.known().await?.raw_message_builder().sequence(place);
            let next = next.next_by_subject(self.subject(topic)).send().await;
            self.found(next).await
        }
        .boxed()
    }

    fn append<'a>(
        &'a self,
        topic: &'a Topic,
        after: u64,
        batch: Vec<u8>,
    ) -> BoxFuture<'a, Result<Appended, Unavailable>> {
        async move {
            let message = PublishMessage::build()
                .payload(batch.into())
                .expected_stream(&*self.name)
                .expected_last_subject_sequence(after);
            let sent = self
                .context
                .send_publish(self.subject(topic), message)
                .await;
            let appended = match sent {
                Ok(sent) => sent.into_future().await,
                Err(error) => Err(error),
            };
            match appended {
                Ok(appended) => Ok(Appended::At(appended.sequence)),
                Err(error) => match error.kind() {
                    PublishErrorKind::WrongLastSequence => Ok(Appended::NotThere),
                    PublishErrorKind::StreamNotFound => {
                        self.refresh().await?;
                        Ok(Appended::NotThere)
                    }
                    _ => Err(Unavailable::new(error)),
                },
            }
        }
        .boxed()
    }

    fn read(
        &self,
        topic: &Topic,
        place: u64,
    ) -> BoxStream<'static, Result<(u64, Batch), Unavailable>> {
        let nats = self.clone();
        let subject = self.subject(topic);
        let messages = async move {
            let config = push::OrderedConfig {
                deliver_subject: nats.context.client().new_inbox(),
                filter_subject: subject,
                deliver_policy: DeliverPolicy::ByStartSequence {
                    start_sequence: place,
                },
                ..push::OrderedConfig::default()
            };
            let consumer = nats.known().await?.create_consumer(config).await;
            let messages = consumer.map_err(Unavailable::new)?.messages().await;
            let messages = messages.map_err(Unavailable::new)?;
            Ok::<_, Unavailable>(messages.map_err(Unavailable::new))
        };
        let messages = messages.try_flatten_stream();
        let batches = messages.and_then(async |message| {
            let info = message.info().map_err(Unavailable::new)?;
            Ok((info.stream_sequence, batch(&message.payload)?))
        });
        batches.boxed()
    }

    fn remove<'a>(&'a self, topic: &'a Topic) -> BoxFuture<'a, Result<(), Unavailable>> {
        async move {
            let purge = self.known().await?.purge();
            let purged = purge.filter(self.subject(topic)).await;
            purged.map(|_purged| ()).map_err(Unavailable::new)
        }
        .boxed()
    }
}
