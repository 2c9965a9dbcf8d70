//! The wait until what a clause has done is durable.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

use crate::engine::core::Core;
use crate::macro_support::graph::Graph;

/// Completes when all is durable that the clause in the current slot has done so far.
pub(crate) struct Durable<'a, G: Graph>(pub(super) &'a Core<G>);

impl<G: Graph> Future for Durable<'_, G> {
    type Output = ();

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let is_durable = self.0.inside.with(|inside| {
            let recording = inside.recording()?;
            let wrote = recording.with_slot(inside.slot(), |running| running.wrote);
            if wrote <= recording.log.acked() {
                return None;
            }
            recording.log.lock().tasks.push(cx.waker().clone());
            Some(())
        });
        match is_durable.flatten() {
            None => Poll::Ready(()),
            Some(()) => Poll::Pending,
        }
    }
}
