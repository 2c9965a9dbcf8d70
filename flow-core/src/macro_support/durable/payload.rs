//! The values that clauses run with and whose types are of this crate, as bytes.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::event::Event;
use crate::failed::Failed;
use crate::macro_support::dispatch::unexpected;
use crate::macro_support::durable::codec::{CodecError, ErrorCodec, ValueCodec};
use crate::macro_support::reminding::{KeptQuestion, Reminded, Reminding};
use crate::records::bytes::Bytes;
use crate::records::codec::{from_bytes, to_bytes};

/// What a reminder runs with.
#[derive(Serialize, Deserialize)]
struct RemindedRow {
    number: u64,
    period: Duration,
    count: u64,
    question: Bytes,
}

pub fn reminded_to_bytes<Q: Event>(
    reminded: &Reminded,
    codec: ValueCodec<Q>,
) -> Result<Vec<u8>, CodecError> {
    let question = reminded.question.downcast_ref::<KeptQuestion<Q>>();
    let question = question.and_then(|question| question.copy(codec.encode));
    let reminding = &reminded.reminding;
    to_bytes(&RemindedRow {
        number: reminding.question,
        period: reminding.clock.period,
        count: reminding.count,
        question: Bytes(question.unwrap_or_else(|| unexpected())?),
    })
}

/// When it ticks next is in the row of its question.
pub fn reminded_from_bytes<Q: Event>(
    bytes: &[u8],
    codec: ValueCodec<Q>,
    reminder: usize,
) -> Result<Reminded, CodecError> {
    let row: RemindedRow = from_bytes(bytes)?;
    let question = KeptQuestion::new((codec.decode)(&row.question.0)?);
    let mut reminding = Reminding::new(row.number, reminder, row.period);
    reminding.clock.next = None;
    reminding.count = row.count;
    Ok(Reminded::new(question, reminding))
}

/// What a rescue runs with.
pub fn failed_to_bytes<E, Cause>(
    failed: &Failed<E, Cause>,
    error: ErrorCodec<E>,
    cause: ValueCodec<Cause>,
) -> Result<Vec<u8>, CodecError> {
    to_bytes(&failed.map(error.encode, cause.encode)?)
}

pub fn failed_from_bytes<E, Cause>(
    bytes: &[u8],
    error: ErrorCodec<E>,
    cause: ValueCodec<Cause>,
) -> Result<Failed<E, Cause>, CodecError> {
    let failed: Failed<Vec<u8>, Vec<u8>> = from_bytes(bytes)?;
    failed.map(|bytes| (error.decode)(bytes), |bytes| (cause.decode)(bytes))
}
