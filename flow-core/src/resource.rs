//! Resources: values that a flow declares, which all of its executions share or each one opens.

use std::fmt;
use std::ops::Deref;
use std::sync::Arc;

/// A resource of the flow, as a handler takes it: a shared, read-only reference.
///
/// The flow declares it with `with T;`, and it is given once, by [`Flow::with`](crate::Flow::with).
/// All executions share the one value, so anything that changes in it needs its own lock. A `Res`
/// is an [`Arc`]: cloning it is cheap, and it can be kept as long as needed. Where each execution
/// needs its own, [it opens it](#one-for-each-execution).
///
/// ```
/// use flow_core::{Cx, Res, flow, handler};
///
/// struct Greeting(&'static str);
///
/// #[handler]
/// async fn greet(cx: &Cx, greeting: Res<Greeting>) {
///     cx.put(greeting.0).await;
/// }
///
/// let hello = flow! { with Greeting; start -> greet }.with(Greeting("hello"));
/// let items: Vec<_> = hello.blocking_iter(()).collect::<Result<_, _>>()?;
/// assert_eq!(items, ["hello"]);
/// # Ok::<(), flow_core::FlowError>(())
/// ```
///
/// # Trait objects
///
/// A resource may be a trait object, so that the program chooses the type that implements it. It is
/// given in an `Arc`, by [`Flow::with_arc`](crate::Flow::with_arc).
///
/// ```
/// use std::sync::Arc;
///
/// use flow_core::{Cx, Res, flow, handler};
///
/// trait Llm: Send + Sync {
///     fn ask(&self, question: &str) -> String;
/// }
///
/// struct Echo;
///
/// impl Llm for Echo {
///     fn ask(&self, question: &str) -> String {
///         question.to_owned()
///     }
/// }
///
/// #[handler]
/// async fn reply(question: String, cx: &Cx, llm: Res<dyn Llm>) {
///     cx.put(llm.ask(&question)).await;
/// }
///
/// let llm: Arc<dyn Llm> = Arc::new(Echo);
/// let chat = flow! { with dyn Llm; start(String) -> reply }.with_arc(llm);
/// let items: Vec<_> = chat.blocking_iter("hello".to_owned()).collect::<Result<_, _>>()?;
/// assert_eq!(items, ["hello"]);
/// # Ok::<(), flow_core::FlowError>(())
/// ```
///
/// # One for each execution
///
/// `with T = handler;` opens a resource for each execution: a session, a transaction, a directory
/// for its files. The handler returns it before `start` runs, and the execution drops it at its
/// end. See the [guide](crate::guide::endings#resources-of-an-execution).
///
/// ```
/// use flow_core::{Res, Result, flow, handler};
///
/// struct Pool;
/// struct Session;
///
/// #[handler(timeout = "5s", retry(attempts = 3))]
/// async fn open_session(pool: Res<Pool>) -> Result<Session> {
///     # let _ = pool;
///     // …
///     Ok(Session)
/// }
///
/// #[handler]
/// async fn query(session: Res<Session>) -> u32 {
///     # let _ = session;
///     // …
///     7
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<()> {
/// let flow = flow! {
///     with Pool;
///     with Session = open_session;
///     start -> query -> end
/// };
/// assert_eq!(flow.with(Pool).run(()).await?, 7);
/// # Ok(())
/// # }
/// ```
pub struct Res<T: ?Sized>(Arc<T>);

impl<T> Res<T> {
    /// Wraps a value, for a unit test of a handler.
    ///
    /// ```
    /// # use flow_core::{Res, handler};
    /// struct Answer(u8);
    ///
    /// #[handler]
    /// async fn double(answer: Res<Answer>) -> u8 {
    ///     answer.0 * 2
    /// }
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() {
    /// assert_eq!(double(Res::new(Answer(21))).await, 42);
    /// # }
    /// ```
    pub fn new(value: T) -> Self {
        Self(Arc::new(value))
    }
}

impl<T: ?Sized> Res<T> {
    pub(crate) fn from_arc(value: Arc<T>) -> Self {
        Self(value)
    }

    pub(crate) fn into_arc(self) -> Arc<T> {
        self.0
    }
}

impl<T> From<T> for Res<T> {
    fn from(value: T) -> Self {
        Self::new(value)
    }
}

/// Shares the value without moving it.
impl<T: ?Sized> From<Arc<T>> for Res<T> {
    fn from(value: Arc<T>) -> Self {
        Self(value)
    }
}

impl<T: ?Sized> Clone for Res<T> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<T: ?Sized> Deref for Res<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T: ?Sized + fmt::Debug> fmt::Debug for Res<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Res").field(&self.0).finish()
    }
}
