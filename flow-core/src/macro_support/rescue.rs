//! The cause of an error, for a rescue that takes it.

use std::any::Any;
use std::fmt;
use std::marker::PhantomData;
use std::sync::{Mutex, PoisonError};
use std::thread;

use crate::error::{BoxError, FlowError, HandlerError, NotAnswered, TimedOut};
use crate::failed::{CauseSpec, Failed, WithCause, WithoutCause};
use crate::macro_support::graph::{Graph, Worker};

/// Captures the cause that the handler `H` takes, out of the value that a clause runs with, `P`. A
/// [`WithoutCause`] captures nothing.
pub trait CaptureCause<P, H>: CauseSpec {
    /// The captured value. The branches of the clause, which run concurrently, share it.
    type Kept;

    /// Called before the clause runs.
    fn keep(value: &P) -> Self::Kept;

    /// Called for each handler of the clause that fails.
    fn tell(kept: &Self::Kept) -> Self::Cause;
}

impl<P, H> CaptureCause<P, H> for WithoutCause {
    type Kept = ();

    #[inline]
    fn keep(_value: &P) {}

    #[inline]
    fn tell((): &()) {}
}

impl<P: CauseClone<H> + IntoCause<Cause, H>, Cause, H> CaptureCause<P, H> for WithCause<Cause> {
    /// Locked because an event need not be `Sync`; the lock is never contended.
    type Kept = Mutex<P>;

    fn keep(value: &P) -> Mutex<P> {
        Mutex::new(value.copied())
    }

    fn tell(kept: &Mutex<P>) -> Cause {
        let kept = kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.copied().into_cause()
    }
}

/// The cause for the handler `H` that stands in for a stage, out of the value that arrives there,
/// `P`. It is made before the stage runs. A [`WithoutCause`] clones nothing.
pub trait StageCause<P, H>: CauseSpec {
    fn keep(value: &P) -> Self::Cause;
}

impl<P, H> StageCause<P, H> for WithoutCause {
    #[inline]
    fn keep(_value: &P) {}
}

impl<P: CauseClone<H> + IntoStageCause<Cause, H>, Cause, H> StageCause<P, H> for WithCause<Cause> {
    fn keep(value: &P) -> Cause {
        value.copied().into_stage_cause()
    }
}

/// The cause for a closure that stands in for a stage, as [`StageCause`].
pub fn closure_cause<P: CauseCloneHere + IntoCauseHere<Cause>, Cause>(value: &P) -> Cause {
    value.copied().into_cause()
}

/// Does the value that arrives at a stage convert into the cause that a closure takes?
#[diagnostic::on_unimplemented(
    message = "this closure takes `{Cause}` as the cause, but `{Self}` arrives at the stage before this `else`: take `{Self}`, or a `Failed` without a cause",
    label = "expected a cause that is `From<{Self}>`"
)]
pub trait IntoCauseHere<Cause> {
    fn into_cause(self) -> Cause;
}

#[diagnostic::do_not_recommend]
impl<P: Into<Cause>, Cause> IntoCauseHere<Cause> for P {
    fn into_cause(self) -> Cause {
        self.into()
    }
}

/// Can the value be kept for a closure, too?
#[diagnostic::on_unimplemented(
    message = "`{Self}` must be `Clone` because this closure takes it as the cause of an error: add `#[derive(Clone)]`",
    label = "takes its own copy of the cause"
)]
pub trait CauseCloneHere {
    #[must_use]
    fn copied(&self) -> Self;
}

#[diagnostic::do_not_recommend]
impl<P: Clone> CauseCloneHere for P {
    fn copied(&self) -> P {
        self.clone()
    }
}

/// Does the value that arrives at a stage convert into the cause that the handler `H` takes?
#[diagnostic::on_unimplemented(
    message = "`{H}` takes `{Cause}` as the cause, but `{Self}` arrives at the stage before this `else`: take `{Self}`, or a `Failed` without a cause",
    label = "expected a cause that is `From<{Self}>`"
)]
pub trait IntoStageCause<Cause, H> {
    fn into_stage_cause(self) -> Cause;
}

