//! State: values that a flow declares and the handlers of one execution share.

use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, PoisonError};

use crate::sync::{Mutex, per_thread};

/// A state of the execution, as a handler takes it: a value that its handlers share and change.
///
/// The flow declares it with `state T;`. Each execution creates its own value, by `T::default()`,
/// and drops it when it ends. `state T = make;` creates it by calling `make(&input)` with the input
/// of the execution. A panic in either of them is that of the call that begins the execution, such
/// as [`Flow::stream`](crate::Flow::stream), or of the handler that a stage is.
///
/// Access lasts for one call of [`with`](Self::with) and never spans an `.await`, so concurrent
/// handlers block each other only briefly.
///
/// ```
/// use flow_core::{Cx, Event, State, flow, handler};
///
/// #[derive(Default)]
/// struct Tally {
///     words: usize,
/// }
///
/// #[derive(Event)]
/// struct Line(String);
///
/// #[handler(emits = Line)]
/// async fn split(text: &'static str, cx: &Cx) {
///     for line in text.lines() {
///         cx.emit(Line(line.to_owned()));
///     }
/// }
///
/// #[handler(on = Line)]
/// async fn count(Line(line): Line, cx: &Cx, tally: State<Tally>) {
///     let words = tally.with(|tally| {
///         tally.words += line.split_whitespace().count();
///         tally.words
///     });
///     cx.put(format!("{words} words so far")).await;
/// }
///
/// let flow = flow! { state Tally; start(&'static str) -> split; when Line -> count };
/// let items: Vec<_> = flow.blocking_iter("one two\nthree").collect::<Result<_, _>>()?;
/// assert_eq!(items, ["2 words so far", "3 words so far"]);
/// # Ok::<(), flow_core::FlowError>(())
/// ```
pub struct State<T>(Arc<Owned<T>>);

struct Owned<T> {
    value: Mutex<T>,
    /// The number of the thread that is in `with`, to detect a nested call; 0 if there is none.
    owner: AtomicU64,
}

impl<T> State<T> {
    /// Wraps a value, for a unit test of a handler.
    ///
    /// ```
    /// # use flow_core::{State, handler};
    /// #[handler]
    /// async fn count(counter: State<u32>) {
    ///     counter.with(|n| *n += 1);
    /// }
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() {
    /// let counter = State::new(41);
    /// count(counter.clone()).await;
    /// assert_eq!(counter.with(|n| *n), 42);
    /// # }
    /// ```
    pub fn new(value: T) -> Self {
        Self(Arc::new(Owned {
            value: Mutex::new(value),
            owner: AtomicU64::new(0),
        }))
    }

    /// Calls `access` with exclusive access to the value, and returns its result.
    ///
    /// If `access` panics, the value stays as it is at that point and remains accessible.
    ///
    /// # Panics
    ///
    /// If `access` calls `with` on the same state, which would deadlock.
    pub fn with<R>(&self, access: impl FnOnce(&mut T) -> R) -> R {
        let this_thread = this_thread();
        assert!(
            self.0.owner.load(Ordering::Relaxed) != this_thread,
            "`State::with` was called inside `State::with` of the same state, which would deadlock: \
             end the outer call first"
        );
        let mut value = self.0.value.lock().unwrap_or_else(PoisonError::into_inner);
        self.0.owner.store(this_thread, Ordering::Relaxed);
        let _leave = Leave(&self.0.owner);
        access(&mut value)
    }
}

/// Clears the owner, also when `access` panics.
struct Leave<'a>(&'a AtomicU64);

impl Drop for Leave<'_> {
    fn drop(&mut self) {
        self.0.store(0, Ordering::Relaxed);
    }
}

/// Returns a number that is unique among the living threads, and never 0.
fn this_thread() -> u64 {
    static NEXT: AtomicU64 = AtomicU64::new(1);
    per_thread! {
        lazy static NUMBER: u64 = NEXT.fetch_add(1, Ordering::Relaxed);
    }
    NUMBER.with(|number| *number)
}

impl<T: Default> Default for State<T> {
    fn default() -> Self {
        Self::new(T::default())
    }
}

impl<T> From<T> for State<T> {
    fn from(value: T) -> Self {
        Self::new(value)
    }
}

impl<T> Clone for State<T> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<T: fmt::Debug> fmt::Debug for State<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("State").field(&self.0.value).finish()
    }
}
