//! The call of a handler in a durable flow.

use std::future::{pending, poll_fn};
use std::marker::PhantomData;
use std::task::Poll;

use crate::error::{FlowError, FlowErrorKind};
use crate::handler::{Cx, Handler};
use crate::macro_support::call;
use crate::macro_support::dispatch::unexpected;
use crate::macro_support::durable::arriving::ErrorOf;
use crate::macro_support::durable::path::Place;
use crate::macro_support::durable::returned::CallCodec;
use crate::macro_support::durable::stage::recorded_stage;
use crate::macro_support::durable::turns::turn;
use crate::macro_support::graph::Graph;
use crate::macro_support::limits::in_turn_of_execution;
use crate::macro_support::recorder::Recorder;

/// After so many polls of its clause in which no recorded call is come to, a call is a new one.
const ROUNDS: u32 = 16;

/// Calls the handler, unless the result of this call was recorded before a crash. `takes` tells of
/// each state of the flow whether the handler takes it. Its error arrives as it is if it is `KEPT`.
///
/// That the future is `Send` is a promise of its type. If a clause had to look into it, rustc would
/// forget the `'static` of a `dyn Error` in the type of a handler, and not find its impl.
pub fn recorded_call<H, const KEPT: bool, G, W, I>(
    worker: &W,
    place: Place,
    takes: &'static [bool],
    codec: CallCodec<H::Value, H::Error>,
    input: I,
) -> impl Future<Output = Result<H::Value, <H::Error as ErrorOf<KEPT>>::Type>> + Send
where
    H: Handler,
    H::Error: ErrorOf<KEPT>,
    G: Graph,
    W: Recorder<G>,
    I: Send + 'static,
{
    recorded::<H, KEPT, G, W, I>(worker, place, takes, codec, input)
}

async fn recorded<H, const KEPT: bool, G, W, I>(
    worker: &W,
    place: Place,
    takes: &'static [bool],
    codec: CallCodec<H::Value, H::Error>,
    input: I,
) -> Result<H::Value, <H::Error as ErrorOf<KEPT>>::Type>
where
    H: Handler,
    H::Error: ErrorOf<KEPT>,
    G: Graph,
    W: Recorder<G>,
    I: Send + 'static,
{
    let codec = codec.arriving::<KEPT>();
    let is_recorded = worker.is_recorded();
    if is_recorded && let Some(recorded) = worker.recorded(&place) {
        match codec.decode(&recorded) {
            Ok(result) => return result,
            Err(error) => fail(worker, FlowError::new(FlowErrorKind::NotRecorded, error)).await,
        }
    }
    // A stage has recorded calls of its own.
    let (space, was_recorded) = if const { H::DESC.graph.is_some() } {
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
    if const { H::DESC.graph.is_some() } {
        let stage = recorded_stage::<H, _, G, W, I>(worker, (&place, space), codec, input);
        return Box::pin(stage).await;
    }
    if is_recorded {
        worker.durable().await;
    }
    let turn = if takes.contains(&true) {
        turn(worker, takes).await
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
    let mut begun = Begun {
        worker,
        call: Some(worker.begin_call(&place, takes)),
        graph: PhantomData,
    };
    let Some(call) = &begun.call else {
        unexpected()
    };
    let future = call::call(input, Cx::<W::Call, H>::of(call));
    let result = if const { G::DESC.may_take_turns() } {
        in_turn_of_execution(&H::DESC, call, future).await
    } else {
        future.await
    };
    worker.is_over(call).await;
    let result = result.map_err(codec.settle());
    let encode = || codec.encode(&result);
    if let Some(call) = &mut begun.call {
        worker.end_call(call, &place, result.is_ok(), &encode, turn);
    }
    begun.over();
    result
}

/// A call that undoes what it has done if it is dropped.
struct Begun<'a, G: Graph, W: Recorder<G>> {
    worker: &'a W,
    /// `None` when it is over.
    call: Option<W::Call>,
    graph: PhantomData<fn() -> G>,
}

impl<G: Graph, W: Recorder<G>> Begun<'_, G, W> {
    fn over(mut self) {
        if let Some(call) = self.call.take() {
            self.worker.call_is_over(call);
        }
    }
}

impl<G: Graph, W: Recorder<G>> Drop for Begun<'_, G, W> {
    fn drop(&mut self) {
        if let Some(call) = self.call.take() {
            self.worker.abandon(call);
        }
    }
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
