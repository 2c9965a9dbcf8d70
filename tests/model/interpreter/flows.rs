//! Flows that are stages, and those that were given up.

use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::sync::{Arc, Mutex, Weak};
use std::task::{Context, Poll, Wake, Waker};

use crate::graph::Trigger;
use crate::interpreter::asking::WAITED;
use crate::interpreter::data::Data;
use crate::interpreter::failure::{Failed, Failure, Stop};
use crate::interpreter::ready::GIVEN_UP;
use crate::interpreter::stages::Busy;
use crate::interpreter::{Boxed, CANCELLED, Ended, Execution, Over, UNFINISHED, lock};

/// Lets what is around a stage go on with it, unless it goes on already.
#[derive(Default)]
struct Asleep(Mutex<Option<Waker>>);

impl Asleep {
    fn poll<T>(
        self: &Arc<Self>,
        work: Pin<&mut (dyn Future<Output = T> + Send + '_)>,
        cx: &Context<'_>,
    ) -> Poll<T> {
        *lock(&self.0) = None;
        let polled = work.poll(&mut Context::from_waker(&Arc::clone(self).into()));
        *lock(&self.0) = Some(cx.waker().clone());
        polled
    }
}

impl Wake for Asleep {
    fn wake(self: Arc<Self>) {
        let around = lock(&self.0).take();
        if let Some(around) = around {
            around.wake();
        }
    }
}

/// A stage, until it has come to its end. If this is dropped before, its `finally` runs nevertheless.
struct Running<'a> {
    execution: Arc<Execution<'a>>,
    work: Option<Boxed<'a, Ended>>,
    /// It has come to its end, and an item of it has not left it.
    ended: Option<Ended>,
}

impl Drop for Running<'_> {
    fn drop(&mut self) {
        let (mut work, mut ended) = (self.work.take(), self.ended.take());
        if work.is_none() && ended.is_none() {
            return;
        }
        let outer = self.execution.outer.as_ref().and_then(Weak::upgrade);
        let finishes = self.execution.graph.finishes() && self.execution.is_open();
        let Some(outer) = outer.filter(|_| finishes) else {
            return;
        };
        if let Some(work) = work.as_mut().filter(|_| !*lock(&self.execution.finalizing)) {
            let cancelled = vec![CANCELLED.to_owned()].into();
            self.execution.end(Over::Failed(cancelled, false));
            // What it runs is dropped now, with its permits, and with the items that have not left
            // it.
            *lock(&self.execution.drops_clauses) = true;
            let polled = work.as_mut().poll(&mut Context::from_waker(Waker::noop()));
            assert!(polled.is_pending(), "it has a `finally`");
            lock(&self.execution.stuck).clear();
            *lock(&self.execution.is_stuck) = false;
        }
        let name = format!("F{}", self.execution.graph.index);
        let (around, stage) = (Arc::downgrade(&outer), Arc::clone(&self.execution));
        let work = poll_fn(move |cx| {
            // While the outer execution is over, and its handlers are not dropped yet, an item
            // waits.
            let is_over = || around.upgrade().is_some_and(|outer| outer.is_over());
            let waits = || *lock(&stage.is_stuck) && is_over();
            if waits() {
                return Poll::Pending;
            }
            stage.put_stuck();
            if let Some(running) = &mut work
                && let Poll::Ready(came) = running.as_mut().poll(cx)
            {
                (work, ended) = (None, Some(came));
            }
            if waits() {
                return Poll::Pending;
            }
            ended.take().map_or(Poll::Pending, Poll::Ready)
        });
        let rest = async move {
            let Ended {
                result,
                finishing_failed,
            } = work.await;
            let (error, _) = result.err().filter(|_| finishing_failed)?;
            let message = format!("`{name}` was given up, and its `finally` failed");
            Some(vec![message, error.text()].into())
        };
        lock(&outer.given_up).push(Box::pin(rest));
        outer.wake(vec![GIVEN_UP]);
    }
}

