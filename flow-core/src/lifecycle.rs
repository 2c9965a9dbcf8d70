//! The lifecycle of an execution: what happens in it, reported as it happens.
//!
//! - [`Flow::observe`](crate::Flow::observe) calls a function for every execution of a flow.
//! - [`Execution::lifecycle`](crate::Execution::lifecycle) and
//!   [`Spawned::lifecycle`](crate::Spawned::lifecycle) return a stream for one execution.
//!
//! Both report [`LifecycleEvent`]s. A named flow that is a stage runs as an execution of its own,
//! and its events are reported as well: they name it as their [`flow`](LifecycleEvent::flow), and
//! the execution that it is a stage of as their [`parent`](LifecycleEvent::parent).
//!
//! An execution that is not observed records nothing and reads no clock.

use std::collections::VecDeque;
use std::fmt;
use std::pin::Pin;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, PoisonError};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use futures_core::Stream;
use futures_core::stream::FusedStream;

use crate::error::FlowError;
use crate::graph::{ClauseDesc, GraphDesc, TriggerDesc};
use crate::sync::{Mutex, MutexGuard};

/// How many events a [`Lifecycle`] buffers. When the buffer is full, the oldest event is dropped,
/// and counted by [`LifecycleKind::Lagged`].
const BUFFERED: usize = 4096;

/// One event in the lifecycle of an execution.
///
/// ```
/// use flow_core::lifecycle::LifecycleKind;
/// use flow_core::{Cx, flow, handler};
/// use futures::StreamExt;
///
/// #[handler]
/// async fn greet(cx: &Cx) {
///     cx.put("hello").await;
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), flow_core::FlowError> {
/// let mut execution = flow! { start -> greet }.stream(());
/// let events = execution.lifecycle();
/// execution.output().await?;
///
/// let happened: Vec<_> = events.map(|event| event.kind.to_string()).collect().await;
/// assert_eq!(
///     happened,
///     [
///         "the execution started",
///         "`start` was entered",
///         "`greet` started",
///         "`greet` put an item",
///         "`greet` finished",
///         "the execution ended",
///     ]
/// );
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
#[non_exhaustive]
#[doc(alias("callback", "hook", "trace"))]
pub struct LifecycleEvent {
    /// The execution in which it happened.
    pub execution: ExecutionId,
    /// The execution that runs this one as a stage; `None` for one that a program has started.
    pub parent: Option<ExecutionId>,
    /// The name of the flow, if it has one.
    pub flow: Option<&'static str>,
    /// The time since observation began, by tokio's clock, which a test can pause.
    ///
    /// With [`Flow::observe`](crate::Flow::observe), observation begins when the execution is
    /// created. The execution of a stage has the time of its parent.
    pub at: Duration,
    /// The run of a clause in which it happened; `None` if it happened outside of any.
    pub step: Option<Step>,
    /// What happened.
    pub kind: LifecycleKind,
    graph: &'static GraphDesc,
}

/// The id of an execution, which no other one has in this process.
///
/// [`Execution::id`](crate::Execution::id) and [`Spawned::id`](crate::Spawned::id) return it, and
/// each [`LifecycleEvent`] has it.
///
/// ```
/// # use flow_core::{Cx, flow, handler};
/// use futures::StreamExt;
/// # #[handler]
/// # async fn work(cx: &Cx) {}
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), flow_core::FlowError> {
/// let mut execution = flow! { start -> work }.stream(());
/// let (id, mut lifecycle) = (execution.id(), execution.lifecycle());
/// execution.output().await?;
/// assert_eq!(lifecycle.next().await.unwrap().execution, id);
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(transparent)
)]
pub struct ExecutionId(u64);

impl ExecutionId {
    /// The next id.
    pub(crate) fn next() -> Self {
        static NEXT: AtomicU64 = AtomicU64::new(1);
        Self(NEXT.fetch_add(1, Ordering::Relaxed))
    }

