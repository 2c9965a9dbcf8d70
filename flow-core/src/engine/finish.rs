//! The end of an execution: deciding it, and dropping what is left.

use std::collections::VecDeque;
use std::sync::Arc;

use crate::engine::core::Core;
use crate::engine::ending::Ending;
use crate::engine::inside::Inside;
use crate::engine::inside::times::has_ticks;
use crate::engine::outside::Outside;
use crate::error::{At, FlowError};
use crate::macro_support::BUDGET;
use crate::macro_support::drop::{drop_catching, drop_each_catching};
use crate::macro_support::graph::Graph;
use crate::sync::atomic::{Ordering, fence};
use crate::sync::{is_set_seq_cst, set_seq_cst};

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
                    // Only a cancel reaches a `finally`.
                    let is_late =
                        self.is_finalizing() && !matches!(ending, Some(Ending::Failed(_)));
                    let cancels =
                        |ending: &Option<Ending>| ending.as_ref().is_some_and(Ending::is_cancel);
                    if outside.ending.is_none() && !is_late {
                        outside.ending = ending.take();
                    } else if cancels(&outside.ending) && cancels(&ending) {
                        outside.cancelled_again = true;
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

    /// Decides with what the execution ends, unless that is decided already; then the output is
    /// dropped. Returns whether this was the first.
    #[inline]
    pub(super) fn decide(&self, output: G::Output) -> bool {
        let mut output = Some(output);
        // Dropped after the access, because its destructor may access the cell.
        let is_first = self.inside.with(|inside| {
            let is_first =
                !inside.has_output.get() && !inside.has_ended() && !inside.finalizing.get();
            if is_first {
                inside.has_output.set(true);
                inside.output.set(output.take());
            }
            is_first
        });
        is_first == Some(true)
    }

    /// The end is decided, of this execution or of an outer one: senders and answers find it
    /// closed. What is under way goes on.
    #[inline]
    pub(crate) fn close_to_outside(&self) {
        // The sender of an event for a stage has the outer execution, and is counted here only
        // while it sends: that may begin now, see the wake protocol.
        if self.has_outside() || self.has_emitters() || self.takes_from_outside() {
            self.close_to_outside_now();
        } else {
            // Nothing else can look.
            self.ending.store(true, Ordering::Relaxed);
        }
    }

    /// The end of the outer execution is decided, and this one knows of it from now on.
    #[cold]
    pub(crate) fn close_with_outer(&self) {
        if self.awaits_ending() {
            self.note_given_up();
        }
        self.close_to_outside();
    }

    /// Something that waited goes without, because the end is decided.
    #[cold]
    pub(super) fn note_given_up(&self) {
        self.gave_up.store(true, Ordering::Relaxed);
    }

    /// Whether anything did. The thread that polls the execution asks.
    pub(crate) fn has_given_up(&self) -> bool {
        self.gave_up.load(Ordering::Relaxed)
    }

    #[cold]
    fn close_to_outside_now(&self) {
        let notice = {
            // An event that a sender has queued under the lock comes before the end.
            let outside = self.lock_outside();
            set_seq_cst(&self.ending);
            let outside = outside.as_ref();
            let inbox = outside.and_then(|outside| outside.inbox.as_ref());
            inbox.and_then(|inbox| inbox.ending_notice.clone())
        };
        if let Some(notice) = notice {
            notice.notify_waiters();
        }
        self.release_senders();
    }

    /// Whether the end is decided, of this execution or of an outer one.
    pub(crate) fn is_ending(&self) -> bool {
        self.ending.load(Ordering::SeqCst)
    }

    /// The same, for a send that has counted itself: see the wake protocol.
    #[inline]
    pub(super) fn refuses_sends(&self) -> bool {
        is_set_seq_cst(&self.ending)
    }

    /// Whether the `finally` runs.
    pub(super) fn is_finalizing(&self) -> bool {
        let finishes = const { G::DESC.finishes() };
        finishes && self.finalizing.load(Ordering::SeqCst)
    }

    /// Drops what is left of an execution whose handlers are dropped, before its `finally`.
    #[cold]
    pub(super) fn begin_finalizing(&self, inside: &Inside<G>) {
        self.close_to_outside();
        let (events, questions, wakers, again) = {
            let mut lock = self.lock_outside();
            self.finalizing.store(true, Ordering::SeqCst);
            let outside = self.outside_mut(&mut lock);
            // It has been taken into account, but for a second cancel: that drops the `finally`.
            let again = std::mem::take(&mut outside.cancelled_again);
            outside.ending = outside.ending.take().filter(|_| again);
            let events = std::mem::take(&mut outside.events);
            // Their numbers are not used again.
            let questions = outside.questions.take_waiting();
            (events, questions, outside.release(), again)
        };
        wakers.wake();
        if again {
            self.wake_state.notify();
        }
        drop_each_catching(events);
        self.drop_questions(questions);
        inside.drop_events();
        drop_catching(inside.partners.take());
        inside.forget_recorded();
        self.drop_untaken();
        if let Some(pending) = self.pending_limit() {
            pending.forget();
        }
        inside.finalizing.set(true);
        inside.budget.set(BUDGET);
    }

    /// The `finally` has begun before a crash, and is in the queue.
    #[cfg(feature = "durable")]
    pub(super) fn go_on_finalizing(&self, inside: &Inside<G>) {
        self.close_to_outside();
        self.finalizing.store(true, Ordering::SeqCst);
        inside.finalizing.set(true);
        inside.in_finally.set(true);
        inside.budget.set(BUDGET);
    }

    /// Queues the `finally`, if the flow has one.
    #[cold]
    pub(super) fn begin_finally(&self, inside: &Inside<G>) {
        inside.in_finally.set(true);
        let ending = inside.first_ending.get();
        let ending = ending.map(|ending| ending.borrow().to_public());
        #[cfg(feature = "durable")]
        let ending = if const { G::DESC.durable } {
            // As it would be after a crash.
            ending.map(crate::ending::Ending::settled)
        } else {
            ending
        };
        if let Some(activation) = ending.and_then(G::finally) {
            self.push_sent(activation);
        }
    }

    /// Waits until the end is decided, or has come.
    pub(super) async fn until_ending(&self) {
        let notice = {
            let mut outside = self.lock_outside();
            if self.is_ending() {
                self.note_given_up();
                return;
            }
            Arc::clone(
                self.outside_mut(&mut outside)
                    .inbox_mut()
                    .ending_notice
                    .get_or_insert_default(),
            )
        };
        // From here on, it is woken.
        let notified = notice.notified();
        if !self.is_ending() {
            notified.await;
        }
    }

    /// Whether an emitter keeps the execution open in which nothing runs.
    #[inline]
    pub(super) fn is_awaited(&self, is_ending: bool) -> bool {
        if is_ending {
            // A `finally` waits for its handlers alone.
            return self.has_contexts() && !self.is_finalizing();
        }
        self.has_emitters()
            || self.is_answerable_by_number()
            || self.is_reachable()
            || self.is_recorded() && (!G::EXTERNAL.is_empty() || self.has_questions())
    }

    /// Whether anything waits for the end to be decided, or is given up then: questions, `every`
    /// clauses, and the wait for events from outside.
    pub(crate) fn awaits_ending(&self) -> bool {
        let has_waiting = self.has_outside()
            && self.with_outside(|outside| {
                let inbox = outside.inbox.as_ref();
                inbox.is_some_and(|inbox| inbox.ending_notice.is_some())
                    || !outside.questions.is_empty()
            });
        has_waiting || self.takes_from_outside() || has_ticks::<G>()
    }

    /// Nothing runs any more: takes the events that are left without a partner to their `else`. Of
    /// a clause without one, they are an error, and so are those that wait for a stage. Returns
    /// whether there were any.
    #[inline]
    pub(super) fn take_left_over(&self, inside: &Inside<G>) -> bool {
        (size_of::<G::Partners>() > 0 && self.take_all_left_over(inside))
            || (const { G::DESC.stages_take } && self.fail_of_untaken(inside))
    }

    #[cold]
    fn take_all_left_over(&self, inside: &Inside<G>) -> bool {
        let mut routed = Vec::new();
        let left_over = G::left_over(&inside.partners, |activation| routed.push(activation));
        match (routed.is_empty(), left_over) {
            (true, None) => return false,
            (true, Some(left_over)) => {
                let clause = G::DESC.clauses.get(left_over.clause);
                let error = FlowError::left_over(clause, left_over.waiting);
                inside.end(Ending::Failed(error));
            }
            // What they lead to may yet bring the others their partners.
            (false, _) => {
                self.note_partners(inside);
                inside.forget_waiting();
                for activation in routed {
                    self.push_sent(activation);
                }
            }
        }
        true
    }

    /// Nothing runs after the end was decided: closes the execution, unless an event came from
    /// outside meanwhile.
    #[inline]
    pub(super) fn close_if_quiet(&self) -> bool {
        !self.has_outside() || self.close_outside_if_quiet()
    }

    #[cold]
    fn close_outside_if_quiet(&self) -> bool {
        let outside = self.lock_outside();
        let events = outside.as_ref().map(|outside| &outside.events);
        let is_quiet = events.is_none_or(VecDeque::is_empty);
        // A `finally` that follows can be cancelled.
        let is_over = const { !G::DESC.finishes() } || self.is_finalizing();
        if is_quiet && is_over {
            self.set_closed();
        }
        drop(outside);
        if !is_quiet {
            // An answer is on its way, and the notice of it follows.
            self.drain_outside_now();
        }
        is_quiet
    }

    /// Closes the execution to the outside: what comes from there is dropped.
    #[inline]
    pub(crate) fn close(&self) {
        if !self.is_ending() {
            self.close_to_outside();
        }
        if self.has_outside() {
            self.close_outside();
        } else {
            // No question waits, so no answer is on its way.
            self.set_closed();
        }
    }

    #[cold]
    fn close_outside(&self) {
        let no_answer_meanwhile = self.lock_outside();
        self.set_closed();
        drop(no_answer_meanwhile);
    }

    /// Drops what is left after the driver has dropped the handlers. With `alone`, nothing outside
    /// could emit before the execution was closed. With `unshared`, nothing but the driver refers to
    /// it any more, so no observer comes.
    #[inline]
    pub(crate) fn finish(&self, inside: &Inside<G>, alone: bool, unshared: bool) {
        self.drop_untaken();
        inside.drop_values();
        // A slot that panicked has dropped its emitter, which counted as one outside.
        let alone = alone && !self.has_outside() && inside.ending.is_done();
        if !alone || inside.has_leftovers() {
            self.give_up_leftovers(inside, alone);
        } else if self.has_handle() && unshared {
            // What its handles did before they were dropped is seen after this.
            fence(Ordering::Acquire);
        } else if self.has_handle() {
            let _outside = self.lock_outside();
            self.set_left_nothing();
        }
    }

    /// The ending, if the driver has noted it for a handle: after that, it reports the end to the
    /// observers that it finds.
    pub(super) fn noted_end(&self, outside: Option<&Outside<G>>) -> Option<Ending> {
        let ended = outside.and_then(|outside| outside.ended().cloned());
        ended.or_else(|| self.left_nothing().then_some(Ending::Done))
    }

    /// No handle can ask for the error any more, with which the execution has ended.
    ///
    /// The last handle leaves before it looks for the outside, and the driver notes the end in the
    /// outside before it looks for handles: one of them sees the other, as all of that is `SeqCst`.
    #[cold]
    pub(super) fn give_up_error(&self) {
        if !self.has_outside() {
            return;
        }
        let error = {
            let mut lock = self.lock_outside();
            self.outside_mut(&mut lock).give_up_error()
        };
        // Without the lock: its destructor may use the execution.
        drop_catching(error);
    }

    fn give_up_leftovers(&self, inside: &Inside<G>, alone: bool) {
        let mut wakers = inside.buffer.borrow_mut().release();
        inside.drop_events();
        drop_catching(inside.partners.take());
        if !alone || self.has_handle() {
            let mut lock = self.lock_outside();
            let outside = self.outside_mut(&mut lock);
            let events = std::mem::take(&mut outside.events);
            let unread = self.keep_for_the_reader(inside, outside);
            let questions = outside.questions.take_waiting();
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
            outside.end(inside.ending.get().unwrap_or(Ending::Done));
            let is_asked = self.witnesses.load(Ordering::SeqCst) > 0;
            let error = (!is_asked).then(|| outside.give_up_error());
            drop(lock);
            drop_catching(error);
        }
        // What was dropped here may have emitted in turn.
        inside.drop_events();
        wakers.wake();
    }
}
