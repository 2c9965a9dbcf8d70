//! The turns of calls that take the same state.

use std::sync::{Arc, PoisonError};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::handler::router::Router;
use crate::sync::{Mutex, MutexGuard};

/// The states of an execution, each with its turn.
#[derive(Clone, Debug, Default)]
pub(crate) struct StateTurns(Vec<OfState>);

#[derive(Clone, Debug)]
struct OfState {
    turn: Arc<Semaphore>,
    committed: Committed,
}

/// What was committed of a state whose turn a call has, until that call is committed as well.
type Committed = Arc<Mutex<Option<Vec<u8>>>>;

/// The turn of one call, in all states that it takes.
#[derive(Debug)]
pub struct StateTurn(Vec<(OwnedSemaphorePermit, Committed)>);

impl StateTurns {
    pub(crate) fn new(states: usize) -> Self {
        let states = (0..states).map(|_| OfState {
            turn: Arc::new(Semaphore::new(1)),
            committed: Committed::default(),
        });
        Self(states.collect())
    }

    /// The call that has the turn of this state begins, where it is this.
    pub(crate) fn begin(&self, state: usize, committed: &[u8]) {
        if let Some(state) = self.0.get(state) {
            *lock(&state.committed) = Some(committed.to_vec());
        }
    }

    /// What is committed of a state; `None` if no call has its turn, so that it is as it was
    /// committed.
    pub(crate) fn committed(&self, state: usize) -> Option<Vec<u8>> {
        lock(&self.0.get(state)?.committed).clone()
    }
}

fn lock(committed: &Committed) -> MutexGuard<'_, Option<Vec<u8>>> {
    committed.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The permits are free afterwards.
impl Drop for StateTurn {
    fn drop(&mut self) {
        for (_, committed) in &self.0 {
            *lock(committed) = None;
        }
    }
}

/// Waits for the turn of a call that takes these states. All calls take them in the same order, so
/// that none of them holds what another one waits for in turn. Those that wait go in the order in
/// which they came.
pub(super) async fn turn<R: Router>(router: &R, takes: &[bool]) -> Option<StateTurn> {
    let turns = router.shared::<StateTurns>()?;
    let mut held = Vec::new();
    for (state, taken) in turns.0.iter().zip(takes) {
        if *taken {
            // They are never closed.
            if let Ok(permit) = Arc::clone(&state.turn).acquire_owned().await {
                held.push((permit, Arc::clone(&state.committed)));
            }
        }
    }
    Some(StateTurn(held))
}