    /// The id with this number, unless that is 0, which none has.
    pub(crate) fn from_number(number: u64) -> Option<Self> {
        (number > 0).then_some(Self(number))
    }

    /// Returns the number, from 1.
    #[must_use]
    pub fn get(self) -> u64 {
        self.0
    }
}

impl fmt::Display for ExecutionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

/// The execution that events come from.
#[derive(Clone, Copy)]
pub(crate) struct Origin {
    pub(crate) execution: ExecutionId,
    pub(crate) parent: Option<ExecutionId>,
    pub(crate) graph: &'static GraphDesc,
}

impl Origin {
    pub(crate) fn event(
        self,
        at: Duration,
        step: Option<Step>,
        kind: LifecycleKind,
    ) -> LifecycleEvent {
        let Self {
            execution,
            parent,
            graph,
        } = self;
        LifecycleEvent {
            execution,
            parent,
            flow: graph.name,
            at,
            step,
            kind,
            graph,
        }
    }

    /// The event for an observer that is added after the end.
    pub(crate) fn over(self, error: Option<FlowError>) -> LifecycleEvent {
        self.event(Duration::ZERO, None, LifecycleKind::Ended { error })
    }
}

/// What happened in an execution; more kinds may be added.
///
/// [`Display`](fmt::Display) describes it in a line, as the example at [`LifecycleEvent`] shows.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum LifecycleKind {
    /// The execution was polled for the first time.
    Started,
    /// A clause started to run.
    ClauseEntered {
        /// The clause, as an index into the clauses of the [graph](LifecycleEvent::graph).
        clause: ClauseIndex,
        /// What the clause begins with.
        text: ClauseText,
        /// The name of the event that the clause waits for; `None` for `start`.
        ///
        /// For `when A & B` it is the first event, and for a rescue the name of the handler.
        trigger: Option<&'static str>,
        /// The step whose handler emitted the event; `None` if the event came from outside, or was
        /// emitted before observation began.
        cause: Option<Step>,
    },
    /// A handler was called.
    HandlerStarted {
        /// The name of the handler.
        handler: &'static str,
    },
    /// An event was emitted.
    Emitted {
        /// The name of the event.
        event: &'static str,
        /// The name of the handler that emitted it; `None` if it came from outside, or from a task
        /// that a handler spawned.
        handler: Option<&'static str>,
    },
    /// An item was put into the stream.
    Put {
        /// The name of the handler that put it; `None` if a task that a handler spawned did, or if
        /// the item is a question.
        handler: Option<&'static str>,
    },
    /// A handler failed and is going to be retried.
    HandlerRetried {
        /// The name of the handler.
        handler: &'static str,
        /// The number of the attempt that failed, from 1.
        attempt: u32,
    },
    /// A handler returned an error, which ends the execution or is rescued. A stage that waited when
    /// the end was decided fails as well, and its clause is given up.
    HandlerFailed {
        /// The name of the handler.
        handler: &'static str,
    },
    /// A handler returned. A handler that is dropped by the end of the execution does not report
    /// this.
    HandlerFinished {
        /// The name of the handler.
        handler: &'static str,
    },
    /// The execution ended, and nothing of it runs any more. This is its last event.
    ///
    /// The execution of a stage reports its end, too. Where only the end of the whole matters,
    /// check that [`parent`](LifecycleEvent::parent) is `None`.
    Ended {
        /// The reason, if it did not finish normally.
        error: Option<FlowError>,
    },
    /// A [`Lifecycle`] was read too slowly, and this many events were dropped before the next one,
    /// with which it shares its execution.
    Lagged(u64),
}

