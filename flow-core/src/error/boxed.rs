//! The errors of handlers.

use std::error::Error;
use std::fmt;

/// A boxed error that can cross threads: the usual error type of handlers.
///
/// Every handler's error becomes one on its way into a [`FlowError`](crate::FlowError), as its
/// [`source`](std::error::Error::source).
pub type BoxError = Box<dyn Error + Send + Sync + 'static>;

/// A [`Result`](std::result::Result) whose error defaults to [`BoxError`].
///
/// It is what handlers usually return: `?` converts any error type into it.
///
/// ```
/// fn port(text: &str) -> flow_core::Result<u16> {
///     Ok(text.trim().parse()?)
/// }
/// assert!(port("no port").is_err());
/// ```
pub type Result<T, E = BoxError> = std::result::Result<T, E>;

/// A type that a handler can return as its error: an `Error + Send + Sync`, or a [`BoxError`].
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be a handler's error: implement `std::error::Error` for it, or return `flow_core::Result`",
    label = "not `std::error::Error + Send + Sync`"
)]
pub trait HandlerError {
    #[doc(hidden)]
    fn boxed(self) -> BoxError;

    #[doc(hidden)]
    fn as_display(&self) -> &dyn fmt::Display;
}

#[diagnostic::do_not_recommend]
impl<E: fmt::Display + Into<BoxError>> HandlerError for E {
    fn boxed(self) -> BoxError {
        self.into()
    }

    fn as_display(&self) -> &dyn fmt::Display {
        self
    }
}
