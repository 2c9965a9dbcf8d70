//! The values that clauses run with and whose types are of this crate, as bytes.

use serde::{Deserialize, Serialize};

use crate::event::Event;
use crate::failed::Failed;
use crate::macro_support::durable::codec::{CodecError, ErrorCodec, ValueCodec};
use crate::macro_support::graph::Graph;
use crate::macro_support::reminding::{KeptQuestion, Reminded, Reminding};
use crate::records::codec::{from_bytes, to_bytes};

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

/// What a reminder runs with.
#[derive(Serialize, Deserialize)]
struct WrittenReminder {
    number: u64,
    count: u64,
    question: Vec<u8>,
}

pub fn reminded_to_bytes<Q: Event>(
    reminded: &Reminded,
    codec: ValueCodec<Q>,
) -> Result<Vec<u8>, CodecError> {
    let kept = reminded.question.downcast_ref::<KeptQuestion<Q>>();
    let question = kept.and_then(|kept| kept.with(codec.encode));
    to_bytes(&WrittenReminder {
        number: reminded.reminding.question,
        count: reminded.reminding.count,
        question: question.unwrap_or_else(|| Err(not_kept()))?,
    })
}

/// The clock of the reminder, which has the number `reminder` in [`Graph::REMINDERS`], begins again.
pub fn reminded_from_bytes<G: Graph, Q: Event>(
    bytes: &[u8],
    reminder: usize,
    codec: ValueCodec<Q>,
) -> Result<Reminded, CodecError> {
    let written: WrittenReminder = from_bytes(bytes)?;
    let question = codec.decode(&written.question)?;
    let period = G::REMINDERS.get(reminder).map(|reminder| reminder.period);
    let mut reminding = Reminding::new(written.number, reminder, period.ok_or_else(not_kept)?);
    reminding.count = written.count;
    Ok(Reminded::new(KeptQuestion::new(question), reminding))
}

fn not_kept() -> CodecError {
    CodecError::NoClause("every".to_owned())
}
