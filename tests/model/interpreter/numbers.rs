//! The numbers of questions, in a whole execution with its stages.

use std::collections::BTreeMap;
use std::sync::Weak;

use crate::interpreter::questions::{ENDED, NOT_ASKED};
use crate::interpreter::{Execution, lock};
use crate::script::Value;

/// What became of a question.
pub(super) enum Number<'a> {
    /// This execution has asked it.
    Asked(Weak<Execution<'a>>),
    /// It has a reply.
    Closed,
    /// What asked it has ended.
    Ended,
}

#[derive(Default)]
pub(super) struct Numbers<'a>(BTreeMap<u64, Number<'a>>);

impl<'a> Numbers<'a> {
    /// The number of the next question.
    pub(super) fn ask(&mut self, execution: Weak<Execution<'a>>) -> u64 {
        let number = self.0.len() as u64;
        self.0.insert(number, Number::Asked(execution));
        number
    }

    pub(super) fn set(&mut self, number: u64, became: Number<'a>) {
        self.0.insert(number, became);
    }
}

impl Execution<'_> {
    /// As [`Self::answer`], by a number that may be that of any question.
    pub(super) fn answer_by_number(&self, number: u64, answer: Value) -> String {
        if self.is_over() || self.is_ending() {
            return ENDED.to_owned();
        }
        let execution = match lock(&self.outside.questions).0.get(&number) {
            Some(Number::Asked(execution)) => execution.upgrade(),
            Some(Number::Ended) => None,
            Some(Number::Closed) | None => return NOT_ASKED.to_owned(),
        };
        let answered = execution.map(|execution| execution.answer(number, answer));
        answered.unwrap_or_else(|| ENDED.to_owned())
    }
}
