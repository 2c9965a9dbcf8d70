//! What happened in an execution, in order, for assertions.

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::lifecycle::{LifecycleEvent, LifecycleKind};

/// Keeps what happens in the executions of a flow, for a test to look at: which handlers were called,
/// and which events they emitted, in order.
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
/// Handlers take turns in an order that only the flow decides, so with tokio's clock paused the journal
/// of one execution is the same each time; tasks of the handlers' own on other threads come when they
/// come. Of several executions at the same time it holds what happened in all of them, mixed.
#[derive(Clone, Default)]
pub struct Journal {
    told: Arc<Mutex<Vec<LifecycleEvent>>>,
}

impl Journal {
    /// An empty one.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// What [`Flow::observe`](crate::Flow::observe) is given.
    pub fn observer(&self) -> impl Fn(&LifecycleEvent) + Send + Sync + 'static + use<> {
        let told = Arc::clone(&self.told);
        move |event| lock(&told).push(event.clone())
    }

    /// The names of the events that were emitted, also by those outside.
    #[must_use]
    pub fn events(&self) -> Vec<&'static str> {
        self.named(|kind| match kind {
            LifecycleKind::Emitted { event, .. } => Some(event),
            _ => None,
        })
    }

    /// The names of the handlers that were called.
    #[must_use]
    pub fn handlers(&self) -> Vec<&'static str> {
        self.named(|kind| match kind {
            LifecycleKind::HandlerStarted { handler } => Some(handler),
            _ => None,
        })
    }

    /// Both: events where they were emitted, handlers where they were called.
    #[must_use]
    pub fn order(&self) -> Vec<&'static str> {
        self.named(|kind| match kind {
            LifecycleKind::Emitted { event, .. } => Some(event),
            LifecycleKind::HandlerStarted { handler } => Some(handler),
            _ => None,
        })
    }

    /// All that was told, as it was told.
    #[must_use]
    pub fn lifecycle(&self) -> Vec<LifecycleEvent> {
        lock(&self.told).clone()
    }

    /// Forgets all of it, before the next execution.
    pub fn clear(&self) {
        lock(&self.told).clear();
    }

    /// Asserts that these events were emitted and these handlers called in this order. There may be
    /// others in between; where there must not, compare [`order`](Self::order),
    /// [`events`](Self::events) or [`handlers`](Self::handlers).
    ///
    /// # Panics
    ///
    /// If they were not; it says which is the first that is missing, and shows both lists.
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
                format!("`{name}` does not come after `{before}`, but only before that")
            }
            _ => format!("`{name}` never comes"),
        };
        panic!("{defect}\n{}", Lists { expected, happened });
    }

    fn named(&self, name: impl Fn(LifecycleKind) -> Option<&'static str>) -> Vec<&'static str> {
        let told = lock(&self.told);
        told.iter()
            .filter_map(|event| name(event.kind.clone()))
            .collect()
    }
}

fn lock(told: &Mutex<Vec<LifecycleEvent>>) -> MutexGuard<'_, Vec<LifecycleEvent>> {
    told.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Both, one below the other.
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
