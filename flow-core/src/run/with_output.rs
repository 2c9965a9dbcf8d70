//! The items of an execution and its result, in one stream.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use futures_core::Stream;
use futures_core::stream::FusedStream;

use crate::error::FlowError;
use crate::run::execution::Execution;
use crate::run::spawned::{FlowTypes, Spawned, SpawnedParts};

/// What [`WithOutput`] yields: an item, or at the end, the result.
#[derive(Clone, Debug)]
pub enum ItemOrOutput<T, O> {
    /// An item of the stream.
    Item(T),
    /// The result of the execution. It comes once, as the last element.
    Output(Result<O, FlowError>),
}

/// The items of an execution and then its result, in one stream.
///
/// [`Execution::with_output`] and [`Spawned::with_output`] return it.
///
/// It yields an [`Item`](ItemOrOutput::Item) for each item and then, always, one
/// [`Output`](ItemOrOutput::Output): the value that a clause passed to `end`, `()` for a flow
/// without `end`, or the error that the execution ended with. An error is not yielded a second
/// time, as an item. After the result the stream yields `None` forever.
///
/// Dropping it does what dropping the execution or the handle does: it cancels an [`Execution`],
/// and stops reading a [`Spawned`] one, which runs on.
///
/// # Cancel safety
///
/// Dropping a future of `next()` loses neither an item nor the result.
#[must_use = "a stream does nothing unless it is polled"]
pub struct WithOutput<T: 'static, O = ()> {
    /// `None` once the result was yielded.
    origin: Option<Origin<T, O>>,
}

enum Origin<T: 'static, O> {
    Execution(Execution<T, O>),
    Spawned(SpawnedParts<T, O>),
}

impl<T: 'static, O> Execution<T, O> {
    /// Turns the execution into a stream of its items and then its result.
    ///
    /// Use it where one stream has to carry both, such as a response to a client. To read the items
    /// first and then the result, call [`output`](Self::output) after the last item.
    ///
    /// ```
    /// use flow_core::{Cx, ItemOrOutput, flow, handler};
    /// use futures::StreamExt;
    ///
    /// #[handler]
    /// async fn measure(text: &'static str, cx: &Cx) -> usize {
    ///     cx.put(text).await;
    ///     text.len()
    /// }
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() {
    /// let flow = flow! { start(&'static str) -> measure -> end };
    /// let lines = flow.stream("hello").with_output().map(|next| match next {
    ///     ItemOrOutput::Item(item) => format!("data: {item}"),
    ///     ItemOrOutput::Output(Ok(length)) => format!("done: {length} characters"),
    ///     ItemOrOutput::Output(Err(error)) => format!("failed: {error}"),
    /// });
    /// let lines: Vec<_> = lines.collect().await;
    /// assert_eq!(lines, ["data: hello", "done: 5 characters"]);
    /// # }
    /// ```
    #[doc(alias("full stream", "result"))]
    pub fn with_output(self) -> WithOutput<T, O> {
        WithOutput {
            origin: Some(Origin::Execution(self)),
        }
    }
}

impl<F: FlowTypes> Spawned<F> {
    /// Turns the handle into a stream of the items and then the result, as
    /// [`Execution::with_output`] does.
    ///
    /// It continues where [`items`](Self::items) stopped. If the items were
    /// [taken](Self::take_items), it yields the result alone.
    ///
    /// The handle is gone, so it no longer keeps a flow with `external` events or questions open.
    /// To emit and answer while you read, make a [`Sender`](crate::Sender) first.
    ///
    /// ```
    /// use flow_core::{Cx, Event, ItemOrOutput, flow, handler};
    /// use futures::StreamExt;
    ///
    /// #[derive(Event)]
    /// struct Approve(&'static str);
    ///
    /// #[handler]
    /// async fn ask(cx: &Cx) {
    ///     cx.put("may I?").await;
    /// }
    ///
    /// #[handler(on = Approve)]
    /// async fn answer(Approve(by): Approve) -> &'static str {
    ///     by
    /// }
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() {
    /// let flow = flow! { external Approve; start -> ask; when Approve -> answer -> end };
    /// let execution = flow.spawn(());
    /// let sender = execution.sender();
    /// let mut both = execution.with_output();
    /// assert!(matches!(both.next().await, Some(ItemOrOutput::Item(item)) if item == "may I?"));
    /// sender.emit(Approve("Grace")).await.unwrap();
    /// assert!(matches!(both.next().await, Some(ItemOrOutput::Output(Ok("Grace")))));
    /// assert!(both.next().await.is_none());
    /// # }
    /// ```
    #[doc(alias("full stream", "result"))]
    pub fn with_output(self) -> WithOutput<F::Item, F::Output> {
        WithOutput {
            origin: Some(Origin::Spawned(self.into_parts())),
        }
    }
}

impl<T, O> Stream for WithOutput<T, O> {
    type Item = ItemOrOutput<T, O>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let Some(origin) = &mut self.origin else {
            return Poll::Ready(None);
        };
        // The result has the error, too.
        let item = match origin {
            Origin::Execution(execution) => ready!(Pin::new(execution).poll_next(cx)),
            Origin::Spawned(spawned) => ready!(Pin::new(&mut spawned.items).poll_next(cx)),
        };
        if let Some(Ok(item)) = item {
            return Poll::Ready(Some(ItemOrOutput::Item(item)));
        }
        let output = match origin {
            Origin::Execution(execution) => execution.take_output(),
            Origin::Spawned(spawned) => ready!(Pin::new(&mut spawned.output).poll(cx)),
        };
        self.origin = None;
        Poll::Ready(Some(ItemOrOutput::Output(output)))
    }
}

impl<T, O> FusedStream for WithOutput<T, O> {
    fn is_terminated(&self) -> bool {
        self.origin.is_none()
    }
}

impl<T, O> fmt::Debug for WithOutput<T, O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WithOutput")
            .field("ended", &self.origin.is_none())
            .finish_non_exhaustive()
    }
}
