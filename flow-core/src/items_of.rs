//! A stream as what an `each` iterates over.

/// The items of a stream, for an `each`: a stage returns `ItemsOf(stream)`, and `each` runs its
/// handler for each item.
///
/// The stream is polled only when `each work[16]` has fewer than 16 items under way, so a slow
/// handler slows the stream down. Two stages in a row, `each work[16] -> each write`, pass items on
/// as they come, so that a million of them take the memory of a few.
///
/// An item that is a `Result` arrives as it is: the handler of the `each` decides with `?` whether
/// an item that could not be read fails the clause.
///
/// ```
/// use flow_core::{ItemsOf, State, flow, handler};
/// use futures::stream::{self, BoxStream, StreamExt};
///
/// #[handler]
/// async fn read(lines: u32) -> ItemsOf<BoxStream<'static, u32>> {
///     ItemsOf(stream::iter(0..lines).boxed())
/// }
///
/// #[handler]
/// async fn work(line: u32) -> u32 {
///     line * 2
/// }
///
/// #[handler]
/// async fn write(line: u32, sum: State<u32>) {
///     sum.with(|sum| *sum += line);
/// }
///
/// #[handler]
/// async fn total(_written: Vec<()>, sum: State<u32>) -> u32 {
///     sum.with(|sum| *sum)
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), flow_core::FlowError> {
/// let flow = flow! {
///     state u32;
///     start(u32) -> read -> each work[16] -> each write -> total -> end
/// };
/// assert_eq!(flow.run(1_000).await?, 999_000);
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Copy, Debug)]
pub struct ItemsOf<S>(pub S);
