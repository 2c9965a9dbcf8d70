//! Unit tests of handlers: a handler stays an `async fn`, and a [`Recorder`] gives it a context.

use std::any::Any;
use std::future::Ready;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::cx::Cx;
use crate::event::Event;
use crate::handler::Handler;
use crate::resource::Res;
use crate::router::Router;
use crate::state::State;

/// Records what a handler emits and puts, instead of passing it on.
///
/// ```
/// use flow_core::testing::Recorder;
/// use flow_core::{Cx, Event, handler};
///
/// #[derive(Event, Debug, PartialEq)]
/// struct Greeted(String);
///
/// #[handler(emits = "Greeted")]
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
/// assert_eq!(recorder.items::<String>(), ["hello, Ada"]);
/// assert_eq!(recorder.emitted::<Greeted>(), [Greeted("Ada".to_owned())]);
/// assert!(!recorder.stopped());
/// # }
/// ```
///
/// A handler's resources and states are its parameters: pass [`Res::new`]`(…)` and
/// [`State::new`]`(…)`.
#[derive(Clone, Debug, Default)]
pub struct Recorder {
    record: Arc<Mutex<Record>>,
}

#[derive(Debug, Default)]
struct Record {
    events: Vec<Box<dyn Any + Send>>,
    items: Vec<Box<dyn Any + Send>>,
    stopped: bool,
}

impl Recorder {
    /// An empty record.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// A context for any handler; which one, its call says. All contexts of a recorder share its
    /// record.
    #[must_use]
    pub fn cx<H: Handler>(&self) -> Cx<Self, H> {
        Cx::new(self.clone())
    }

    /// Takes the events of type `E` that were emitted, in order.
    #[must_use]
    pub fn emitted<E: Event>(&self) -> Vec<E> {
        take_all(&mut self.record().events)
    }

    /// Takes the items of type `T` that were put, in order; `T` is what the handler streams.
    #[must_use]
    pub fn items<T: 'static>(&self) -> Vec<T> {
        take_all(&mut self.record().items)
    }

    /// Whether [`stop`](Cx::stop) was called.
    #[must_use]
    pub fn stopped(&self) -> bool {
        self.record().stopped
    }

    fn record(&self) -> MutexGuard<'_, Record> {
        self.record.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Moves the values of one type out; the others stay.
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

impl Router for Recorder {
    fn emit<E: Event>(&self, event: E) {
        self.record().events.push(Box::new(event));
    }

    type Put<'a, T: Send + 'static> = Ready<()>;

    fn put<T: Send + 'static>(&self, item: T) -> Ready<()> {
        self.record().items.push(Box::new(item));
        std::future::ready(())
    }

    fn stop(&self) {
        self.record().stopped = true;
    }

    fn resource<T: Send + Sync + 'static>(&self) -> Option<Res<T>> {
        None
    }

    fn state<T: Send + 'static>(&self) -> Option<State<T>> {
        None
    }
}
