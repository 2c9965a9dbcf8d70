//! What the clause `every "1s" -> …` takes, and what a reminder may take.

/// A tick of a clock: what the first handler of an `every` clause takes, if it takes a value.
///
/// ```
/// use flow_core::{Cx, Tick, flow, handler};
/// use futures::StreamExt;
///
/// #[handler]
/// async fn begin() {}
///
/// #[handler]
/// async fn report(tick: Tick, cx: &Cx) {
///     cx.put(format!("{} s", 10 * tick.count())).await;
/// }
///
/// # #[tokio::main(flavor = "current_thread", start_paused = true)]
/// # async fn main() {
/// let flow = flow! { start -> begin; every "10s" -> report };
/// let items: Vec<_> = flow.stream(()).take(2).map(Result::unwrap).collect().await;
/// assert_eq!(items, ["10 s", "10 s"]);
/// # }
/// ```
///
/// A tick is a value like any other, so the handler is tested as a function:
/// `report(Tick::new(3), &cx)`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "durable", derive(serde::Serialize, serde::Deserialize))]
pub struct Tick {
    count: u64,
}

impl Tick {
    /// Creates a tick that stands for so many periods.
    #[must_use]
    pub const fn new(count: u64) -> Self {
        Self { count }
    }

    /// Returns the number of periods that have passed since the last tick: 1, unless ticks were
    /// missed.
    ///
    /// A tick is missed if the clause still runs for the one before, or if the execution is not
    /// polled. Missed ticks come as one.
    #[must_use]
    pub const fn count(self) -> u64 {
        self.count
    }
}