/// The number of a step: one run of a clause.
///
/// The steps of an execution are numbered from 0, in the order in which their events were emitted.
/// The execution of a stage has steps of its own.
///
/// ```
/// # use flow_core::{flow, handler, lifecycle::Step};
/// use futures::StreamExt;
/// # #[handler]
/// # async fn work() {}
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), flow_core::FlowError> {
/// let mut execution = flow! { start -> work }.stream(());
/// let lifecycle = execution.lifecycle();
/// execution.output().await?;
///
/// let steps: Vec<_> = lifecycle.map(|event| event.step.map(Step::get)).collect().await;
/// assert_eq!(steps, [None, Some(0), Some(0), Some(0), None]);
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(transparent)
)]
pub struct Step(u64);

impl Step {
    pub(crate) fn new(number: u64) -> Self {
        Self(number)
    }

    /// Returns the number, from 0.
    #[must_use]
    pub fn get(self) -> u64 {
        self.0
    }
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

/// The index of a clause in the [graph](LifecycleEvent::graph) of its flow.
///
/// ```
/// # use flow_core::{flow, handler};
/// use flow_core::lifecycle::LifecycleKind;
/// # #[handler]
/// # async fn work() {}
///
/// let flow = flow! { start -> work }.observe(|event| {
///     if let LifecycleKind::ClauseEntered { clause, .. } = event.kind {
///         println!("entered {:?}", event.graph().clauses[clause.get()].location);
///     }
/// });
/// # assert_eq!(flow.blocking_iter(()).count(), 0);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(transparent)
)]
pub struct ClauseIndex(usize);

impl ClauseIndex {
    pub(crate) fn new(index: usize) -> Self {
        Self(index)
    }

    /// Returns the index, from 0.
    #[must_use]
    pub fn get(self) -> usize {
        self.0
    }
}

impl fmt::Display for ClauseIndex {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

/// What a clause begins with, as in the source text: `` `start` ``, `` `when A & B` ``,
/// `` `rescue fetch` ``, `` `ask Review` ``.
///
/// For the `else` of a question it is ``the `else` of `ask Review` ``.
#[derive(Clone, Copy)]
pub struct ClauseText(&'static ClauseDesc);

impl ClauseText {
    pub(crate) fn new(clause: &'static ClauseDesc) -> Self {
        Self(clause)
    }
}

impl fmt::Display for ClauseText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0.heading())
    }
}

impl fmt::Debug for ClauseText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0.heading(), f)
    }
}

impl LifecycleEvent {
    /// Returns the graph of the flow, which is that of the stage if it happened in one.
    #[must_use]
    pub fn graph(&self) -> &'static GraphDesc {
        self.graph
    }

    fn origin(&self) -> Origin {
        Origin {
            execution: self.execution,
            parent: self.parent,
            graph: self.graph,
        }
    }
}

/// Leaves out the graph.
impl fmt::Debug for LifecycleEvent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LifecycleEvent")
            .field("execution", &self.execution)
            .field("parent", &self.parent)
            .field("flow", &self.flow)
            .field("at", &self.at)
            .field("step", &self.step)
            .field("kind", &self.kind)
            .finish_non_exhaustive()
    }
}

impl fmt::Display for LifecycleKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The subject of a sentence about a handler, or about what runs outside of all handlers.
        let subject = |handler: Option<&'static str>| match handler {
            Some(handler) => format!("`{handler}`"),
            None => "a task outside".to_owned(),
        };
        match self {
            Self::Started => f.write_str("the execution started"),
            Self::ClauseEntered { text, .. } => match text.0.trigger {
                TriggerDesc::Answered(_) => write!(f, "{text} was answered"),
                _ => write!(f, "{text} was entered"),
            },
            Self::HandlerStarted { handler } => write!(f, "`{handler}` started"),
            Self::Emitted { event, handler } => {
                write!(f, "{} emitted `{event}`", subject(*handler))
            }
            Self::Put { handler: None } => f.write_str("an item was put"),
            Self::Put {
                handler: Some(handler),
            } => write!(f, "`{handler}` put an item"),
            Self::HandlerRetried { handler, attempt } => {
                write!(f, "`{handler}` failed in attempt {attempt} and is retried")
            }
            Self::HandlerFailed { handler } => write!(f, "`{handler}` failed"),
            Self::HandlerFinished { handler } => write!(f, "`{handler}` finished"),
            Self::Ended { error: None } => f.write_str("the execution ended"),
            Self::Ended { error: Some(error) } => write!(f, "the execution ended: {error:#}"),
            Self::Lagged(count) => write!(f, "the reader lagged and skipped {count} events"),
        }
    }
}

