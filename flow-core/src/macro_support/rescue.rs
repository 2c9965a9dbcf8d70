//! The cause of an error, for a rescue that takes it.

use std::sync::{Mutex, PoisonError};

use crate::failed::{CauseSpec, WithCause, WithoutCause};

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
