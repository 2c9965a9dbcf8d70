//! The history of an execution, at its desk.

use flow_core::durable::Bytes;
use serde::{Deserialize, Serialize};

use crate::sdk::{Ctx, Stop};
use crate::wire::Past;

/// The row that tells which entries there are. It is there if a history is kept.
const PAST: &str = "past";

/// How many entries are in one row of the state.
const CHUNK: u64 = 16;

#[derive(Default, Serialize, Deserialize)]
struct State {
    /// The number of the oldest entry, and of the next one.
    first: u64,
    next: u64,
}

/// Which entries are asked for.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Wanted {
    /// The number of the first one.
    pub(crate) from: u64,
    pub(crate) at_most: u64,
}

/// The entries, with the number of the first one.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Entries {
    pub(crate) first: u64,
    pub(crate) rows: Vec<Bytes>,
}

pub(crate) async fn add(ctx: &Ctx, entry: Past) -> Result<(), Stop> {
    let mut state: State = ctx.get_as(PAST).await?.unwrap_or_default();
    let key = chunk_key(state.next);
    let mut chunk: Vec<Bytes> = match state.next % CHUNK {
        0 => Vec::new(),
        _ => ctx.get_as(&key).await?.unwrap_or_default(),
    };
    chunk.push(entry.row);
    ctx.set_as(&key, &chunk)?;
    state.next += 1;
    let first = state.next.saturating_sub(entry.at_most);
    for gone in state.first / CHUNK..first / CHUNK {
        ctx.clear(&chunk_key(gone * CHUNK));
    }
    state.first = state.first.max(first);
    ctx.set_as(PAST, &state)
}

/// Removes all of it.
pub(crate) async fn clear(ctx: &Ctx) -> Result<(), Stop> {
    if let Some(State { first, next }) = ctx.get_as(PAST).await? {
        for chunk in first / CHUNK..next.div_ceil(CHUNK) {
            ctx.clear(&chunk_key(chunk * CHUNK));
        }
        ctx.clear(PAST);
    }
    Ok(())
}

/// Some entries. `None` if no history is kept.
pub(crate) async fn read(ctx: &Ctx, wanted: Wanted) -> Result<Option<Entries>, Stop> {
    let Some(State { first, next }) = ctx.get_as(PAST).await? else {
        return Ok(None);
    };
    let first = wanted.from.max(first);
    let end = next.min(first.saturating_add(wanted.at_most));
    let mut rows = Vec::new();
    let mut number = first;
    while number < end {
        let chunk: Vec<Bytes> = ctx.get_as(&chunk_key(number)).await?.unwrap_or_default();
        let from = usize::try_from(number % CHUNK).unwrap_or_default();
        let entries = chunk.into_iter().skip(from).zip(number..end);
        rows.extend(entries.map(|(row, _)| row));
        number = number - number % CHUNK + CHUNK;
    }
    Ok(Some(Entries { first, rows }))
}

fn chunk_key(number: u64) -> String {
    format!("past/{:016x}", number / CHUNK)
}
