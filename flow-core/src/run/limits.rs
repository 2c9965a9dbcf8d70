//! The limits of handlers and questions, and the periods of `every`, set at run time.

use std::any::TypeId;
use std::time::Duration;

use crate::event::Event;
use crate::graph::check::{begins_no_every, check, uncalled};
use crate::handler::Handler;
use crate::macro_support::bounds::AsksQuestion;
use crate::macro_support::graph::Graph;
use crate::macro_support::replaceable::{
    HasConcurrency, HasFinally, HasRetry, HasTimeout, HasTotalConcurrency,
};
use crate::run::flow::Flow;

impl<G: Graph, Given> Flow<G, Given> {
    /// Sets the time limit of an attempt of the handler `H`, in place of the `timeout` in its
    /// attribute.
    ///
    /// Use it, and the other methods that end in `_of`, for limits from a configuration. They apply
    /// wherever the flow calls the handler, also in named flows that are its stages. A handler that
    /// has no such limit in its attribute, or that the flow does not call, does not compile.
    ///
    /// [`Flow::graph`] describes the limits in the source. Limits that are set at run time are not
    /// compared with those of the flow.
    ///
    /// # Panics
    ///
    /// If `after` is zero.
    ///
    /// ```
    /// use flow_core::{FlowErrorKind, flow, handler};
    /// use std::time::Duration;
    ///
    /// #[handler(timeout = "30s")]
    /// async fn fetch() {
    ///     std::future::pending().await
    /// }
    ///
    /// # #[tokio::main(flavor = "current_thread", start_paused = true)]
    /// # async fn main() {
    /// let flow = flow! { start -> fetch }.timeout_of::<fetch>(Duration::from_secs(2));
    /// let error = flow.run(()).await.unwrap_err();
    /// assert_eq!(error.kind(), FlowErrorKind::TimedOut);
    /// assert_eq!(error.to_string(), "handler `fetch` timed out on start after 2s");
    /// # }
    /// ```
    ///
    /// A limit that the attribute does not have:
    ///
    /// ```compile_fail,E0277
    /// # use flow_core::{flow, handler};
    /// # use std::time::Duration;
    /// #[handler]
    /// async fn fetch() {}
    ///
    /// let flow = flow! { start -> fetch }.timeout_of::<fetch>(Duration::from_secs(2));
    /// // error: `fetch` has no `timeout` to replace: add one to its `#[handler]`
    /// ```
    ///
    /// A handler that the flow does not call:
    ///
    /// ```compile_fail,E0080
    /// # use flow_core::{flow, handler};
    /// # use std::time::Duration;
    /// # #[handler(timeout = "30s")]
    /// # async fn fetch() {}
    /// # #[handler(timeout = "30s")]
    /// # async fn other() {}
    /// let flow = flow! { start -> fetch }.timeout_of::<other>(Duration::from_secs(2));
    /// // error: no clause of this flow calls `other`: name a handler that one does
    /// ```
    #[doc(alias("configuration", "override"))]
    #[track_caller]
    pub fn timeout_of<H: Handler + HasTimeout>(mut self, after: Duration) -> Self {
        const {
            check(uncalled(G::DESC, &H::DESC));
        }
        assert!(
            !after.is_zero(),
            "a `timeout` of zero would end each attempt before it begins: pass a longer one"
        );
        self.overrides_mut()
            .set_handler(TypeId::of::<H>(), |limits| limits.timeout = Some(after));
        self
    }

    /// Sets the number of attempts of the handler `H`, in place of that in its `retry`; 1 turns
    /// retries off.
    ///
    /// See [`timeout_of`](Self::timeout_of).
    ///
    /// # Panics
    ///
    /// If `attempts` is zero.
    ///
    /// ```
    /// # use flow_core::{Result, flow, handler};
    /// #[handler(retry(attempts = 3))]
    /// async fn fetch() -> Result<()> {
    ///     # Ok(())
    ///     // …
    /// }
    ///
    /// let flow = flow! { start -> fetch }.attempts_of::<fetch>(1);
    /// ```
    #[track_caller]
    pub fn attempts_of<H: Handler + HasRetry>(mut self, attempts: u32) -> Self {
        const {
            check(uncalled(G::DESC, &H::DESC));
        }
        assert!(
            attempts > 0,
            "a handler with 0 attempts would never be called: pass at least 1"
        );
        self.overrides_mut()
            .set_handler(TypeId::of::<H>(), |limits| limits.attempts = Some(attempts));
        self
    }

