//! The call of a handler in a durable flow.

use std::future::{Future, pending, poll_fn};
use std::marker::PhantomData;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use pin_project::pin_project;

use crate::error::{FlowError, FlowErrorKind};
use crate::handler::{Cx, Handler};
use crate::macro_support::call;
use crate::macro_support::durable::arriving::ErrorOf;
use crate::macro_support::durable::path::{CallPath, Place};
use crate::macro_support::durable::returned::CallCodec;
use crate::macro_support::durable::stage::recorded_stage;
use crate::macro_support::durable::turns::turn;
use crate::macro_support::graph::Graph;
use crate::macro_support::recorder::Recorder;

/// After so many polls of its clause in which no recorded call is come to, a call is a new one.
const ROUNDS: u32 = 16;

/// A call in the text of a durable flow.
#[derive(Debug)]
pub struct CallSite<V, E> {
    /// Its name in the clause.
    name: &'static str,
    /// Tells of each state of the flow whether the handler takes it.
    takes: &'static [bool],
    /// Whether it takes any.
    takes_any: bool,
    codec: CallCodec<V, E>,
}

impl<V, E> CallSite<V, E> {
    #[must_use]
    pub const fn new(name: &'static str, takes: &'static [bool], codec: CallCodec<V, E>) -> Self {
        let mut takes_any = false;
        let mut states = takes;
        while let [first, rest @ ..] = states {
            takes_any |= *first;
            states = rest;
        }
        Self {
            name,
            takes,
            takes_any,
            codec,
        }
    }

    /// Whether a call of the handler `H` has to [`begin`]: one that is recorded, takes states, or
    /// is a flow.
    #[inline]
    pub fn begins<H: Handler, G>(&self, worker: &impl Recorder<G>) -> bool {
        worker.is_recorded() || self.takes_any || const { is_stage::<H>() }
    }
}

/// Calls the handler, unless the result of this call was recorded before a crash. Its error arrives
/// as it is if it is `KEPT`.
///
/// The expansion of an arm of the loop does the same by itself, because a future around the call
/// would cost half as much as an event. There, the calls also share a router.
///
/// That the future is `Send` is a promise of its type. If a clause had to look into it, rustc would
/// forget the `'static` of a `dyn Error` in the type of a handler, and not find its impl.
#[allow(clippy::manual_async_fn, reason = "see above")]
pub fn recorded_call<H, const KEPT: bool, G, W, I>(
    worker: &W,
    path: impl Into<CallPath> + Copy + Send,
    site: &'static CallSite<H::Value, H::Error>,
    input: I,
) -> impl Future<Output = Result<H::Value, <H::Error as ErrorOf<KEPT>>::Type>> + Send
where
    H: Handler,
    H::Error: ErrorOf<KEPT>,
    G: Graph,
    W: Recorder<G>,
    I: Send + 'static,
{
    async move {
        let mut calls = worker.calls();
        let mut input = input;
        if site.begins::<H, G>(worker) {
            let begun = begin::<H, KEPT, G, W, I>(worker, &mut calls, path, site, input);
            match begun.await {
                Begun::Call(arrived) => input = arrived,
                Begun::Returned(result) => return result,
            }
        }
        let result = run::<H, G, W, I>(worker, &calls, input).await;
        end::<H, KEPT, G, W>(worker, &mut calls, path, site, result)
    }
}

/// Runs the function of a call that has begun, or does not have to.
#[inline]
pub fn run<'a, H: Handler, G: Graph, W: Recorder<G>, I: Send + 'static>(
    worker: &'a W,
    call: &'a W::Call,
    input: I,
) -> impl Future<Output = Result<H::Value, H::Error>> + Send {
    Polled::<G, W, _, _>::of(worker, call, call::call(input, Cx::<W::Call, H>::of(call)))
}

/// As [`run`], in a flow whose execution may limit how many attempts run at the same time.
#[inline]
pub fn run_in_turn<'a, H: Handler, G: Graph, W: Recorder<G>, I: Send + 'static>(
    worker: &'a W,
    call: &'a W::Call,
    input: I,
) -> impl Future<Output = Result<H::Value, H::Error>> + Send {
    let future = call::call_in_turn(input, Cx::<W::Call, H>::of(call));
    Polled::<G, W, _, _>::of(worker, call, future)
}

/// Ends a call with what its function has returned, which arrives as this returns it.
#[inline]
pub fn end<H, const KEPT: bool, G, W>(
    worker: &W,
    call: &mut W::Call,
    path: impl Into<CallPath>,
    site: &CallSite<H::Value, H::Error>,
    result: Result<H::Value, H::Error>,
) -> Result<H::Value, <H::Error as ErrorOf<KEPT>>::Type>
where
    H: Handler,
    H::Error: ErrorOf<KEPT>,
    G: Graph,
    W: Recorder<G>,
{
    let result = match result {
        Ok(value) => Ok(value),
        Err(error) => Err((site.codec.arriving::<KEPT>().settle())(error)),
    };
    if worker.is_shared(call) {
        let place = Place::new(path, site.name);
        let encode = || site.codec.arriving::<KEPT>().encode(&result);
        worker.end_call(call, result.is_ok(), (&place, &encode));
    }
    result
}

/// The function of a call, until no clone of its context lives.
#[pin_project]
struct Polled<'a, G, W: Recorder<G>, F, T> {
    worker: &'a W,
    call: &'a W::Call,
    /// `None` when it has returned.
    #[pin]
    future: Option<F>,
    returned: Option<T>,
    graph: PhantomData<fn() -> G>,
}

