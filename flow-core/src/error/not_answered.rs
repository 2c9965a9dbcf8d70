//! The error of a stage whose question was not answered.

use std::error::Error;
use std::fmt;
use std::time::Duration;

use crate::graph::duration::Readable;

/// A stage asked a question that was not answered. Without a rescue, it becomes a [`FlowError`].
#[derive(Clone, Copy, Debug)]
pub(crate) struct NotAnswered {
    pub(super) question: &'static str,
    pub(super) within: Option<Duration>,
}

impl NotAnswered {
    pub(crate) fn new(question: &'static str, within: Option<Duration>) -> Self {
        Self { question, within }
    }

    /// The question, and the time that it had.
    #[cfg(feature = "durable")]
    pub(crate) fn parts(self) -> (&'static str, Option<Duration>) {
        (self.question, self.within)
    }
}

impl fmt::Display for NotAnswered {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let question = self.question;
        match self.within {
            Some(within) => write!(
                f,
                "`{question}` was not answered within {}",
                Readable(within)
            ),
            None => write!(
                f,
                "`{question}` can no longer be answered: \
                 every `Asked`, handle and sender was dropped"
            ),
        }
    }
}

impl Error for NotAnswered {}
