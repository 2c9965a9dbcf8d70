//! What was held back takes effect.

use crate::engine::core::Core;
use crate::engine::inside::Inside;
use crate::engine::log::Recording;
use crate::engine::log::held::Held;
use crate::macro_support::graph::Graph;

impl<G: Graph> Core<G> {
    /// What was held back takes effect, as far as it is durable.
    #[cold]
    pub(super) fn apply_held(&self, inside: &Inside<G>, recording: &Recording<G>) {
        while let Some(held) = recording.take_held() {
            match held {
                Held::Activation {
                    id,
                    origin,
                    activation,
                } => {
                    recording.queued.borrow_mut().push_back(id);
                    if let Some(origin) = origin {
                        self.note_queued(origin);
                    }
                    inside.queue.push(activation);
                }
                Held::Output(output) => {
                    if self.decide(output) {
                        self.close_to_outside();
                    }
                }
                Held::Ending(ending) => inside.end(ending),
                Held::Turn(turn) => drop(turn),
            }
        }
    }
}
