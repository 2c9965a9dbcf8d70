//! What happens at the same instant in the model, and what else the laws leave open in its order.

use std::collections::BTreeSet;
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
    /// What the laws leave open in what has happened.
    open: BTreeSet<&'static str>,
}

/// Things that happen at the same instant.
const SAME: &str = "the same instant";

impl Instants {
    pub(crate) fn new() -> Self {
        Self {
            began: Instant::now(),
            due: Vec::new(),
            reached: None,
            open: BTreeSet::new(),
        }
    }

    /// What is open: whether several things happened at an instant at which a call went on, and
    /// what else was left open. Empty if nothing is.
    pub(crate) fn left_open(&self) -> String {
        let open: Vec<_> = self.open.iter().copied().collect();
        open.join(" and ")
    }

    /// Something else happens in an order that is open.
    pub(crate) fn leave_open(&mut self, what: &'static str) {
        self.open.insert(what);
    }

    /// A call goes on by itself at this instant, or a clock ticks.
    pub(crate) fn reach(&mut self, now: Instant) {
        let is_turn = (now - self.began)
            .as_millis()
            .is_multiple_of(TURN.as_millis());
        let others = self.due.iter().filter(|due| **due == now).count() > 1;
        if is_turn || others || self.reached == Some(now) {
            self.leave_open(SAME);
        }
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
