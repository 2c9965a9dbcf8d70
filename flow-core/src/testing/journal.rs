//! A record of what happens in executions, for assertions.

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::lifecycle::{LifecycleEvent, LifecycleKind};

/// Records what happens in the executions of a flow, in order.
///
/// A test can then assert which handlers were called and which events they emitted.
///
/// ```
/// use flow_core::testing::Journal;
/// # use flow_core::{Cx, Event, flow, handler};
///
/// #[derive(Event)]
/// struct Question(String);
///
/// #[derive(Event)]
/// struct Answer(String);
///
/// #[handler(emits = Question)]
/// async fn listen(cx: &Cx) {
///     cx.emit(Question("why?".to_owned()));
/// }
///
/// #[handler(on = Question, emits = Answer)]
/// async fn ask(Question(text): Question, cx: &Cx) {
///     cx.emit(Answer(format!("{text} because.")));
/// }
///
/// #[handler(on = Answer)]
/// async fn tell(Answer(text): Answer, cx: &Cx) {
///     cx.put(text).await;
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), flow_core::FlowError> {
/// let journal = Journal::new();
/// let chat = flow! { start -> listen; when Question -> ask; when Answer -> tell }
///     .observe(journal.observer());
/// chat.run(()).await?;
///
/// assert_eq!(journal.events(), ["Question", "Answer"]);
/// assert_eq!(journal.handlers(), ["listen", "ask", "tell"]);
/// journal.assert_order(["Question", "tell"]);
/// # Ok(())
/// # }
/// ```
///
/// # Order
///
/// The order of the handlers of one execution depends only on the flow, so with tokio's clock
/// paused it is the same in each run. Tasks that handlers spawn on other threads are not ordered.
/// If several executions run at the same time, their events are interleaved.
///
/// A named flow that is a stage is recorded as a handler, and its own handlers and events follow.
/// Replace it to leave them out.
#[derive(Clone, Default)]
#[must_use = "a journal records nothing unless its observer is passed to `Flow::observe`"]
pub struct Journal {
    recorded: Arc<Mutex<Vec<LifecycleEvent>>>,
}

impl Journal {
    /// Creates an empty journal.
    pub fn new() -> Self {
        Self::default()
    }

    /// Returns an observer to pass to [`Flow::observe`](crate::Flow::observe).
    pub fn observer(&self) -> impl Fn(&LifecycleEvent) + Send + Sync + 'static + use<> {
        let recorded = Arc::clone(&self.recorded);
        move |event| lock(&recorded).push(event.clone())
    }

    /// Returns the names of the emitted events, including those from outside.
    #[must_use]
    pub fn events(&self) -> Vec<&'static str> {
        self.named(|kind| match kind {
            LifecycleKind::Emitted { event, .. } => Some(event),
            _ => None,
        })
    }

    /// Returns the names of the handlers that were called.
    #[must_use]
    pub fn handlers(&self) -> Vec<&'static str> {
        self.named(|kind| match kind {
            LifecycleKind::HandlerStarted { handler } => Some(handler),
            _ => None,
        })
    }

    /// Returns the names of events and handlers together, in the order of emissions and calls.
    #[must_use]
    pub fn order(&self) -> Vec<&'static str> {
        self.named(|kind| match kind {
            LifecycleKind::Emitted { event, .. } => Some(event),
            LifecycleKind::HandlerStarted { handler } => Some(handler),
            _ => None,
        })
    }

    /// Returns the complete [lifecycle](crate::lifecycle) as it was reported, for instance to
    /// assert on retries, failures or times.
    ///
    /// ```
    /// # use flow_core::{flow, handler, testing::Journal};
    /// use flow_core::lifecycle::LifecycleKind;
    /// # #[handler]
    /// # async fn work() {}
    ///
    /// let journal = Journal::new();
    /// let flow = flow! { start -> work }.observe(journal.observer());
    /// assert_eq!(flow.blocking_iter(()).count(), 0);
    ///
    /// let last = journal.lifecycle().pop().unwrap();
    /// assert!(matches!(last.kind, LifecycleKind::Ended { error: None, .. }));
    /// ```
    #[must_use]
    pub fn lifecycle(&self) -> Vec<LifecycleEvent> {
        lock(&self.recorded).clone()
    }

    /// Removes all entries, for instance before the next execution.
    pub fn clear(&self) {
        lock(&self.recorded).clear();
    }

    /// Asserts that these events were emitted and these handlers called, in this order.
    ///
    /// Others may come in between. To rule that out, compare [`order`](Self::order),
    /// [`events`](Self::events) or [`handlers`](Self::handlers).
    ///
    /// # Panics
    ///
    /// If the order differs. The message reports the first missing name and prints both lists.
    #[track_caller]
    #[allow(clippy::panic, reason = "it is an assertion")]
    #[allow(single_use_lifetimes, reason = "an `impl` cannot elide it")]
    pub fn assert_order<'a>(&self, expected: impl AsRef<[&'a str]>) {
        let happened = self.order();
        let expected = expected.as_ref();
        let mut rest = happened.iter();
        let missing = expected
            .iter()
            .position(|name| !rest.any(|other| other == name));
        let Some(missing) = missing else { return };
        let name = expected.get(missing).copied().unwrap_or_default();
        let before = missing.checked_sub(1).and_then(|index| expected.get(index));
        let defect = match before {
            Some(before) if happened.contains(&name) => {
                format!("`{name}` occurs only before `{before}`, not after it")
            }
            _ => format!("`{name}` never occurs"),
        };
        panic!("{defect}\n{}", Lists { expected, happened });
    }

    fn named(&self, name: impl Fn(LifecycleKind) -> Option<&'static str>) -> Vec<&'static str> {
        let recorded = lock(&self.recorded);
        recorded
            .iter()
            .filter_map(|event| name(event.kind.clone()))
            .collect()
    }
}

fn lock(recorded: &Mutex<Vec<LifecycleEvent>>) -> MutexGuard<'_, Vec<LifecycleEvent>> {
    recorded.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Displays both lists, one below the other.
struct Lists<'a> {
    expected: &'a [&'a str],
    happened: Vec<&'static str>,
}

impl fmt::Display for Lists<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "  expected: {}", self.expected.join(", "))?;
        write!(f, "  happened: {}", self.happened.join(", "))
    }
}

impl fmt::Debug for Journal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.order()).finish()
    }
}
