//! What a rescue is told.

use std::fmt;

use crate::error::BoxError;

/// A handler's error, as `rescue handler -> route` hands it on.
///
/// Where one handler is rescued, `E` is the type of its error; where all are (`rescue -> route`), it
/// is a [`BoxError`].
///
/// ```
/// use flow_core::{Cx, Failed, flow, handler};
/// use std::num::ParseIntError;
///
/// #[handler]
/// async fn parse(text: &'static str) -> Result<u32, ParseIntError> {
///     text.parse()
/// }
///
/// #[handler]
/// async fn tell(number: u32, cx: &Cx) {
///     cx.put(format!("it is {number}")).await;
/// }
///
/// #[handler]
/// async fn apologise(failed: Failed<ParseIntError>, cx: &Cx) {
///     cx.put(format!("`{}`: {}", failed.handler, failed.error)).await;
/// }
///
/// let flow = flow! {
///     start(&'static str) -> parse -> tell;
///     rescue parse -> apologise
/// };
/// let said = |text| flow.blocking_iter(text).collect::<Result<Vec<_>, _>>();
/// assert_eq!(said("7")?, ["it is 7"]);
/// assert_eq!(said("seven")?, ["`parse`: invalid digit found in string"]);
/// # Ok::<(), flow_core::FlowError>(())
/// ```
#[non_exhaustive]
pub struct Failed<E = BoxError> {
    /// What the handler returned.
    pub error: E,
    /// The handler's name.
    pub handler: &'static str,
    /// The name of the event that its clause waits for; `None` for `start`.
    pub event: Option<&'static str>,
}

impl<E> Failed<E> {
    /// Puts one together, for calling a rescuing handler in a unit test.
    ///
    /// ```
    /// # use flow_core::Failed;
    /// let failed = Failed::new("no network", "ask", Some("Question"));
    /// assert_eq!(failed.to_string(), "handler `ask` failed on `Question`: no network");
    /// ```
    pub fn new(error: E, handler: &'static str, event: Option<&'static str>) -> Self {
        Self {
            error,
            handler,
            event,
        }
    }
}

impl<E: fmt::Display> fmt::Display for Failed<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            error,
            handler,
            event,
        } = self;
        match event {
            Some(event) => write!(f, "handler `{handler}` failed on `{event}`: {error}"),
            None => write!(f, "handler `{handler}` failed on start: {error}"),
        }
    }
}

impl<E: fmt::Debug> fmt::Debug for Failed<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Failed")
            .field("error", &self.error)
            .field("handler", &self.handler)
            .field("event", &self.event)
            .finish()
    }
}
