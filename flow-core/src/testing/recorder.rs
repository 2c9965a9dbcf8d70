//! Unit tests of single handlers.

use std::any::{Any, type_name};
use std::fmt;
use std::future::Future;
use std::num::NonZeroUsize;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};

use crate::event::Event;
use crate::handler::Cx;
use crate::handler::Handler;
use crate::handler::router::{Router, sealed};
use crate::lifecycle::ExecutionId;
use crate::macro_support::wake::wake_each;
use crate::question::Closing;
use crate::resource::Res;
use crate::state::State;

/// Provides a context for calling a handler directly, and records what it emits and puts.
///
/// ```
/// use flow_core::testing::Recorder;
/// use flow_core::{Cx, Event, handler};
///
/// #[derive(Event, Debug, PartialEq)]
/// struct Greeted(String);
///
/// #[handler(emits = Greeted)]
/// async fn greet(name: String, cx: &Cx) {
///     cx.put(format!("hello, {name}")).await;
///     cx.emit(Greeted(name));
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() {
/// let recorder = Recorder::new();
/// greet("Ada".to_owned(), &recorder.cx()).await;
///
/// assert_eq!(recorder.log(), ["put", "emit Greeted"]);
/// assert_eq!(recorder.items::<String>(), ["hello, Ada"]);
/// assert_eq!(recorder.emitted::<Greeted>(), [Greeted("Ada".to_owned())]);
/// assert!(!recorder.stopped());
/// # }
/// ```
///
/// Resources and states are parameters of the handler: pass [`Res::new`] and [`State::new`].
#[derive(Clone, Debug, Default)]
pub struct Recorder {
    record: Arc<Mutex<Record>>,
    /// The number of attempts before that of its contexts.
    failed: u32,
    ending: Arc<Closing>,
}

#[derive(Default)]
struct Record {
    events: Vec<Box<dyn Any + Send>>,
    items: Vec<Box<dyn Any + Send>>,
    log: Vec<String>,
    stopped: bool,
    /// Given when a handler asks for it.
    id: Option<ExecutionId>,
    /// The number of items that it holds before `put` waits.
    capacity: Option<NonZeroUsize>,
    /// The tasks that wait in `put`.
    waiting: Vec<Waker>,
}

impl Recorder {
    /// Creates an empty recorder. Its [`put`](Cx::put) never waits.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Creates a recorder whose [`put`](Cx::put) waits while it holds this many items.
    ///
    /// It acts like a stream that is not read; [`items`](Self::items) reads it.
    ///
    /// ```
    /// use std::num::NonZeroUsize;
    /// # use flow_core::testing::Recorder;
    /// # use flow_core::{Cx, handler};
    /// use futures::FutureExt;
    ///
    /// #[handler]
    /// async fn count(cx: &Cx) {
    ///     for n in 1..=3 {
    ///         cx.put(n.to_string()).await;
    ///     }
    /// }
    ///
    /// let recorder = Recorder::with_capacity(NonZeroUsize::new(2).unwrap());
    /// let cx = recorder.cx();
    /// let mut counting = Box::pin(count(&cx));
    /// assert!(counting.as_mut().now_or_never().is_none());
    /// assert_eq!(recorder.items::<String>(), ["1", "2"]);
    /// assert!(counting.now_or_never().is_some());
    /// assert_eq!(recorder.items::<String>(), ["3"]);
    /// ```
    #[must_use]
    pub fn with_capacity(items: NonZeroUsize) -> Self {
        let recorder = Self::default();
        recorder.record().capacity = Some(items);
        recorder
    }

    /// Returns a context for a handler, which the call infers. All contexts share the record.
    #[must_use]
    pub fn cx<H: Handler>(&self) -> Cx<Self, H> {
        Cx::new(self.clone())
    }

    /// Returns a recorder with the same record, whose contexts are those of the given
    /// [attempt](Cx::attempt), from 1.
    ///
    /// A direct call of a handler does not retry it. Call each attempt that you test.
    ///
    /// # Panics
    ///
    /// If `attempt` is zero.
    ///
    /// ```
    /// # use flow_core::testing::Recorder;
    /// # use flow_core::{Cx, Result, handler};
    /// #[handler(retry(attempts = 3))]
    /// async fn fetch(cx: &Cx) -> Result<()> {
    ///     cx.put(format!("attempt {}", cx.attempt())).await;
    ///     Err("down".into())
    /// }
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() {
    /// let recorder = Recorder::new();
    /// let _ = fetch(&recorder.cx()).await;
    /// let _ = fetch(&recorder.on_attempt(3).cx()).await;
    /// assert_eq!(recorder.items::<String>(), ["attempt 1", "attempt 3"]);
    /// # }
    /// ```
    #[must_use]
    #[track_caller]
    pub fn on_attempt(&self, attempt: u32) -> Self {
        assert!(attempt > 0, "attempts count from 1: pass at least 1");
        Self {
            record: Arc::clone(&self.record),
            failed: attempt - 1,
            ending: Arc::clone(&self.ending),
        }
    }

    /// Decides the end, for handlers that wait for it with [`Cx::ending`].
    ///
    /// ```
    /// # use flow_core::testing::Recorder;
    /// # use flow_core::{Cx, handler};
    /// use futures::FutureExt;
    ///
    /// #[handler]
    /// async fn watch(cx: &Cx) {
    ///     cx.ending().await;
    ///     cx.put("going off duty").await;
    /// }
    ///
    /// let recorder = Recorder::new();
    /// let cx = recorder.cx();
    /// let mut watching = Box::pin(watch(&cx));
    /// assert!(watching.as_mut().now_or_never().is_none());
    /// recorder.end();
    /// assert!(watching.now_or_never().is_some());
    /// assert_eq!(recorder.items::<String>(), ["going off duty"]);
    /// ```
    pub fn end(&self) {
        self.ending.close();
    }

    /// Takes the emitted events of type `E`, in order.
    #[must_use]
    pub fn emitted<E: Event>(&self) -> Vec<E> {
        take_all(&mut self.record().events)
    }

    /// Takes the items, in order. `T` is the handler's item type, `String` by default.
    #[must_use]
    pub fn items<T: 'static>(&self) -> Vec<T> {
        let (items, waiting) = {
            let mut record = self.record();
            let items = take_all(&mut record.items);
            (items, std::mem::take(&mut record.waiting))
        };
        wake_each(waiting);
        items
    }

    /// Returns everything that the handler did, in order: `put`, `emit` with the name of the event,
    /// and `stop`.
    ///
    /// Taking events or items does not remove them from the log.
    #[must_use]
    pub fn log(&self) -> Vec<String> {
        self.record().log.clone()
    }

    /// Returns whether the handler called [`stop`](Cx::stop).
    #[must_use]
    pub fn stopped(&self) -> bool {
        self.record().stopped
    }

    fn record(&self) -> MutexGuard<'_, Record> {
        self.record.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Moves the values of one type out and keeps the others.
fn take_all<T: 'static>(values: &mut Vec<Box<dyn Any + Send>>) -> Vec<T> {
    let mut taken = Vec::new();
    for value in std::mem::take(values) {
        match value.downcast() {
            Ok(value) => taken.push(*value),
            Err(other) => values.push(other),
        }
    }
    taken
}

impl fmt::Debug for Record {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(&self.log).finish()
    }
}

