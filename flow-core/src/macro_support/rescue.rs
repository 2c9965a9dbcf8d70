//! What a rescue is told of the cause of an error.

use std::sync::{Mutex, PoisonError};

use crate::failed::{CauseSpec, WithCause, WithoutCause};

/// Keeps of what a clause is run with, `P`, what the handler `H` wants to know if it fails.
pub trait CaptureCause<P, H>: CauseSpec {
    /// What is kept. It is shared by the branches of the clause, which run at the same time.
    type Kept;

    /// Before the clause runs.
    fn keep(value: &P) -> Self::Kept;

    /// When a handler of it has failed, which several may.
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
    /// A lock, for an event need not be `Sync`; nobody ever waits for it.
    type Kept = Mutex<P>;

    fn keep(value: &P) -> Mutex<P> {
        Mutex::new(value.copied())
    }

    fn tell(kept: &Mutex<P>) -> Cause {
        let kept = kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.copied().into_cause()
    }
}

/// What a clause is run with, which goes its way and is kept for the handler `H` as well.
#[diagnostic::on_unimplemented(
    message = "`{H}` takes the cause of an error, and `{Self}`, with which a clause is run that it rescues, is not `Clone`",
    label = "takes the cause, which is kept for it: add `#[derive(Clone)]`"
)]
pub trait CauseClone<H> {
    /// One more.
    #[must_use]
    fn copied(&self) -> Self;
}

#[diagnostic::do_not_recommend]
impl<P: Clone, H> CauseClone<H> for P {
    fn copied(&self) -> P {
        self.clone()
    }
}

/// What a clause is run with, as a cause that the handler `H` wants to know.
#[diagnostic::on_unimplemented(
    message = "`{H}` takes `{Cause}` as the cause, and a clause that it rescues is run with `{Self}`",
    label = "is not told of a `{Self}`",
    note = "implement `From<{Self}>` for `{Cause}`, or take a `Failed` without a cause"
)]
pub trait IntoCause<Cause, H> {
    /// Converts it.
    fn into_cause(self) -> Cause;
}

#[diagnostic::do_not_recommend]
impl<P: Into<Cause>, Cause, H> IntoCause<Cause, H> for P {
    fn into_cause(self) -> Cause {
        self.into()
    }
}
