//! What is recorded of a question that waits.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::records::bytes::Bytes;
use crate::records::codec::{CodecError, from_bytes};
use crate::records::key;
use crate::records::rows::Rows;

/// A question of a durable execution that waits for its answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct QuestionRow {
    /// The type of the question, as the flow spells it.
    pub name: String,
    /// The question, as the codec has written it.
    pub question: Bytes,
    /// When it is too late for an answer, in milliseconds since 1970.
    pub deadline: Option<u64>,
    /// How long it could be answered when it was asked.
    pub within: Option<Duration>,
    /// The key of the stage that asks it; none of a clause.
    pub(crate) stage: Option<String>,
    /// The space of the stage, a flow, that it belongs to; empty for the outermost flow.
    pub(crate) space: String,
}

impl Rows {
    /// The questions that wait, each with its number.
    ///
    /// # Errors
    ///
    /// If a row is not one that was written for a question.
    pub fn questions(&self) -> Result<Vec<(u64, QuestionRow)>, CodecError> {
        let rows = self.of(key::QUESTIONS);
        let numbered = rows.filter_map(|(key, row)| Some((key::number(key)?, row)));
        numbered
            .map(|(number, row)| Ok((number, from_bytes(row)?)))
            .collect()
    }
}