impl sealed::Router for Recorder {}

impl Router for Recorder {
    fn emit<E: Event>(&self, event: E) {
        let mut record = self.record();
        record.events.push(Box::new(event));
        record.log.push(format!("emit {}", E::DESC.name));
    }

    type Put<'a, T: Send + 'static> = Put<'a, T>;

    fn put<T: Send + 'static>(&self, item: T) -> Put<'_, T> {
        Put {
            recorder: self,
            item: Some(item),
        }
    }

    fn stop(&self) {
        let mut record = self.record();
        record.stopped = true;
        record.log.push("stop".to_owned());
    }

    fn resource<T: ?Sized + Send + Sync + 'static>(&self) -> Option<Res<T>> {
        None
    }

    fn state<T: Send + 'static>(&self) -> Option<State<T>> {
        None
    }

    fn execution_id(&self) -> ExecutionId {
        *self.record().id.get_or_insert_with(ExecutionId::next)
    }

    fn attempt(&self) -> u32 {
        self.failed + 1
    }

    fn ending(&self) -> impl Future<Output = ()> + Send {
        self.ending.closed()
    }
}

/// The future of [`Cx::put`] into a recorder.
#[must_use = "an item is put when this is awaited"]
pub struct Put<'a, T> {
    recorder: &'a Recorder,
    item: Option<T>,
}

// The item is moved, never pinned.
impl<T> Unpin for Put<'_, T> {}

impl<T: Send + 'static> Future for Put<'_, T> {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let waker = cx.waker().clone();
        let mut record = self.recorder.record();
        let capacity = record.capacity.map_or(usize::MAX, NonZeroUsize::get);
        if record.items.len() >= capacity {
            record.waiting.push(waker);
            return Poll::Pending;
        }
        if let Some(item) = self.item.take() {
            record.items.push(Box::new(item));
            record.log.push("put".to_owned());
        }
        Poll::Ready(())
    }
}

impl<T> fmt::Debug for Put<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Put").field(&type_name::<T>()).finish()
    }
}