impl<'a, G, W, F, T> Polled<'a, G, W, F, T>
where
    W: Recorder<G>,
{
    #[inline]
    fn of(worker: &'a W, call: &'a W::Call, future: F) -> Self
    where
        F: Future<Output = T>,
    {
        Self {
            worker,
            call,
            future: Some(future),
            returned: None,
            graph: PhantomData,
        }
    }
}

impl<G, W, F, V, E> Future for Polled<'_, G, W, F, Result<V, E>>
where
    W: Recorder<G>,
    F: Future<Output = Result<V, E>>,
{
    type Output = F::Output;

    #[inline]
    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<F::Output> {
        let mut this = self.project();
        if let Some(future) = this.future.as_mut().as_pin_mut() {
            let (result, is_over) = ready!(this.worker.poll_call(this.call, || future.poll(cx)));
            if is_over {
                return Poll::Ready(result);
            }
            this.future.set(None);
            *this.returned = Some(result);
        }
        ready!(this.worker.poll_over(this.call, cx));
        this.returned.take().map_or(Poll::Pending, Poll::Ready)
    }
}

const fn is_stage<H: Handler>() -> bool {
    H::DESC.graph.is_some()
}

/// What the clause finds where it comes to a call that is recorded, takes states, or is a stage.
#[derive(Debug)]
pub enum Begun<I, T> {
    /// It is to be made now, with this.
    Call(I),
    /// It was made before a crash, or the stage has been run.
    Returned(T),
}

/// Looks for what was recorded of the call. If that is nothing, begins it when all is durable that
/// the clause has done before, and the call has the turn of its states.
pub fn begin<H, const KEPT: bool, G, W, I>(
    worker: &W,
    call: &mut W::Call,
    path: impl Into<CallPath>,
    site: &'static CallSite<H::Value, H::Error>,
    input: I,
) -> impl Future<Output = Begun<I, Result<H::Value, <H::Error as ErrorOf<KEPT>>::Type>>> + Send
where
    H: Handler,
    H::Error: ErrorOf<KEPT>,
    G: Graph,
    W: Recorder<G>,
    I: Send + 'static,
{
    begin_at::<H, KEPT, G, W, I>(worker, call, Place::new(path, site.name), site, input)
}

async fn begin_at<H, const KEPT: bool, G, W, I>(
    worker: &W,
    call: &mut W::Call,
    place: Place,
    site: &'static CallSite<H::Value, H::Error>,
    input: I,
) -> Begun<I, Result<H::Value, <H::Error as ErrorOf<KEPT>>::Type>>
where
    H: Handler,
    H::Error: ErrorOf<KEPT>,
    G: Graph,
    W: Recorder<G>,
    I: Send + 'static,
{
    let codec = site.codec.arriving::<KEPT>();
    let is_recorded = worker.is_recorded();
    if is_recorded && let Some(recorded) = worker.recorded(&place) {
        match codec.decode(&recorded) {
            Ok(result) => return Begun::Returned(result),
            Err(error) => fail(worker, FlowError::new(FlowErrorKind::NotRecorded, error)).await,
        }
    }
    // A stage has recorded calls of its own.
    let (space, was_recorded) = if const { is_stage::<H>() } {
        worker.enter_stage(&place).unzip()
    } else {
        (None, None)
    };
    // Other branches may be about to come to their recorded calls.
    let mut left = if is_recorded { worker.diverges() } else { None };
    let mut rounds = 0;
    while let Some(call) = left.as_ref().filter(|_| was_recorded != Some(true)) {
        if rounds == ROUNDS {
            fail::<_, ()>(worker, diverged(call, &format!("`{}`", place.name()))).await;
        }
        yield_once().await;
        let now = worker.diverges();
        rounds = if now == left { rounds + 1 } else { 0 };
        left = now;
    }
    if is_recorded {
        worker.durable().await;
    }
    if const { is_stage::<H>() } {
        let stage = recorded_stage::<H, _, G, W, I>(worker, (place, space), codec, input);
        return Begun::Returned(Box::pin(stage).await);
    }
    let turn = if site.takes_any {
        turn(worker, site.takes).await
    } else {
        None
    };
    if is_recorded {
        worker.may_begin().await;
    }
    if is_recorded && worker.closes() {
        // It is made when the execution is loaded again.
        return pending().await;
    }
    worker.begin_shared(call, &place, site.takes, turn);
    Begun::Call(input)
}

/// The clause comes to `comes_to`, and not to the call with this key.
pub(crate) fn diverged(call: &str, comes_to: &str) -> FlowError {
    let called = call.rsplit('/').next().unwrap_or(call);
    let why = format!("`{called}` was called before, and now its clause comes to {comes_to} first");
    FlowError::new(FlowErrorKind::Diverged, why)
}

/// The clause cannot be gone through again.
pub(super) async fn fail<G, T>(worker: &impl Recorder<G>, error: FlowError) -> T {
    worker.fail_to_replay(error);
    pending().await
}

async fn yield_once() {
    let mut yielded = false;
    poll_fn(|cx| {
        if std::mem::replace(&mut yielded, true) {
            return Poll::Ready(());
        }
        cx.waker().wake_by_ref();
        Poll::Pending
    })
    .await;
}