    /// Sets the delay before the second attempt of the handler `H`, in place of the `backoff` in
    /// its `retry`.
    ///
    /// Each further delay is twice as long, up to the `max` in the attribute, or `first` if that is
    /// longer. See [`timeout_of`](Self::timeout_of).
    ///
    /// ```
    /// # use flow_core::{Result, flow, handler};
    /// # use std::time::Duration;
    /// # #[handler(retry(attempts = 3))]
    /// # async fn fetch() -> Result<()> { Ok(()) }
    /// let flow = flow! { start -> fetch }.backoff_of::<fetch>(Duration::from_millis(5));
    /// ```
    pub fn backoff_of<H: Handler + HasRetry>(mut self, first: Duration) -> Self {
        const {
            check(uncalled(G::DESC, &H::DESC));
        }
        self.overrides_mut()
            .set_handler(TypeId::of::<H>(), |limits| limits.backoff = Some(first));
        self
    }

    /// Sets how many calls of the handler `H` run at the same time, in place of the `concurrency`
    /// in its attribute.
    ///
    /// See [`timeout_of`](Self::timeout_of).
    ///
    /// # Panics
    ///
    /// If `calls` is zero.
    ///
    /// ```
    /// # use flow_core::{flow, handler};
    /// #[handler(concurrency = 4)]
    /// async fn fetch() {
    ///     // …
    /// }
    ///
    /// let flow = flow! { start -> fetch }.concurrency_of::<fetch>(16);
    /// ```
    ///
    /// A limit that all flows share is not that of one flow:
    ///
    /// ```compile_fail,E0277
    /// # use flow_core::{flow, handler};
    /// #[handler(concurrency(4, shared))]
    /// async fn fetch() {}
    ///
    /// let flow = flow! { start -> fetch }.concurrency_of::<fetch>(16);
    /// // error: `fetch` has no `concurrency` of its own to replace: add one to its `#[handler]`, …
    /// ```
    #[track_caller]
    pub fn concurrency_of<H: Handler + HasConcurrency>(mut self, calls: usize) -> Self {
        const {
            check(uncalled(G::DESC, &H::DESC));
        }
        assert!(
            calls > 0,
            "a handler with a `concurrency` of 0 would never be called: pass at least 1"
        );
        self.overrides_mut()
            .set_handler(TypeId::of::<H>(), |limits| limits.concurrency = Some(calls));
        self
    }

    /// Sets the period of the `every` clauses that begin with the handler `H`, and of the reminders
    /// `ask E every "1h" H`, in place of the one that is written there.
    ///
    /// It also applies in named flows that are stages of this flow. See
    /// [`timeout_of`](Self::timeout_of).
    ///
    /// # Panics
    ///
    /// If `period` is zero.
    ///
    /// ```
    /// # use flow_core::{flow, handler};
    /// # use std::time::Duration;
    /// # #[handler]
    /// # async fn begin() {}
    /// #[handler]
    /// async fn poll() {
    ///     // …
    /// }
    ///
    /// let flow = flow! { start -> begin; every "30s" -> poll };
    /// let flow = flow.every_of::<poll>(Duration::from_secs(5));
    /// # let _ = flow;
    /// ```
    ///
    /// A handler that no `every` begins with:
    ///
    /// ```compile_fail,E0080
    /// # use flow_core::{flow, handler};
    /// # use std::time::Duration;
    /// # #[handler]
    /// # async fn begin() {}
    /// # #[handler]
    /// # async fn poll() {}
    /// let flow = flow! { start -> begin; every "30s" -> poll };
    /// let flow = flow.every_of::<begin>(Duration::from_secs(5));
    /// // error: no `every` of this flow begins with `begin`: name the first handler of one
    /// ```
    #[doc(alias("interval", "timer"))]
    #[track_caller]
    pub fn every_of<H: Handler>(mut self, period: Duration) -> Self {
        const {
            check(begins_no_every(G::DESC, &H::DESC));
        }
        assert!(
            !period.is_zero(),
            "an `every` with a period of zero would never rest: pass a longer one"
        );
        self.overrides_mut()
            .set_handler(TypeId::of::<H>(), |limits| limits.every = Some(period));
        self
    }

