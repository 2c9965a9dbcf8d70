//! What a call emits while it is polled: it is staged in the queue, without a lock.

use std::task::{Poll, ready};

use crate::engine::inside::Inside;
use crate::engine::inside::staged::Staged;
use crate::engine::log::call::Emitted;
use crate::engine::recording::call_router::CallRouter;
use crate::macro_support::dispatch::unexpected;
use crate::macro_support::graph::Graph;

impl<G: Graph> CallRouter<G> {
    /// Its address, which no other call in progress has.
    #[inline]
    fn address(&self) -> usize {
        std::ptr::from_ref(self).addr()
    }

    /// Calls `access` if the call is polled, on this thread.
    #[inline]
    pub(super) fn while_polled<R>(
        &self,
        access: impl FnOnce(&Inside<G>, &Staged) -> R,
    ) -> Option<R> {
        let accessed = self.core.inside.with(|inside| {
            let staged = &inside.kept.get()?.staged;
            staged.is_of(self.address()).then(|| access(inside, staged))
        });
        accessed.flatten()
    }

    /// Polls the function of the call. What it emits meanwhile is staged, and counts if it returns
    /// well. A call that goes on, fails, or is observed is shared if it has emitted. Returns with
    /// the result whether the call is over.
    #[inline]
    pub(in crate::engine::recording) fn poll<V, E>(
        &self,
        poll: impl FnOnce() -> Poll<Result<V, E>>,
    ) -> Poll<(Result<V, E>, bool)> {
        let polled = self.core.inside.with(|inside| {
            let staged = &inside.kept.get_or_init(Box::default).staged;
            staged.enter(self.address());
            let unstaging = Unstaging(self);
            let result = ready!(poll());
            if result.is_err() || self.call.get().is_some() || self.core.is_noted() {
                drop(unstaging);
                return Poll::Ready((result, self.call.get().is_none()));
            }
            std::mem::forget(unstaging);
            // Events from outside came first.
            self.core.drain_outside();
            staged.leave();
            Poll::Ready((result, true))
        });
        // The driver polls its calls within the access.
        polled.unwrap_or_else(|| unexpected())
    }

    /// What is staged is shared.
    #[inline]
    fn unstage(&self) {
        self.while_polled(|_, staged| {
            if staged.is_empty() {
                staged.leave();
            } else {
                self.share_staged();
            }
        });
    }

    #[cold]
    #[inline(never)]
    fn share_staged(&self) {
        let staged = self.take_staged();
        self.share().lock().emitted.splice(..0, staged);
    }

    /// Takes what is staged out of the queue.
    #[cold]
    pub(super) fn take_staged(&self) -> Vec<Emitted<G>> {
        let taken = self.while_polled(|inside, staged| {
            let activations = inside.queue.take_last(staged.activations());
            (staged.take(), activations)
        });
        let Some((events, activations)) = taken else {
            return Vec::new();
        };
        let ends = events.iter().skip(1).map(|(_, begin)| *begin);
        let ends: Vec<_> = ends.chain([activations.len()]).collect();
        let mut activations = activations.into_iter();
        let mut emitted = Vec::with_capacity(activations.len());
        for ((event, begin), end) in events.into_iter().zip(ends) {
            if begin == end {
                emitted.push(Emitted::new(event.name, true, None));
            }
            for (number, activation) in activations.by_ref().take(end - begin).enumerate() {
                emitted.push(Emitted::new(event.name, number == 0, Some(activation)));
            }
        }
        emitted
    }
}

/// Shares what is staged, after a panic as well.
struct Unstaging<'a, G: Graph>(&'a CallRouter<G>);

impl<G: Graph> Drop for Unstaging<'_, G> {
    #[inline]
    fn drop(&mut self) {
        self.0.unstage();
    }
}
