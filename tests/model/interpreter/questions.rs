//! Questions: asking, answering, and what becomes of those that nothing answers.

use std::future::Future;
use std::pin::Pin;
use std::task::Context;
use std::time::Duration;

use tokio::time::{Sleep, sleep};

use crate::graph::QUESTION;
use crate::interpreter::asking::{Reply, ReplyTo};
use crate::interpreter::clocks::Clock;
use crate::interpreter::data::Data;
use crate::interpreter::numbers::Number;
use crate::interpreter::split::Rest;
use crate::interpreter::{Execution, Over, lock};
use crate::script::Value;

/// What asks.
pub(super) enum Asker<'a> {
    Clause(usize),
    /// A stage where a clause is split.
    Rest(Rest<'a>),
    /// A stage of a clause that runs.
    Stage(Vec<u64>, ReplyTo),
}

/// A question that waits for its answer.
pub(super) struct Question<'a> {
    pub(super) number: u64,
    pub(super) asker: Asker<'a>,
    pub(super) asked: Value,
    within: Option<(u64, Pin<Box<Sleep>>)>,
    /// That of its reminder.
    pub(super) clock: Option<Clock>,
}

impl Question<'_> {
    /// Whether a stage of this clause asks it.
    pub(super) fn is_of_stage_in(&self, clause: u64) -> bool {
        matches!(&self.asker, Asker::Stage(path, _) if path[0] == clause)
    }
}

impl<'a> Execution<'a> {
    /// The question of a clause leaves through the stream.
    pub(super) fn ask(&self, clause: usize, asked: Value, times: (Option<u64>, Option<u64>)) {
        let number = self.register(Asker::Clause(clause), asked, times);
        self.hand_out_question(number, asked);
    }

    /// With a time limit, and the period of a reminder.
    pub(super) fn register(
        &self,
        by: Asker<'a>,
        asked: Value,
        (within, every): (Option<u64>, Option<u64>),
    ) -> u64 {
        let number = lock(&self.outside.questions).ask(self.this.clone());
        let timer = |within| (within, Box::pin(sleep(Duration::from_millis(within))));
        lock(&self.questions).push(Question {
            number,
            asker: by,
            asked,
            within: within.map(timer),
            clock: every.map(Clock::new),
        });
        number
    }

    /// Takes the answer, unless the question does not wait any more.
    pub(super) fn answer(&self, number: u64, answer: Value) -> String {
        if self.is_over() || self.is_ending() {
            return ENDED.to_owned();
        }
        let mut questions = lock(&self.questions);
        let Some(at) = questions.iter().position(|one| one.number == number) else {
            return NOT_ASKED.to_owned();
        };
        let Question { asker, asked, .. } = questions.remove(at);
        lock(&self.outside.questions).set(number, Number::Closed);
        match asker {
            Asker::Clause(clause) => self.push(clause, Data::Answered(asked, answer), false),
            Asker::Rest(rest) => self.push_rest(rest, asked, Reply::Answered(answer)),
            // It goes on when its clause does.
            Asker::Stage(_, reply) => reply.reply(Reply::Answered(answer)),
        }
        "it takes it".to_owned()
    }

    /// The questions that are too late, or, when nothing runs, that nothing can answer any more: each
    /// of them. Returns whether there were any.
    pub(super) fn take_unanswered(&self, runs: bool, cx: &mut Context<'_>) -> bool {
        let is_ending = self.is_ending();
        let can_answer = {
            let questions = lock(&self.questions);
            let mut waiting = questions.iter();
            let is_out = |number| self.outside.can_answer(number) || self.has_stuck(number);
            runs || waiting.any(|question| is_out(question.number))
        };
        let (mut unanswered, mut waiting) = (Vec::new(), Vec::new());
        for mut question in lock(&self.questions).drain(..) {
            let timer = question.within.as_mut();
            // One after the other, with what follows from it.
            let timer = timer.filter(|_| unanswered.is_empty());
            if timer.is_some_and(|(_, timer)| timer.as_mut().poll(cx).is_ready()) {
                unanswered.push((question, true));
            } else if is_ending || !can_answer {
                unanswered.push((question, false));
            } else {
                waiting.push(question);
            }
        }
        *lock(&self.questions) = waiting;
        let any = !unanswered.is_empty();
        if any && is_ending {
            *lock(&self.gave_up) = true;
        }
        for (question, is_late) in unanswered {
            let became = if is_ending {
                Number::Ended
            } else {
                Number::Closed
            };
            lock(&self.outside.questions).set(question.number, became);
            let within = question.within.filter(|_| is_late);
            let within = within.map(|(within, _)| within);
            let why = match within {
                None if is_ending => Reply::GivenUp,
                within => Reply::Unanswered(within),
            };
            match question.asker {
                Asker::Clause(clause) if self.graph.clauses[clause].otherwise.is_some() => {
                    self.push(clause, Data::Event(QUESTION, question.asked), true);
                }
                Asker::Clause(_) if is_ending => {}
                Asker::Clause(_) => {
                    self.end(Over::Failed(vec![not_answered(within)].into(), false));
                }
                Asker::Rest(rest) => {
                    self.push_rest(rest, question.asked, why);
                }
                Asker::Stage(path, reply) => {
                    reply.reply(why);
                    self.wake(path);
                }
            }
        }
        any
    }

    /// Whether it waits for an answer, or an event from outside.
    pub(super) fn is_awaited(&self) -> bool {
        let takes = !self.graph.externals.is_empty() || self.graph.asks();
        let waits = self.outer.is_none() && takes && self.outside.has_handle();
        let waits = waits || self.is_reachable();
        !self.is_ending() && (waits || !lock(&self.questions).is_empty())
    }
}

pub(super) fn not_answered(within: Option<u64>) -> String {
    match within {
        Some(within) => format!("`Q` was not answered within {}", time(within)),
        None => {
            "`Q` can no longer be answered: every `Asked`, handle and sender was dropped".to_owned()
        }
    }
}

/// As a time limit is told.
pub(super) fn time(milliseconds: u64) -> String {
    match (milliseconds / 1000, milliseconds % 1000) {
        (0, milliseconds) => format!("{milliseconds}ms"),
        (seconds, milliseconds) => format!("{seconds}s {milliseconds}ms"),
    }
}

pub(super) const NOT_ASKED: &str = "the question is not waiting for an answer: it was answered before, \
                         its time limit has passed, or it was never asked";

pub(super) const ENDED: &str = "the execution that asked this question has ended";
