//! What happens in an execution, told as it happens to those who watch.
//!
//! [`Flow::observe`](crate::Flow::observe) has a function called for every execution of a flow;
//! [`Execution::lifecycle`](crate::Execution::lifecycle) and [`Spawned::lifecycle`](crate::Spawned::lifecycle)
//! are a stream of the same for one. Where nobody watches, nothing is kept and nothing is timed.

use std::collections::VecDeque;
use std::fmt;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use futures_core::Stream;

use crate::error::FlowError;

/// How many of them wait in an [`Events`] that is not read; then the oldest are given up, and
/// counted by a [`LifecycleKind::Missed`].
const BUFFERED: usize = 4096;

/// Something that happened in an execution.
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
#[derive(Clone, Debug)]
#[non_exhaustive]
#[doc(alias("callback", "hook", "trace"))]
pub struct LifecycleEvent {
    /// When: the time since somebody began to watch the execution, which for
    /// [`Flow::observe`](crate::Flow::observe) is since it was made. By tokio's clock, which a test can
    /// pause.
    pub at: Duration,
    /// In which run of a clause: those of an execution are numbered from 0, in the order in which
    /// their events were emitted. `None` if it did not happen in one.
    pub step: Option<Step>,
    /// What it was.
    pub kind: LifecycleKind,
}

/// What can happen in an execution; more may be added.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum LifecycleKind {
    /// The execution began to run.
    Started,
    /// A clause began.
    ClauseEntered {
        /// Its number among the clauses of [`Flow::graph`](crate::Flow::graph), from 0.
        clause: ClauseIndex,
        /// The event that it waits for (of `A & B`, the first; of a rescue, the handler's name); `None`
        /// for `start`.
        trigger: Option<&'static str>,
        /// The step whose handler emitted the event; `None` if it came from outside, or before
        /// anybody watched.
        cause: Option<Step>,
    },
    /// A handler was called.
    HandlerStarted {
        /// Its name.
        handler: &'static str,
    },
    /// An event was emitted.
    Emitted {
        /// Its name.
        event: &'static str,
        /// The handler; `None` if it came from outside of the execution, or from a task of a handler.
        handler: Option<&'static str>,
    },
    /// An item went into the stream.
    Put {
        /// As with [`Emitted`](Self::Emitted); `None` also where it is a question that the flow asks.
        handler: Option<&'static str>,
    },
    /// A handler failed, and is tried again.
    HandlerRetried {
        /// Its name.
        handler: &'static str,
        /// Which attempt failed, from 1.
        attempt: u32,
    },
    /// A handler returned an error: it ends the execution, or is rescued.
    HandlerFailed {
        /// Its name.
        handler: &'static str,
    },
    /// A handler returned. One that is dropped, since the execution has ended, does not.
    HandlerFinished {
        /// Its name.
        handler: &'static str,
    },
    /// Nothing of the execution runs any more; it is the last.
    Ended {
        /// Why, if it did not end well.
        error: Option<FlowError>,
    },
    /// The reader of an [`Events`] was too slow, and has missed so many.
    Lagged(u64),
}

/// The number of a step, which is one run of a clause. Steps are numbered from 0, in the order in which
/// their events were emitted.
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

    /// The number, from 0.
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

/// The index of a clause in [`GraphDesc::clauses`](crate::graph::GraphDesc::clauses).
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

    /// The index, from 0.
    #[must_use]
    pub fn get(self) -> usize {
        self.0
    }
}

impl LifecycleEvent {
    /// For whoever begins to watch when it is over.
    pub(crate) fn over(error: Option<FlowError>) -> Self {
        Self {
            at: Duration::ZERO,
            step: None,
            kind: LifecycleKind::Ended { error },
        }
    }
}

