//! Flows that are stages, and those that were given up.

use std::future::poll_fn;
use std::sync::{Arc, Weak};
use std::task::{Context, Poll, Waker};

use crate::interpreter::data::Data;
use crate::interpreter::failure::{Failed, Failure, Stop};
use crate::interpreter::ready::GIVEN_UP;
use crate::interpreter::{Boxed, CANCELLED, Ended, Execution, Over, lock};

/// A stage, until it has come to its end. If this is dropped before, its `finally` runs nevertheless.
struct Running<'a> {
    execution: Arc<Execution<'a>>,
    work: Option<Boxed<'a, Ended>>,
}

impl Drop for Running<'_> {
    fn drop(&mut self) {
        let Some(mut work) = self.work.take() else {
            return;
        };
        let outer = self.execution.outer.as_ref().and_then(Weak::upgrade);
        let finishes = self.execution.graph.finishes() && self.execution.is_open();
        let Some(outer) = outer.filter(|_| finishes) else {
            return;
        };
        if !*lock(&self.execution.finalizing) {
            let cancelled = vec![CANCELLED.to_owned()].into();
            self.execution.end(Over::Failed(cancelled, false));
            // What it runs is dropped now, with its permits.
            *lock(&self.execution.drops_clauses) = true;
            let polled = work.as_mut().poll(&mut Context::from_waker(Waker::noop()));
            assert!(polled.is_pending(), "it has a `finally`");
        }
        let name = format!("F{}", self.execution.graph.index);
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
        let stage = Execution::new((self.graphs, index), self.outside, Some(self.this.clone()));
        let mut running = Running {
            work: Some(Arc::clone(&stage).execute(data.value())),
            execution: stage,
        };
        let ended = poll_fn(|cx| {
            let Some(work) = running.work.as_mut() else {
                return Poll::Pending;
            };
            let polled = work.as_mut().poll(cx);
            if polled.is_ready() {
                running.work = None;
            }
            if *lock(&running.execution.is_stuck) {
                // It is about to be dropped.
                return Poll::Pending;
            }
            polled
        })
        .await;
        match ended.result {
            Ok(value) => Ok(Data::One(value.unwrap())),
            Err((error, _)) => Err(Stop::Failed(Failure {
                told: error.told(),
                ..Failure::of(&format!("F{index}"), error.text())
            })),
        }
    }

    /// Polls the stages that were given up. Returns the errors of those that have failed.
    fn poll_given_up(&self, cx: &mut Context<'_>) -> Vec<Failed> {
        let mut failed = Vec::new();
        let mut stages = std::mem::take(&mut *lock(&self.given_up));
        lock(&self.polled).push(GIVEN_UP);
        stages.retain_mut(|stage| match stage.as_mut().poll(cx) {
            Poll::Pending => true,
            Poll::Ready(error) => {
                failed.extend(error);
                false
            }
        });
        lock(&self.polled).pop();
        stages.append(&mut lock(&self.given_up));
        *lock(&self.given_up) = stages;
        failed
    }

    /// Waits for the stages that were given up.
    pub(super) async fn finish_stages(&self) -> Vec<Failed> {
        let mut all = Vec::new();
        poll_fn(|cx| {
            self.forget_woken();
            all.extend(self.poll_given_up(cx));
            while self.has_woken() {
                self.forget_woken();
                all.extend(self.poll_given_up(cx));
            }
            if lock(&self.given_up).is_empty() || self.is_over() {
                Poll::Ready(())
            } else {
                Poll::Pending
            }
        })
        .await;
        lock(&self.given_up).clear();
        if !all.is_empty() {
            *lock(&self.finishing_failed) = true;
        }
        all
    }

    /// The stages that were given up go on, unless the execution is over. Its own `finally` goes on
    /// when one of them fails.
    pub(super) fn go_on_with_given_up(&self, cx: &mut Context<'_>) {
        if !self.is_over() {
            for failed in self.poll_given_up(cx) {
                if *lock(&self.finalizing) {
                    *lock(&self.finishing_failed) = true;
                    lock(&self.failed_stages).push(failed);
                } else {
                    self.end(Over::Failed(failed, false));
                }
            }
        }
    }
}