    /// Sets how long the `finally` of the flow may take, in place of the duration in its clause.
    ///
    /// Named flows that are its stages have a `finally` of their own, to which this does not apply. A
    /// flow without a `finally` does not compile.
    ///
    /// # Panics
    ///
    /// If `within` is zero.
    ///
    /// ```
    /// # use flow_core::{FlowErrorKind, flow, handler};
    /// # use std::time::Duration;
    /// # #[handler]
    /// # async fn work() {}
    /// #[handler]
    /// async fn settle() {
    ///     std::future::pending().await
    /// }
    ///
    /// # #[tokio::main(flavor = "current_thread", start_paused = true)]
    /// # async fn main() {
    /// let flow = flow! { start -> work; finally within "30s" -> settle };
    /// let error = flow.finally_within(Duration::from_secs(2)).run(()).await.unwrap_err();
    /// assert_eq!(error.to_string(), "`finally` took longer than 2s: `settle` was running");
    /// # }
    /// ```
    ///
    /// ```compile_fail,E0277
    /// # use flow_core::{flow, handler};
    /// # use std::time::Duration;
    /// # #[handler]
    /// # async fn work() {}
    /// let flow = flow! { start -> work }.finally_within(Duration::from_secs(2));
    /// // error: this flow has no `finally` to limit: add `finally within "30s" -> handler` to it
    /// ```
    #[doc(alias("cleanup", "grace period"))]
    #[track_caller]
    pub fn finally_within(mut self, within: Duration) -> Self
    where
        G: HasFinally,
    {
        assert!(
            !within.is_zero(),
            "a `finally` that may take no time would never run to its end: pass a longer duration"
        );
        self.overrides_mut().set_finally(TypeId::of::<G>(), within);
        self
    }

    /// Sets how many attempts of all handlers run at the same time in an execution, in place of the
    /// `concurrency` in the clause of the flow.
    ///
    /// It includes the handlers in named flows that are stages of this flow. One that has the clause
    /// itself keeps that limit in addition. A flow without the clause does not compile.
    ///
    /// # Panics
    ///
    /// If `attempts` is zero.
    ///
    /// ```
    /// # use flow_core::{flow, handler};
    /// # #[handler]
    /// # async fn list() -> Vec<u32> { vec![1, 2, 3] }
    /// # #[handler]
    /// # async fn fetch(_n: u32) {}
    /// let flow = flow! { concurrency 8; start -> list -> each fetch -> ignore };
    /// let flow = flow.concurrency(2);
    /// # let _ = flow;
    /// ```
    ///
    /// ```compile_fail,E0277
    /// # use flow_core::{flow, handler};
    /// # #[handler]
    /// # async fn work() {}
    /// let flow = flow! { start -> work }.concurrency(2);
    /// // error: this flow has no `concurrency` to replace: add `concurrency 8;` to it
    /// ```
    #[doc(alias("parallelism", "semaphore", "max_concurrency"))]
    #[track_caller]
    pub fn concurrency(mut self, attempts: usize) -> Self
    where
        G: HasTotalConcurrency,
    {
        assert!(
            attempts > 0,
            "an execution with a `concurrency` of 0 would call no handler: pass at least 1"
        );
        self.overrides_mut()
            .set_concurrency(TypeId::of::<G>(), attempts);
        self
    }

    /// Sets how long the question `Q` can be answered, in place of the `within` of its `ask`
    /// clause, if it has one.
    ///
    /// It also applies to the question in named flows that are stages of this flow. See
    /// [`timeout_of`](Self::timeout_of).
    ///
    /// # Panics
    ///
    /// If `within` is zero.
    ///
    /// ```
    /// # use flow_core::{Asked, Cx, Event, flow, handler};
    /// # use std::time::Duration;
    /// # #[derive(Clone, Event)]
    /// # #[event(answer = bool)]
    /// # struct Review;
    /// # #[handler(emits = Review)]
    /// # async fn write(cx: &Cx) { cx.emit(Review); }
    /// let flow = flow! {
    ///     streams Asked<Review>;
    ///     start -> write;
    ///     ask Review within "72h" -> ignore
    /// };
    /// let flow = flow.within_of::<Review>(Duration::from_secs(60));
    /// # let _ = flow;
    /// ```
    #[track_caller]
    pub fn within_of<Q: Event>(mut self, within: Duration) -> Self
    where
        G: AsksQuestion<Q>,
    {
        assert!(
            !within.is_zero(),
            "a question that can be answered for no time would never be: pass a longer one"
        );
        self.overrides_mut().set_question(TypeId::of::<Q>(), within);
        self
    }
}
