//! What happens at the same instant in the model, and what else the laws leave open in its order.

use std::time::Duration;

use tokio::time::{Instant, sleep_until};

use crate::drive::TURN;
use crate::script::World;

/// The times at which calls go on by themselves.
pub(crate) struct Instants {
    began: Instant,
    due: Vec<Instant>,
    /// The last one that was reached.
    reached: Option<Instant>,
    is_open: bool,
}

impl Instants {
    pub(crate) fn new() -> Self {
        Self {
            began: Instant::now(),
            due: Vec::new(),
            reached: None,
            is_open: false,
        }
    }

    /// Whether several things happened at an instant at which a call went on.
    pub(crate) fn is_open(&self) -> bool {
        self.is_open
    }

    /// Something else happens in an order that is open.
    pub(crate) fn leave_open(&mut self) {
        self.is_open = true;
    }

    /// A call goes on by itself at this instant, or a clock ticks.
    pub(crate) fn reach(&mut self, now: Instant) {
        let is_turn = (now - self.began)
            .as_millis()
            .is_multiple_of(TURN.as_millis());
        let others = self.due.iter().filter(|due| **due == now).count() > 1;
        self.is_open |= is_turn || others || self.reached == Some(now);
        self.reached = Some(now);
    }
}

/// A pause of a call, or the time that it may take.
struct Due(World, Instant);

impl Drop for Due {
    fn drop(&mut self) {
        self.0.instants(|instants| {
            if let Some(at) = instants.due.iter().position(|due| *due == self.1) {
                instants.due.swap_remove(at);
            }
        });
    }
}

/// Waits in the model, in a call.
pub(crate) async fn pass(world: &World, milliseconds: u64) {
    let at = Instant::now() + Duration::from_millis(milliseconds);
    world.instants(|instants| instants.due.push(at));
    let _due = Due(world.clone(), at);
    sleep_until(at).await;
    world.instants(|instants| instants.reach(at));
}
