//! A process that runs flows for a server of Restate.

use std::fmt;
use std::io;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use flow_core::__private::{Complete, Flow, Graph};
use flow_core::durable::BoxFuture;
use flow_core::durable::backend::{LARGEST_VALUE, Program, program};
use futures_util::future::FutureExt;
use hyper::server::conn::http2;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulConnection;
use tokio::net::{TcpListener, ToSocketAddrs};
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep, timeout_at};

use crate::close::Closing;
use crate::desk::Desk;
#[cfg(feature = "nats")]
use crate::nats::Nats;
use crate::outlet::largest_item;
use crate::run::Execution;
use crate::sdk::{Objects, Treatment};
use crate::session::Served;
use crate::streams::Streams;
use crate::wire;

/// How much of a connection, and of one invocation on it, may be unread. A journal that is replayed
/// consists of many small frames, and with less the connection is closed as if that was an attack.
const WINDOWS: (u32, u32) = (64 << 20, 16 << 20);

/// Those who wait at a desk for longer hold no place among the invocations that run.
const SUSPEND_AFTER: Duration = Duration::from_secs(2);

/// A year: Restate has no word for "as long as it takes".
const LONGEST: Duration = Duration::from_secs(365 * 24 * 60 * 60);

/// Runs durable flows for a server of Restate.
///
/// Any number of workers run behind one address, which is
/// [registered](crate::register) with the server. Each of them has all flows.
///
/// ```no_run
/// use flow_core::{flow, handler};
/// use flow_restate::Worker;
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
/// # async fn main() -> std::io::Result<()> {
/// Worker::new().flow(Order::new()).serve("127.0.0.1:9080").await
/// # }
/// ```
#[must_use = "it does nothing until it serves"]
pub struct Worker {
    flows: Vec<(String, Arc<dyn Program>)>,
    max_value: usize,
    park_after: Duration,
    longest_call: Duration,
    retries: (Duration, Duration),
    identity_key: Option<String>,
    streams: Option<Arc<dyn Streams>>,
    history: u64,
    closing: Arc<Closing>,
    close_on: Option<(BoxFuture<'static, ()>, Duration)>,
}

impl Worker {
    /// A worker without flows.
    pub fn new() -> Self {
        Self {
            flows: Vec::new(),
            max_value: LARGEST_VALUE / 2,
            park_after: Duration::from_secs(1),
            longest_call: LONGEST,
            retries: (Duration::from_millis(50), Duration::from_secs(10)),
            identity_key: None,
            streams: None,
            history: 0,
            closing: Arc::new(Closing::new()),
            close_on: None,
        }
    }

    /// Adds a flow, under its own name.
    ///
    /// The flow has to be durable, and to have a name.
    pub fn flow<G: Graph, Given: Complete + 'static>(self, flow: Flow<G, Given>) -> Self {
        let name = const {
            assert!(
                G::DESC.durable,
                "the flow is not durable: add `durable;` to it"
            );
            match G::DESC.name {
                Some(name) => name,
                None => panic!("the flow has no name: use `flow_as`, or name it with `flow Name`"),
            }
        };
        self.flow_as(name, flow)
    }

