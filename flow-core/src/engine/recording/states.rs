//! The states that a call takes.

use crate::engine::inside::Inside;
use crate::engine::recording::hooks::not_recorded;
use crate::macro_support::durable::codec::CodecError;
use crate::macro_support::graph::Graph;

/// The states that the call takes, by their numbers, as they are now.
pub(super) fn states<G: Graph>(inside: &Inside<G>, takes: &[bool]) -> Vec<(usize, Vec<u8>)> {
    let mut found = Vec::new();
    for (number, _) in takes.iter().enumerate().filter(|(_, taken)| **taken) {
        match read(inside, number) {
            Ok(state) => found.extend(state.map(|state| (number, state))),
            Err(error) => inside.end(not_recorded(error)),
        }
    }
    found
}

pub(super) fn read<G: Graph>(
    inside: &Inside<G>,
    number: usize,
) -> Result<Option<Vec<u8>>, CodecError> {
    let state = G::CODEC.and_then(|codec| codec.states.get(number));
    let mut read = None;
    if let Some(state) = state {
        inside.with_states(&mut |states| read = (state.read)(states));
    }
    read.transpose()
}