impl fmt::Display for LifecycleKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let who = |handler: Option<&'static str>| match handler {
            Some(handler) => format!("`{handler}`"),
            None => "somebody outside".to_owned(),
        };
        match self {
            Self::Started => f.write_str("the execution started"),
            Self::ClauseEntered { trigger: None, .. } => f.write_str("`start` was entered"),
            Self::ClauseEntered {
                trigger: Some(event),
                ..
            } => write!(f, "`when {event}` was entered"),
            Self::HandlerStarted { handler } => write!(f, "`{handler}` started"),
            Self::Emitted { event, handler } => write!(f, "{} emitted `{event}`", who(*handler)),
            Self::Put { handler: None } => f.write_str("an item was put"),
            Self::Put {
                handler: Some(handler),
            } => write!(f, "`{handler}` put an item"),
            Self::HandlerRetried { handler, attempt } => {
                write!(f, "`{handler}` failed in attempt {attempt}, and is retried")
            }
            Self::HandlerFailed { handler } => write!(f, "`{handler}` failed"),
            Self::HandlerFinished { handler } => write!(f, "`{handler}` finished"),
            Self::Ended { error: None } => f.write_str("the execution ended"),
            Self::Ended { error: Some(error) } => write!(f, "the execution ended: {error:#}"),
            Self::Lagged(count) => write!(f, "{count} events were missed"),
        }
    }
}

/// A function that is told of everything.
pub(crate) type Observer = Arc<dyn Fn(&LifecycleEvent) + Send + Sync>;

/// What happens in one execution, as a stream: what
/// [`Execution::lifecycle`](crate::Execution::lifecycle) and [`Spawned::lifecycle`](crate::Spawned::lifecycle)
/// return.
///
/// It does not hold up the execution, and does not keep it alive. After the end of the execution it
/// yields what is left, the last of which is [`LifecycleKind::Ended`], and then `None`.
///
/// # Cancel safety
///
/// Dropping a `next()` loses nothing.
#[must_use = "a stream does nothing unless it is polled"]
pub struct Lifecycle {
    feed: Arc<Mutex<Feed>>,
}

#[derive(Default)]
struct Feed {
    waiting: VecDeque<LifecycleEvent>,
    missed: u64,
    ended: bool,
    reader: Option<Waker>,
}

fn lock(feed: &Mutex<Feed>) -> MutexGuard<'_, Feed> {
    feed.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Lifecycle {
    /// The stream, and the function that fills it.
    pub(crate) fn new() -> (Self, Observer) {
        let feed = Arc::new(Mutex::new(Feed::default()));
        let reader = Arc::downgrade(&feed);
        let fill = move |event: &LifecycleEvent| {
            // The reader may have gone.
            let Some(feed) = reader.upgrade() else { return };
            let waker = {
                let mut feed = lock(&feed);
                if feed.ended {
                    return;
                }
                if feed.waiting.len() == BUFFERED {
                    feed.waiting.pop_front();
                    feed.missed += 1;
                }
                feed.ended |= matches!(event.kind, LifecycleKind::Ended { .. });
                feed.waiting.push_back(event.clone());
                feed.reader.take()
            };
            if let Some(waker) = waker {
                waker.wake();
            }
        };
        (Self { feed }, Arc::new(fill))
    }
}

impl Stream for Lifecycle {
    type Item = LifecycleEvent;

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<LifecycleEvent>> {
        let waker = cx.waker().clone();
        let mut feed = lock(&self.feed);
        if feed.missed > 0
            && let Some(next) = feed.waiting.front()
        {
            let missed = LifecycleEvent {
                at: next.at,
                step: None,
                kind: LifecycleKind::Lagged(feed.missed),
            };
            feed.missed = 0;
            return Poll::Ready(Some(missed));
        }
        if let Some(event) = feed.waiting.pop_front() {
            return Poll::Ready(Some(event));
        }
        if feed.ended {
            return Poll::Ready(None);
        }
        let before = feed.reader.replace(waker);
        drop(feed);
        drop(before);
        Poll::Pending
    }
}

impl fmt::Debug for Lifecycle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Lifecycle").finish_non_exhaustive()
    }
}