/// The function behind an observer.
pub(crate) type Observer = Arc<dyn Fn(&LifecycleEvent) + Send + Sync>;

/// The lifecycle of one execution and of its stages, as a stream.
///
/// [`Execution::lifecycle`](crate::Execution::lifecycle) and
/// [`Spawned::lifecycle`](crate::Spawned::lifecycle) return it. [`LifecycleEvent`] has an example.
///
/// The stream neither slows the execution nor keeps it alive. It buffers 4096 events; a reader that
/// lags further behind loses the oldest ones and gets a [`LifecycleKind::Lagged`] in their place.
/// After the execution has ended, the stream yields what is buffered, with its
/// [`LifecycleKind::Ended`] last, and then `None` forever.
///
/// # Cancel safety
///
/// Dropping a future of `next()` loses no event.
#[must_use = "a stream does nothing unless it is polled"]
pub struct Lifecycle {
    feed: Arc<Mutex<Feed>>,
    /// `None` was yielded.
    finished: bool,
}

#[derive(Default)]
struct Feed {
    waiting: VecDeque<LifecycleEvent>,
    lagged: u64,
    ended: bool,
    reader: Option<Waker>,
}

fn lock(feed: &Mutex<Feed>) -> MutexGuard<'_, Feed> {
    feed.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Lifecycle {
    /// Creates the stream, and the observer that feeds it.
    pub(crate) fn new() -> (Self, Observer) {
        let feed = Arc::new(Mutex::new(Feed::default()));
        let reader = Arc::downgrade(&feed);
        let fill = move |event: &LifecycleEvent| {
            // `None` if the stream was dropped.
            let Some(feed) = reader.upgrade() else { return };
            let waker = {
                let mut feed = lock(&feed);
                if feed.ended {
                    return;
                }
                if feed.waiting.len() == BUFFERED {
                    feed.waiting.pop_front();
                    feed.lagged += 1;
                }
                let ended = matches!(event.kind, LifecycleKind::Ended { .. });
                feed.ended |= ended && event.parent.is_none();
                feed.waiting.push_back(event.clone());
                feed.reader.take()
            };
            if let Some(waker) = waker {
                waker.wake();
            }
        };
        let finished = false;
        (Self { feed, finished }, Arc::new(fill))
    }
}

impl Stream for Lifecycle {
    type Item = LifecycleEvent;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<LifecycleEvent>> {
        let waker = cx.waker().clone();
        let mut feed = lock(&self.feed);
        if feed.lagged > 0
            && let Some(next) = feed.waiting.front()
        {
            let kind = LifecycleKind::Lagged(feed.lagged);
            let lagged = next.origin().event(next.at, None, kind);
            feed.lagged = 0;
            return Poll::Ready(Some(lagged));
        }
        if let Some(event) = feed.waiting.pop_front() {
            return Poll::Ready(Some(event));
        }
        if feed.ended {
            drop(feed);
            self.finished = true;
            return Poll::Ready(None);
        }
        let before = feed.reader.replace(waker);
        drop(feed);
        drop(before);
        Poll::Pending
    }
}

impl FusedStream for Lifecycle {
    fn is_terminated(&self) -> bool {
        self.finished
    }
}

impl fmt::Debug for Lifecycle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let feed = lock(&self.feed);
        f.debug_struct("Lifecycle")
            .field("buffered", &feed.waiting.len())
            .field("lagged", &feed.lagged)
            .field("ended", &feed.ended)
            .finish_non_exhaustive()
    }
}
