//! What a slot does next: it takes an activation from the queue, or the rest of a clause.
//!
//! There are three such loops, so that an event pays only for what its execution needs: nothing more,
//! records of what it does, or limits and observers as well.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

use crate::engine::core::Core;
use crate::macro_support::graph::Graph;

/// Waits for the next activation.
pub(super) struct Next<'a, G: Graph>(pub(super) &'a Core<G>);

impl<G: Graph> Future for Next<'_, G> {
    type Output = G::Activation;

    #[inline]
    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<G::Activation> {
        let core = self.0;
        if core.is_noted_or_recorded() {
            return next_noted_or_recorded(core, cx);
        }
        if let Some(rest) = next_rest(core) {
            return Poll::Ready(rest);
        }
        let next = core.inside.with(|inside| {
            if inside.budget.get() == 0 || inside.opens() {
                return None;
            }
            loop {
                let activation = inside.queue.pop()?;
                let at = |clause| inside.matches(clause);
                if let Some(activation) = G::pair(activation, &inside.partners, at) {
                    inside.begin(G::place(&activation));
                    return Some(activation);
                }
                inside.note_taken();
            }
        });
        if let Some(Some(activation)) = next {
            Poll::Ready(activation)
        } else {
            pause(core, cx);
            Poll::Pending
        }
    }
}

/// The rest of a clause whose reply has come. What comes from outside goes into the queue first.
#[inline]
fn next_rest<G: Graph>(core: &Core<G>) -> Option<G::Activation> {
    core.drain_outside();
    if const { G::DESC.splits } {
        core.next_rest()
    } else {
        None
    }
}

/// The same in an execution that has limits or observers, or is kept in a store. An event of
/// another one pays for a single look at that.
#[inline(never)]
fn next_noted_or_recorded<G: Graph>(core: &Core<G>, cx: &Context<'_>) -> Poll<G::Activation> {
    core.end_recorded();
    if let Some(rest) = next_rest(core) {
        return Poll::Ready(rest);
    }
    if core.is_noted() {
        next_noted(core, cx)
    } else {
        next_recorded(core, cx)
    }
}

fn next_recorded<G: Graph>(core: &Core<G>, cx: &Context<'_>) -> Poll<G::Activation> {
    let next = core.inside.with(|inside| {
        if inside.budget.get() == 0 || inside.is_opening() {
            return None;
        }
        loop {
            let activation = inside.queue.pop()?;
            let recorded = inside.recorded(&activation);
            let at = |clause| inside.matches(clause);
            if let Some(activation) = G::pair(activation, &inside.partners, at) {
                inside.begin_recorded(recorded);
                inside.begin(G::place(&activation));
                return Some(activation);
            }
            inside.wait_recorded(recorded);
            inside.note_taken();
        }
    });
    if let Some(Some(activation)) = next {
        return Poll::Ready(activation);
    }
    pause(core, cx);
    Poll::Pending
}

#[cold]
fn next_noted<G: Graph>(core: &Core<G>, cx: &Context<'_>) -> Poll<G::Activation> {
    let watch = core.watch.get();
    if let Some(watch) = watch {
        core.tell_finished(watch);
    }
    let next = core.inside.with(|inside| {
        if inside.budget.get() == 0 || inside.is_opening() {
            return None;
        }
        loop {
            core.note_taking(inside);
            let activation = inside.queue.pop()?;
            let recorded = inside.recorded(&activation);
            let taken = watch.map(|watch| (watch, watch.taken(inside.queue.len())));
            let at = |clause| inside.matches(clause);
            let paired = G::pair(activation, &inside.partners, at);
            if size_of::<G::Partners>() > 0 && !core.admits_partners(inside) {
                return None;
            }
            if let Some(activation) = paired {
                inside.begin_recorded(recorded);
                let place = G::place(&activation);
                inside.begin(place);
                if let Some((watch, taken)) = taken {
                    core.tell_entered(watch, place.0, taken);
                }
                return Some(activation);
            }
            inside.wait_recorded(recorded);
            inside.note_taken();
        }
    });
    if let Some(Some(activation)) = next {
        return Poll::Ready(activation);
    }
    pause(core, cx);
    Poll::Pending
}

/// The slot does nothing now: the budget is spent, or the queue is empty.
#[cold]
fn pause<G: Graph>(core: &Core<G>, cx: &Context<'_>) {
    let more = core.inside.with(|inside| {
        let more = !inside.has_ended() && inside.has_next();
        // The driver polls an idle slot when there is an event.
        inside.idle.set(!more);
        more
    });
    if more == Some(true) {
        cx.waker().wake_by_ref();
    }
}