impl Execution<'_> {
    /// A flow in a flow: its result is the value of the stage, and its failure that of the stage.
    pub(super) async fn flow(&self, index: usize, data: &Data) -> Result<Data, Stop> {
        self.goes_on().await;
        let stage = Execution::new((self.graphs, index), self.outside, Some(self.this.clone()));
        let number = self.number();
        let _entered = self.begin_to_take(&stage, number);
        let mut running = Running {
            work: Some(Arc::clone(&stage).execute(data.value())),
            ended: None,
            execution: stage,
        };
        let mut busy = None;
        let asleep = Arc::new(Asleep::default());
        let ended = poll_fn(|cx| {
            let stage = &running.execution;
            busy = Some(Busy::new(self));
            self.note_entered(number, cx);
            let is_closed = lock(&stage.decided).is_some() || *lock(&stage.finalizing);
            if self.is_ending() && !is_closed {
                stage.close_with_outer();
            }
            let Some(work) = running.work.as_mut() else {
                return Poll::Pending;
            };
            let polled = asleep.poll(work.as_mut(), cx);
            if polled.is_ready() {
                running.work = None;
            } else if *lock(&stage.waits) {
                busy = Some(Busy::waiting(self));
            }
            if polled.is_pending() && stage.awaits_ending() && !stage.is_ending() {
                self.notice(number, cx);
            }
            if *lock(&running.execution.is_stuck) {
                // It is about to be dropped.
                if let Poll::Ready(came) = polled {
                    running.ended = Some(came);
                }
                return Poll::Pending;
            }
            polled
        })
        .await;
        drop(busy);
        let gave_up = *lock(&running.execution.gave_up) && self.is_ending();
        if gave_up {
            *lock(&self.gave_up) = true;
        }
        match ended.result {
            Err((error, _)) if gave_up && error.error[0] == UNFINISHED => Err(Stop::Failed(
                Failure::of(&format!("F{index}"), WAITED.to_owned()),
            )),
            Ok(value) => Ok(Data::One(value.unwrap())),
            Err((error, _)) => Err(Stop::Failed(Failure {
                told: error.told(),
                ..Failure::of(&format!("F{index}"), error.text())
            })),
        }
    }

    /// Whether it waits for the end to be decided, or something in it does.
    fn awaits_ending(&self) -> bool {
        let mut clauses = self.graph.clauses.iter();
        let ticks = clauses.any(|clause| matches!(clause.trigger, Trigger::Every(_)));
        let takes = !self.graph.externals.is_empty();
        ticks || takes || !lock(&self.questions).is_empty() || *lock(&self.had_notice)
    }

    /// The end of the outer execution is decided.
    fn close_with_outer(&self) {
        if !std::mem::replace(&mut *lock(&self.is_closed), true) && self.awaits_ending() {
            *lock(&self.gave_up) = true;
        }
    }

    /// The stage with this number goes on when the end is decided.
    fn notice(&self, number: u64, cx: &Context<'_>) {
        *lock(&self.had_notice) = true;
        let mut notices = lock(&self.notices);
        match notices.iter_mut().find(|(of, _)| *of == number) {
            Some((_, waker)) => *waker = self.waker(cx),
            None => notices.push((number, self.waker(cx))),
        }
    }

    /// Polls the stages that were given up.
    fn poll_given_up(&self, cx: &mut Context<'_>) {
        let mut stages = std::mem::take(&mut *lock(&self.given_up));
        lock(&self.polled).push(GIVEN_UP);
        stages.retain_mut(|stage| match stage.as_mut().poll(cx) {
            Poll::Pending => true,
            Poll::Ready(error) => {
                if let Some(failed) = error {
                    self.fail_of_stage(failed);
                }
                false
            }
        });
        lock(&self.polled).pop();
        stages.append(&mut lock(&self.given_up));
        *lock(&self.given_up) = stages;
    }

    /// A stage that was given up has failed. The others go on, and the own `finally`.
    fn fail_of_stage(&self, failed: Failed) {
        if *lock(&self.finalizing) {
            *lock(&self.finishing_failed) = true;
            lock(&self.failed_stages).push(failed);
        } else {
            self.end(Over::Failed(failed, false));
        }
    }

    fn put_stuck(&self) {
        *lock(&self.is_stuck) = false;
        for item in std::mem::take(&mut *lock(&self.stuck)) {
            if let Some(outer) = self.outer.as_ref().and_then(Weak::upgrade) {
                outer.is_active_with_item();
            }
            self.outside.put(item);
        }
    }

    /// Waits for the stages that were given up.
    pub(super) async fn finish_stages(&self) {
        poll_fn(|cx| {
            loop {
                self.forget_woken();
                self.poll_given_up(cx);
                if !self.has_woken() {
                    break;
                }
            }
            if lock(&self.given_up).is_empty() || self.is_over() {
                Poll::Ready(())
            } else {
                Poll::Pending
            }
        })
        .await;
        self.drop_given_up();
    }

    /// Their `finally` does not run to its end.
    pub(super) fn drop_given_up(&self) {
        let stages = std::mem::take(&mut *lock(&self.given_up));
        drop(stages);
    }

    /// The stages that were given up go on, unless the execution is over.
    pub(super) fn go_on_with_given_up(&self, cx: &mut Context<'_>) {
        if !self.is_over() {
            self.poll_given_up(cx);
        }
    }
}