    /// Adds a flow under another name than its own, which may contain letters, digits, `.`, `-` and
    /// `_`, and begins with a letter. A flow with resources that is served twice needs two names.
    pub fn flow_as<G: Graph, Given: Complete + 'static>(
        mut self,
        name: &str,
        flow: Flow<G, Given>,
    ) -> Self {
        const {
            assert!(
                G::DESC.durable,
                "the flow is not durable: add `durable;` to it"
            );
        };
        self.flows.push((name.to_owned(), program(flow)));
        self
    }

    /// How many bytes a value may have that is recorded: half a mebibyte by default. The server
    /// limits what it takes at once to 32 MiB, and 32 items are kept together. An execution with a
    /// larger value is [`Blocked`](flow_core::durable::Status::Blocked) before it.
    pub fn max_value(mut self, bytes: usize) -> Self {
        self.max_value = bytes;
        self
    }

    /// How long an execution that waits for the outside stays in the memory of a worker: a second
    /// by default. Then it is only in the server.
    pub fn park_after(mut self, after: Duration) -> Self {
        self.park_after = after;
        self
    }

    /// After how long without a step the server gives up an execution that runs, and begins again
    /// with the calls that were under way: a year by default. A call of a handler must not take
    /// longer. Restate calls these the inactivity timeout and the abort timeout.
    pub fn longest_call(mut self, time: Duration) -> Self {
        self.longest_call = time;
        self
    }

    /// How long the server waits before it tries a worker again that it cannot reach: at first, and
    /// at most. 50 milliseconds and 10 seconds by default. It never ceases to try.
    pub fn retry_between(mut self, first: Duration, at_most: Duration) -> Self {
        self.retries = (first, at_most);
        self
    }

    /// Keeps so many entries of what an execution [does](flow_core::durable::ReadHistory): the last
    /// ones. 0 by default, as each entry is a further invocation at the server.
    pub fn history(mut self, at_most: u64) -> Self {
        self.history = at_most;
        self
    }

    /// The items of executions go through these streams instead of the server of Restate: see
    /// [`Nats`]. All workers of a flow, and the clients that read, are given the same.
    ///
    /// That is so for executions that are started from now on. Those that were started without go
    /// on without, and those that were started with them are
    /// [`Blocked`](flow_core::durable::Status::Blocked) in a worker that has none.
    #[cfg(feature = "nats")]
    pub fn streams(mut self, streams: Nats) -> Self {
        self.streams = Some(Arc::new(streams));
        self
    }

    /// Only requests that were signed by the server with this key are taken. Others are replied
    /// `401`, and see nothing of the flows.
    ///
    /// The server signs its requests if its configuration has a private key,
    /// `request-identity-private-key-pem-file`: Ed25519, as `openssl genpkey -algorithm ed25519`
    /// makes it. When it starts, its log tells the public one, which is given here:
    /// `publickeyv1_…`.
    ///
    /// A request is signed for its path and a short time. It is not encrypted, and its body is not
    /// signed: keep also such a worker on a private network, or behind a proxy with TLS.
    pub fn identity_key(mut self, key: &str) -> Self {
        self.identity_key = Some(key.to_owned());
        self
    }

    /// Closes in peace when this future completes: [`serve`](Self::serve) returns when no call of a
    /// handler runs any more, at the latest after this time.
    ///
    /// From then on no call begins here. Those that run may end, and what they have done is
    /// recorded. Their executions, and all others, go on in the workers that are left at this
    /// address, or in the next one. What still runs after the time is dropped, as in a crash, and
    /// made again there.
    ///
    /// ```no_run
    /// # use flow_core::{flow, handler};
    /// use std::time::Duration;
    ///
    /// use flow_restate::Worker;
    /// # #[handler]
    /// # async fn charge(cents: u32) -> String {
    /// #     format!("charged {cents}")
    /// # }
    /// # flow! {
    /// #     pub flow Order(u32) -> String;
    /// #     durable;
    /// #     start -> charge -> end;
    /// # }
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> std::io::Result<()> {
    /// let stop = async {
    ///     let _interrupted = tokio::signal::ctrl_c().await;
    /// };
    /// let worker = Worker::new().flow(Order::new());
    /// let worker = worker.close_on(stop, Duration::from_secs(30));
    /// worker.serve("127.0.0.1:9080").await
    /// # }
    /// ```
    pub fn close_on(
        mut self,
        stop: impl Future<Output = ()> + Send + 'static,
        within: Duration,
    ) -> Self {
        self.close_on = Some((stop.boxed(), within));
        self
    }

    /// Serves at this address, until it is [closed](Self::close_on) or the future is dropped: then
    /// the calls that run are dropped as well, as in a crash.
    ///
    /// # Errors
    ///
    /// If the address is in use, a flow has a name that the server does not take, or the identity
    /// key is none.
    pub async fn serve(self, address: impl ToSocketAddrs) -> io::Result<()> {
        self.serve_on(TcpListener::bind(address).await?).await
    }

    /// Serves at this listener, until it is [closed](Self::close_on) or the future is dropped: then
    /// the calls that run are dropped as well, as in a crash.
    ///
    /// # Errors
    ///
    /// If a flow has a name that the server does not take, or the identity key is none.
    pub async fn serve_on(mut self, listener: TcpListener) -> io::Result<()> {
        let (stop, within) = self.close_on.take().unzip();
        let closing = Arc::clone(&self.closing);
        let endpoint = self.objects().map_err(io::Error::other)?.build();
        // They end with the future.
        let mut connections = JoinSet::new();
        let (ends, is_over) = watch::channel(false);
        let accept = async {
            loop {
                let (stream, _peer) = match listener.accept().await {
                    Ok(accepted) => accepted,
                    Err(_too_many) => {
                        sleep(Duration::from_millis(100)).await;
                        continue;
                    }
                };
                // Without this, each step waits for a delayed acknowledgement.
                if stream.set_nodelay(true).is_err() {
                    // It is closed already.
                    continue;
                }
                let mut http = http2::Builder::new(TokioExecutor::new());
                http.timer(TokioTimer::new())
                    .initial_connection_window_size(WINDOWS.0)
                    .initial_stream_window_size(WINDOWS.1)
                    .max_concurrent_streams(None);
                let connection = http.serve_connection(TokioIo::new(stream), endpoint.clone());
                connections.spawn(connected(connection, is_over.clone()));
                while connections.try_join_next().is_some() {}
            }
        };
        let Some((stop, within)) = stop.zip(within) else {
            return accept.await;
        };
        let end = {
            let close = async {
                stop.await;
                closing.close();
                let end = Instant::now() + within;
                // The executions leave with the help of their desks, which are served here.
                let _is_late = timeout_at(end, closing.is_idle()).await;
                end
            };
            tokio::select! {
                never = accept => return never,
                end = close => end,
            }
        };
        drop(listener);
        ends.send_replace(true);
        let ended = async { while connections.join_next().await.is_some() {} };
        let _is_late = timeout_at(end, ended).await;
        Ok(())
    }

    fn objects(self) -> Result<Objects, Box<dyn std::error::Error + Send + Sync>> {
        let mut objects = Objects::new();
        if let Some(key) = &self.identity_key {
            let checked = objects.identity_key(key);
            objects = checked.map_err(|why| format!("`{key}` is no identity key: {why}"))?;
        }
        if let Some(streams) = &self.streams {
            let largest = largest_item(&**streams);
            if self.max_value > largest {
                let why = format!(
                    "a value of {} bytes does not go through the streams, which take {largest}: \
                     lower `Worker::max_value`, or raise `max_payload` of the NATS server",
                    self.max_value
                );
                return Err(why.into());
            }
        }
        let (first_retry, last_retry) = self.retries;
        for (name, program) in self.flows {
            let served = Arc::new(Served {
                desk: wire::desk(&name),
                name,
                program,
                max_value: self.max_value,
                park_after: self.park_after,
                streams: self.streams.clone(),
                history: self.history,
                closing: Arc::clone(&self.closing),
            });
            let execution = Treatment {
                is_lazy: false,
                suspend_after: self.longest_call,
                longest: self.longest_call,
                first_retry,
                last_retry,
            };
            let desk = Treatment {
                is_lazy: true,
                suspend_after: SUSPEND_AFTER,
                ..execution
            };
            let at_desk = Arc::new(Desk(Arc::clone(&served)));
            let runs = Arc::new(Execution(Arc::clone(&served)));
            objects = objects.add(&served.name, execution, runs)?;
            objects = objects.add(&served.desk, desk, at_desk)?;
        }
        Ok(objects)
    }
}

/// Serves a connection. When all is over, the requests on it end, and no other begins.
async fn connected<C, E>(connection: C, mut is_over: watch::Receiver<bool>)
where
    C: GracefulConnection<Error = E>,
{
    let mut connection = pin!(connection);
    tokio::select! {
        _ended = &mut connection => return,
        _over = is_over.wait_for(|is_over| *is_over) => {}
    }
    connection.as_mut().graceful_shutdown();
    // The server has gone, or everything has ended.
    let _ended = connection.await;
}

impl Default for Worker {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for Worker {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<_> = self.flows.iter().map(|(name, _)| name).collect();
        f.debug_struct("Worker")
            .field("flows", &names)
            .finish_non_exhaustive()
    }
}
