//! What a handler does through its context: put an item, emit an event, stop.

use crate::event::Event;
use crate::handler::context::Cx;
use crate::handler::router::Router;
use crate::handler::{Emits, Handler, IntoItem};

impl<R: Router, H: Handler> Cx<R, H> {
    /// Puts an item into the stream.
    ///
    /// Waits while the stream's buffer is full, that is, for a reader that is slower than the
    /// handler; where nobody reads, the item is dropped at once. Items of one handler arrive in
    /// the order in which it put them; what one put before another began arrives before.
    ///
    /// The buffer holds [`capacity`](crate::Flow::capacity) items of the handlers. Tasks that hold
    /// a clone put into one of the same size of their own, which is emptied into the first.
    ///
    /// ```
    /// # use flow_core::{Cx, flow, handler};
    /// #[handler]
    /// async fn greet(cx: &Cx) {
    ///     cx.put("hello, ").await;
    ///     cx.put(String::from("world")).await; // whatever converts into the item
    /// }
    /// # let items: Vec<_> = flow! { start -> greet }.blocking_iter(()).map(Result::unwrap).collect();
    /// # assert_eq!(items, ["hello, ", "world"]);
    /// ```
    ///
    /// # Cancel safety
    ///
    /// The item is in the stream once this has completed, and not before: dropping it while it
    /// waits drops the item.
    #[inline]
    #[doc(alias("backpressure", "token", "yield"))]
    pub fn put(&self, item: impl IntoItem<H::Item>) -> R::Put<'_, H::Item> {
        self.router().put(item.into_item())
    }

    /// Emits an event: every clause of the flow that names it gets it.
    ///
    /// It returns at once and does not wait for those who listen. They run beside this handler as
    /// soon as it suspends or ends. Events go out in the order in which they were emitted. They are
    /// queued without a limit, so that a loop never blocks on itself; a handler that emits many at
    /// a time should `await` something in between.
    ///
    /// ```
    /// # use flow_core::{Cx, Event, flow, handler};
    /// # #[derive(Event)]
    /// # struct Ready(u8);
    /// #[handler(emits = "Ready")]
    /// async fn prepare(cx: &Cx) {
    ///     cx.emit(Ready(1));
    ///     cx.put("prepared").await;
    /// }
    ///
    /// #[handler(on = "Ready")]
    /// async fn go(Ready(n): Ready, cx: &Cx) {
    ///     cx.put(format!("go {n}")).await;
    /// }
    /// # let flow = flow! { start -> prepare; when Ready -> go };
    /// # let items: Vec<_> = flow.blocking_iter(()).map(Result::unwrap).collect();
    /// # assert_eq!(items, ["prepared", "go 1"]);
    /// ```
    ///
    /// What `emits` does not name, the body cannot emit:
    ///
    /// ```compile_fail,E0277
    /// # use flow_core::{Cx, Event, handler};
    /// # #[derive(Event)]
    /// # struct Ready(u8);
    /// #[handler]
    /// async fn prepare(cx: &Cx) {
    ///     cx.emit(Ready(1));
    ///     // error: `prepare` emits `Ready` without declaring it: add it to `#[handler(emits = …)]`
    /// }
    /// ```
    #[inline]
    #[doc(alias("dispatch", "publish", "send"))]
    pub fn emit<E: Event>(&self, event: E)
    where
        H: Emits<E>,
    {
        self.router().emit(event);
    }

    /// Ends the execution: its handlers, this one too, are dropped where they next suspend, waiting
    /// events are discarded, and the stream ends after the items already put.
    ///
    /// ```
    /// # use flow_core::{Cx, flow, handler};
    /// #[handler]
    /// async fn last(cx: &Cx) {
    ///     cx.put("the end").await;
    ///     cx.stop();
    ///     std::future::pending().await
    /// }
    /// # assert_eq!(flow! { start -> last }.blocking_iter(()).count(), 1);
    /// ```
    #[doc(alias("abort", "exit", "shutdown"))]
    pub fn stop(&self) {
        self.router().stop();
    }
}
