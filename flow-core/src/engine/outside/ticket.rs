//! The right to answer a question.

use std::any::TypeId;
use std::sync::Arc;

use crate::engine::core::Core;
use crate::engine::outside::answer::given_back;
use crate::engine::outside::questions::Hold;
use crate::event::Event;
use crate::macro_support::graph::Graph;
use crate::question::{AnswerError, Answers, Closing, QuestionId};

/// The right to answer a question. While the question waits, it counts as an emitter, and so keeps
/// the execution open.
pub(super) struct Ticket<G: Graph> {
    core: Arc<Core<G>>,
    closing: Closing,
}

impl<G: Graph> Ticket<G> {
    pub(super) fn new(core: &Arc<Core<G>>) -> Self {
        core.hold_open();
        Self {
            core: Arc::clone(core),
            closing: Closing::default(),
        }
    }
}

impl<G: Graph> Hold for Ticket<G> {
    fn release(&self) {
        if self.closing.close() {
            self.core.release_hold();
        }
    }
}

impl<G: Graph> Drop for Ticket<G> {
    fn drop(&mut self) {
        self.release();
    }
}

impl<G: Graph, Q: Event> Answers<Q> for Ticket<G> {
    fn answer(&self, id: QuestionId<Q>, answer: Q::Answer) -> Result<(), AnswerError<Q::Answer>> {
        let mut answer = Some(answer);
        let taken = self
            .core
            .answer_own(id.number(), TypeId::of::<Q>(), &mut answer);
        given_back(taken, answer)
    }

    fn closing(&self) -> &Closing {
        &self.closing
    }
}
