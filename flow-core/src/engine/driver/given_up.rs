//! The executions of stages that were given up and have a `finally` to run.
//!
//! The handler of such a stage is dropped: by a limit, by a failure beside it, or by the end of the
//! execution around it. It hands its execution over ([`Router::finish_later`]), whose handlers are
//! dropped already, and the driver of the outer execution polls it from then on.
//!
//! [`Router::finish_later`]: crate::handler::router::Router

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::task::{Context, Poll};

use futures_util::task::waker_ref;

use crate::engine::core::Core;
use crate::engine::driver::slot_waker::SlotWaker;
use crate::engine::inside::Inside;
use crate::engine::inside::position::{Position, Run};
use crate::error::{At, FlowError};
use crate::handler::router::GivenUp;
use crate::macro_support::drop::{drop_catching, drop_each_catching, drop_payload};
use crate::macro_support::graph::Graph;

/// In the list of ready slots, the stages that were given up.
pub(super) const GIVEN_UP: usize = usize::MAX;

pub(super) struct GivenUpStages<G: Graph> {
    stages: Vec<GivenUp>,
    waker: Arc<SlotWaker<G>>,
}

impl<G: Graph> GivenUpStages<G> {
    pub(super) fn new(core: &Arc<Core<G>>) -> Self {
        Self {
            stages: Vec::new(),
            waker: SlotWaker::new(GIVEN_UP, Arc::clone(core)),
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.stages.is_empty()
    }

    /// Where they are, for an error that names what still runs.
    pub(super) fn places(&self) -> impl Iterator<Item = At> {
        self.stages.iter().map(|stage| At {
            handler: Some(stage.stage),
            finally: true,
            ..At::default()
        })
    }

    pub(super) fn add(&mut self, stages: Vec<GivenUp>) {
        self.stages.extend(stages);
    }

    /// Polls all of them: there are few, and none for long.
    pub(super) fn poll(&mut self, inside: &Inside<G>) {
        self.waker.unlist();
        let waker = waker_ref(&self.waker);
        let mut task = Context::from_waker(&waker);
        // They belong to no clause any more.
        inside.position.set(Position::NOWHERE);
        inside.run.set(Run::default());
        self.stages = std::mem::take(&mut self.stages)
            .into_iter()
            .filter_map(|mut stage| {
                inside.spend();
                let rest = stage.rest.as_mut();
                let polled = catch_unwind(AssertUnwindSafe(|| rest.poll(&mut task)));
                let failed = match polled {
                    Ok(Poll::Pending) => return Some(stage),
                    Ok(Poll::Ready(failed)) => failed,
                    Err(payload) => {
                        let at = At {
                            finally: true,
                            ..At::default()
                        };
                        let error = FlowError::panicked(at, &*payload);
                        drop_payload(payload);
                        Some(FlowError::not_finished(stage.stage, error))
                    }
                };
                drop_catching(stage);
                if let Some(error) = failed {
                    inside.fail_of_stage(error);
                }
                None
            })
            .collect();
    }
}

/// Their `finally` does not run to its end.
impl<G: Graph> Drop for GivenUpStages<G> {
    fn drop(&mut self) {
        drop_each_catching(std::mem::take(&mut self.stages));
    }
}

impl<G: Graph> Core<G> {
    /// Takes over the execution of a stage: the driver polls it from now on.
    #[cold]
    pub(crate) fn take_over(&self, stage: GivenUp) {
        self.with_outside(|outside| outside.inbox_mut().given_up.push(stage));
        self.wake_state.set_other(GIVEN_UP);
    }

    pub(super) fn take_given_up(&self) -> Vec<GivenUp> {
        if !self.has_outside() {
            return Vec::new();
        }
        let taken = self.with_outside(|outside| {
            let inbox = outside.inbox()?;
            Some(std::mem::take(&mut inbox.given_up))
        });
        taken.unwrap_or_default()
    }
}
