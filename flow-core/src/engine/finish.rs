//! The end of an execution: deciding it, and dropping what is left.

use crate::engine::core::Core;
use crate::engine::ending::Ending;
use crate::engine::inside::Inside;
use crate::engine::outside::Outside;
use crate::error::{At, FlowError};
use crate::macro_support::drop::{drop_catching, drop_each_catching};
use crate::macro_support::graph::Graph;
use crate::sync::atomic::Ordering;

impl<G: Graph> Core<G> {
    /// Decides the ending; the first one counts. The driver drops the rest when it next looks.
    pub(crate) fn end(&self, ending: Ending) {
        let mut ending = Some(ending);
        let inside = self.inside.with(|inside| {
            if let Some(ending) = ending.take() {
                inside.end(ending);
            }
        });
        if inside.is_none() {
            {
                let mut outside = self.lock_outside();
                if !self.is_closed() {
                    let outside = self.outside_mut(&mut outside);
                    if outside.ending.is_none() {
                        outside.ending = ending.take();
                    }
                }
            }
            self.wake_state.notify();
        }
    }

    /// Fails the execution with the error that `error` makes from the current position.
    #[cold]
    pub(crate) fn fail(&self, error: impl FnOnce(At) -> FlowError) {
        let position = self.inside.with(|inside| inside.position.get());
        let at = position.map_or_else(At::default, |position| position.at(G::DESC));
        self.end(Ending::Failed(error(at)));
    }

    /// Closes the execution to the outside: what comes from there is dropped.
    pub(crate) fn close(&self) {
        // No question waits without an outside, so no answer is on its way.
        let no_answer_meanwhile = self.has_outside().then(|| self.lock_outside());
        self.closed.store(true, Ordering::Release);
        drop(no_answer_meanwhile);
        self.release_senders();
    }

    /// Drops what is left after the driver has dropped the handlers. With `alone`, nothing outside
    /// could emit before the execution was closed.
    #[inline]
    pub(crate) fn finish(&self, inside: &Inside<G>, alone: bool) {
        inside.drop_values();
        // A slot that panicked has dropped its emitter, which counted as one outside.
        let alone =
            alone && !self.has_outside() && matches!(inside.ending.get(), Some(Ending::Done));
        if !alone || inside.has_leftovers() {
            self.give_up_leftovers(inside, alone);
        } else if self.has_handle {
            let _outside = self.lock_outside();
            self.left_nothing.store(true, Ordering::Relaxed);
        }
    }

    /// The ending, if the driver has noted it for a handle: after that, it reports the end to the
    /// observers that it finds.
    pub(super) fn noted_end(&self, outside: Option<&Outside<G>>) -> Option<Ending> {
        let ended = outside.and_then(|outside| outside.ended().cloned());
        let left_nothing = self.left_nothing.load(Ordering::Relaxed);
        ended.or_else(|| left_nothing.then_some(Ending::Done))
    }

    fn give_up_leftovers(&self, inside: &Inside<G>, alone: bool) {
        let mut wakers = inside.buffer.borrow_mut().blocked.release();
        inside.drop_events();
        drop_catching(inside.partners.take());
        if !alone || self.has_handle {
            let mut lock = self.lock_outside();
            let outside = self.outside_mut(&mut lock);
            let events = std::mem::take(&mut outside.events);
            let unread = self.keep_for_the_reader(inside, outside);
            let questions = std::mem::take(&mut outside.questions);
            if !events.is_empty() || !unread.is_empty() || !questions.is_empty() {
                // Dropped before the end is reported, and without the lock.
                drop(lock);
                drop_each_catching(events);
                drop_each_catching(unread);
                self.drop_questions(questions);
                lock = self.lock_outside();
            }
            let outside = self.outside_mut(&mut lock);
            wakers.append(outside.release());
            wakers.extend(outside.reader.take());
            outside.end(inside.ending.get_or_init(|| Ending::Done).clone());
        }
        // What was dropped here may have emitted in turn.
        inside.drop_events();
        wakers.wake();
    }
}