#[diagnostic::do_not_recommend]
impl<P: Into<Cause>, Cause, H> IntoStageCause<Cause, H> for P {
    fn into_stage_cause(self) -> Cause {
        self.into()
    }
}

/// Can the value that a clause runs with be kept for the handler `H`, too?
#[diagnostic::on_unimplemented(
    message = "`{Self}` must be `Clone` because `{H}` takes it as the cause of an error: add `#[derive(Clone)]`",
    label = "takes its own copy of the cause"
)]
pub trait CauseClone<H> {
    #[must_use]
    fn copied(&self) -> Self;
}

#[diagnostic::do_not_recommend]
impl<P: Clone, H> CauseClone<H> for P {
    fn copied(&self) -> P {
        self.clone()
    }
}

/// Does the value that a clause runs with convert into the cause that the handler `H` takes?
#[diagnostic::on_unimplemented(
    message = "`{H}` takes `{Cause}` as the cause, but rescues a clause that runs with `{Self}`: implement `From<{Self}>` for `{Cause}`, or take a `Failed` without a cause",
    label = "expected a cause that is `From<{Self}>`"
)]
pub trait IntoCause<Cause, H> {
    fn into_cause(self) -> Cause;
}

#[diagnostic::do_not_recommend]
impl<P: Into<Cause>, Cause, H> IntoCause<Cause, H> for P {
    fn into_cause(self) -> Cause {
        self.into()
    }
}

/// The error that a rescue or a stand-in has taken, to be told together with an error or a panic in
/// the rescue.
pub struct TakenError<'a, G: Graph, W: Worker<G>> {
    worker: &'a W,
    error: FlowError,
    /// The clause has taken it, and not a stand-in. Only then is it known that a panic is a
    /// consequence: beside a stand-in, another branch may have panicked.
    by_clause: bool,
    graph: PhantomData<fn() -> G>,
}

impl<'a, G: Graph, W: Worker<G>> TakenError<'a, G, W> {
    /// Called before the rescue runs, which gets the error itself.
    pub fn new<E: HandlerError + 'static, Cause>(worker: &'a W, failed: &Failed<E, Cause>) -> Self {
        let error = match failed.question() {
            Some(question) => question.into(),
            None => copied(&failed.error),
        };
        Self::of(worker, FlowError::failed(failed.at(), error))
    }

    /// Called before a stand-in runs.
    pub fn by_stand_in<E: HandlerError + 'static, Cause>(
        worker: &'a W,
        failed: &Failed<E, Cause>,
    ) -> Self {
        let mut taken = Self::new(worker, failed);
        taken.by_clause = false;
        taken
    }

    /// That of the first part, in the rest of a clause.
    pub fn of(worker: &'a W, error: FlowError) -> Self {
        Self {
            worker,
            error,
            by_clause: true,
            graph: PhantomData,
        }
    }

    #[must_use]
    pub fn error(&self) -> FlowError {
        self.error.clone()
    }

    /// Fails the execution with the error of the current handler.
    pub fn fail(&self, error: BoxError) {
        self.worker.fail_in_rescue(error, &self.error);
    }
}

impl<G: Graph, W: Worker<G>> Drop for TakenError<'_, G, W> {
    fn drop(&mut self) {
        if self.by_clause && thread::panicking() {
            self.worker.rescue_panics(&self.error);
        }
    }
}

impl<G: Graph, W: Worker<G>> fmt::Debug for TakenError<'_, G, W> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("TakenError").field(&self.error).finish()
    }
}

/// A copy of the error: a text, unless its type decides the kind of a [`FlowError`].
fn copied<E: HandlerError + 'static>(error: &E) -> BoxError {
    let any = error as &dyn Any;
    let boxed = any.downcast_ref::<BoxError>();
    let timed_out = any
        .downcast_ref::<TimedOut>()
        .or_else(|| boxed?.downcast_ref());
    let question = boxed.and_then(|boxed| boxed.downcast_ref::<NotAnswered>());
    match (timed_out, question) {
        (Some(timed_out), _) => Box::new(*timed_out),
        (None, Some(question)) => Box::new(*question),
        // With the sources, if it is the error of a flow.
        (None, None) => format!("{:#}", error.as_display()).into(),
    }
}
