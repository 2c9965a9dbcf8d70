//! Items that only documentation uses.

/// An event that the named flow `F` takes, for documentation only.
///
/// rustdoc lists the impls on the page of the event, each with the clauses that wait for it. They
/// do not exist in a program.
///
/// ```
/// use flow_core::{Event, flow, handler};
///
/// #[derive(Event)]
/// pub struct Tick;
///
/// #[handler(emits = Tick)]
/// async fn begin(cx: &flow_core::Cx) { cx.emit(Tick) }
///
/// #[handler(on = Tick)]
/// async fn count() {}
///
/// flow! {
///     pub flow Counter;
///     start -> begin;
///     // On the page of `Tick`: `impl InFlow<Counter> for Tick`, "when Tick -> count".
///     when Tick -> count
/// }
/// # assert_eq!(Counter::new().blocking_iter(()).count(), 0);
/// ```
pub trait InFlow<F> {}

/// The context in the documented signature of a handler: `Cx` without its type parameters.
#[doc(hidden)]
#[derive(Debug)]
pub struct Cx {}
