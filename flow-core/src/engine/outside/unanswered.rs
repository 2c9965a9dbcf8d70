//! Giving up a question: its time is over, or nothing can answer it any more.

use std::collections::BTreeMap;

use crate::engine::core::Core;
use crate::engine::ending::Ending;
use crate::engine::inside::Inside;
use crate::engine::outside::questions::{Asker, WaitingQuestion};
use crate::error::FlowError;
use crate::handler::router::NoReply;
use crate::macro_support::drop::drop_each_catching;
use crate::macro_support::graph::Graph;

impl<G: Graph> Core<G> {
    /// The time of a question is over, unless it was answered.
    pub(crate) fn expire(&self, inside: &Inside<G>, number: u64) {
        let waiting = self.with_outside(|outside| outside.questions.remove(number));
        if let Some(waiting) = waiting {
            self.unanswered(inside, number, waiting);
        }
    }

    /// Gives up all questions because nothing can answer them any more. Returns whether there
    /// were any.
    #[inline]
    pub(crate) fn give_up_questions(&self, inside: &Inside<G>) -> bool {
        let asks = const { G::DESC.asks() };
        asks && self.has_outside() && self.give_up_all_questions(inside)
    }

    #[cold]
    fn give_up_all_questions(&self, inside: &Inside<G>) -> bool {
        let waiting = self.with_outside(|outside| outside.questions.take_waiting());
        let mut any = false;
        for (number, waiting) in waiting {
            any = true;
            let waiting = WaitingQuestion {
                within: None,
                ..waiting
            };
            self.unanswered(inside, number, waiting);
        }
        if any && self.is_ending() {
            self.note_given_up();
        }
        any
    }

    fn unanswered(&self, inside: &Inside<G>, number: u64, waiting: WaitingQuestion<G>) {
        waiting.release();
        match &self.tree {
            // It was not answered, and its execution takes no answers any more.
            Some(tree) if self.is_ending() => tree.end(number),
            _ => self.close_number(number),
        }
        // What is decided later changes nothing, in whatever order those that wait go on.
        let why = if waiting.within.is_none() && self.is_ending() {
            NoReply::Ending
        } else {
            NoReply::Unanswered(waiting.within)
        };
        inside.record_unanswered(number, why);
        let (routes, otherwise) = match waiting.asker {
            Asker::Stage(reply) => {
                if let Some(waker) = reply.give_up(why) {
                    waker.wake();
                }
                return;
            }
            Asker::Clause { question, routes } => (routes, (routes.otherwise)(question, why)),
        };
        match otherwise {
            Some(rest) if routes.pause.is_some() => {
                // Answers from outside came first.
                self.drain_outside();
                inside.add_rest(rest);
            }
            Some(activation) => self.push_uncaused(activation),
            // Nobody can answer, and the execution does not need the answer to end.
            None if self.is_ending() => {}
            None => inside.end(Ending::Failed(FlowError::unanswered(
                routes.name,
                waiting.within,
            ))),
        }
    }

    /// Gives up the questions of an execution that has ended.
    pub(crate) fn drop_questions(&self, questions: BTreeMap<u64, WaitingQuestion<G>>) {
        let waiting = questions.into_iter().map(|(number, waiting)| {
            if let Some(tree) = &self.tree {
                tree.end(number);
            }
            self.inside.with(|inside| inside.record_gone(number));
            waiting.release();
            waiting
        });
        drop_each_catching(waiting);
    }
}
