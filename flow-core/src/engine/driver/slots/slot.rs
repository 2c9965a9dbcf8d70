//! One slot: the loop in it, and what is known of its handler between polls.
#![allow(unsafe_code, reason = "the loops borrow the engine; see `borrow`")]

use std::future::Future;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::task::{Context, Waker};

use crate::engine::core::Core;
use crate::engine::driver::borrow::{PinnedEngine, Work};
use crate::engine::inside::Inside;
use crate::engine::inside::position::{Position, Run};
use crate::engine::inside::times::is_tick;
use crate::engine::observe::trace::StoredSpan;
use crate::error::{FlowError, panic_message};
use crate::macro_support::drop::drop_payload;
use crate::macro_support::graph::Graph;

/// The state of a slot after a poll.
#[derive(Default)]
pub(super) struct Suspended {
    /// A handler is suspended.
    pub(super) busy: bool,
    /// The parts of its [`Position`], which fill the gap after the flag: a driver is moved.
    pub(super) clause: u16,
    pub(super) handler: u32,
    pub(super) run: Run,
    pub(super) span: StoredSpan,
}

impl Suspended {
    pub(super) fn position(&self) -> Position {
        Position::from_parts(self.clause, self.handler)
    }
}

/// Makes a loop for a slot of the driver that `engine` belongs to.
pub(super) fn begin<G: Graph, W: Work<G>>(work: &W, engine: Pin<&PinnedEngine<G>>) -> W::Loop {
    // SAFETY: the loop becomes part of the slots of the driver that this engine is part of, and
    // never leaves them. `Slots::finish` drops it, which the driver calls before its fields are
    // dropped, and `slots` comes before `engine` among those.
    work.begin(unsafe { engine.extend_lifetime() })
}

/// Notes which slot is polled, for the executions of stages that wait.
#[inline]
#[allow(
    clippy::cast_possible_truncation,
    reason = "no execution has so many handlers at a time"
)]
pub(super) fn note_slot<G: Graph>(inside: &Inside<G>, slot: usize) {
    if const { G::DESC.stages_wait() || G::DESC.durable } {
        inside.set_slot(slot as u32);
    }
}

/// Polls the loop of a slot until its handler is suspended or it finds nothing to do.
pub(super) fn poll_slot<G: Graph>(
    work: Pin<&mut impl Future<Output = ()>>,
    waker: &Waker,
    suspended: &mut Suspended,
    core: &Core<G>,
    inside: &Inside<G>,
) {
    inside.idle.set(false);
    inside.position.set(suspended.position());
    inside.run.set(suspended.run);
    inside.spend();
    // The loop never returns. A loop that panicked is never polled again, because the panic ends
    // the execution. So a broken invariant of its handler is visible only through values that the
    // handler shares, as with a thread.
    let span = &mut suspended.span;
    let polled = catch_unwind(AssertUnwindSafe(|| {
        let _entered = inside.span.enter(span);
        work.poll(&mut Context::from_waker(waker))
    }));
    if let Err(payload) = polled {
        suspended.span.fail(&panic_message(&*payload));
        core.fail(|at| {
            let error = FlowError::panicked(at, &*payload);
            // A rescue may have panicked before, and this is the `finally`.
            match inside.panicked_rescue().filter(|_| at.rescue) {
                Some(taken) => error.in_rescue_of(taken),
                None => error,
            }
        });
        drop_payload(payload);
    }
    let position = inside.position.get();
    if suspended.position() != position {
        let (before, was_busy) = (suspended.clause, suspended.busy);
        (suspended.clause, suspended.handler) = position.parts();
        // The clause may have reached another stage, or its end. A tick is no activity.
        let is_activity = |clause: u16| !is_tick::<G>(usize::from(clause));
        if is_activity(suspended.clause) || (was_busy && is_activity(before)) {
            inside.buffer.borrow_mut().note_activity(1);
        }
    }
    suspended.run = inside.run.get();
    suspended.busy = !inside.idle.get();
}
