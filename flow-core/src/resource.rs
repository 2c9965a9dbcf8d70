//! Resources: values that a flow declares and all of its executions share.

use std::fmt;
use std::ops::Deref;
use std::sync::Arc;

/// A resource of the flow, as a handler takes it: a shared, read-only reference.
///
/// The flow declares it with `with T;`, and it is given once, by [`Flow::with`](crate::Flow::with).
/// All executions share the one value, so anything that changes in it needs its own lock. A `Res`
/// is an [`Arc`]: cloning it is cheap, and it can be kept as long as needed.
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
