//! What exists for documentation alone.

/// An event that the flow `F` takes. Documentation lists it on the event's page, with the clauses of
/// the flow that wait for the event; a program has no use for it.
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

/// A context in the signature of a handler, as it is written: without the parameters that the macro
/// fills in.
#[doc(hidden)]
#[derive(Debug)]
pub struct Cx {}
