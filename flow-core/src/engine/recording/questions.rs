//! The questions of an execution that is kept in a store.

use std::any::TypeId;
use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use tokio::time::Instant;

use crate::engine::core::Core;
use crate::engine::inside::Inside;
use crate::engine::log::Recording;
use crate::engine::log::batches::Log;
use crate::engine::log::read::not_read;
use crate::engine::recording::hooks::not_recorded;
use crate::engine::router::Engine;
use crate::error::FlowError;
use crate::event::Event;
use crate::handler::router::NoReply;
use crate::macro_support::durable::codec::CodecError;
use crate::macro_support::durable::outside::{AskedBefore, QuestionCodec};
use crate::macro_support::durable::path::Place;
use crate::macro_support::durable::question::AskedRow;
use crate::macro_support::graph::Graph;
use crate::macro_support::reminding::Reminding;
use crate::question::Asked;
use crate::records::bytes::Bytes;
use crate::records::codec::to_bytes;
use crate::records::commit::Change;
use crate::records::key;
use crate::records::message::Refused;
use crate::records::question::QuestionRow;

impl Log {
    /// Records what became of a question. That of a clause is in what the clause, or its `else`,
    /// begins with. The reply to that of a stage is returned, with the key of its row.
    fn write_reply(&self, number: u64, reply: &AskedRow) -> Result<(), CodecError> {
        let mut log = self.lock();
        let asked = log.question_is_over(number);
        let stage = asked.and_then(|asked| Some(asked.space + &asked.stage?));
        if let Some(stage) = stage {
            log.changes.push(Change::Put(stage, to_bytes(reply)?));
            let batch = log.open_batch();
            log.questions.replied.insert(number, batch);
        }
        Ok(())
    }
}

impl<G: Graph> Recording<G> {
    fn question_codec<Q: Event>(&self) -> Option<&'static QuestionCodec> {
        let mut questions = self.codec.questions.iter();
        questions.find(|codec| (codec.id)() == TypeId::of::<Q>())
    }

    /// Records a question that is asked.
    fn write_question<Q: Event>(
        &self,
        number: u64,
        question: &Q,
        within: Option<Duration>,
        (due, reminds): (Option<Instant>, Option<Instant>),
        stage: Option<String>,
    ) -> Result<(), CodecError> {
        let codec = self.question_codec::<Q>();
        let row = QuestionRow {
            name: codec.map_or(Q::DESC.name, |codec| codec.name).to_owned(),
            question: match codec {
                Some(codec) => Bytes((codec.question)(question)?),
                None => Bytes::default(),
            },
            deadline: due.map(|due| self.log.clock.wall(due)),
            within,
            stage,
            space: self.space.clone(),
        };
        // All questions are in one place, where the outside finds them.
        self.log
            .write(Change::Put(key::question(number), to_bytes(&row)?));
        if let Some(stage) = &row.stage {
            let asked = to_bytes(&AskedRow::Asked(number))?;
            self.write(Change::Put(stage.clone(), asked));
        }
        self.write_reminder(number, reminds);
        let questions = &mut self.log.lock().questions;
        questions.next = questions.next.max(number + 1);
        questions.waiting.insert(number, (row, codec));
        Ok(())
    }

    /// Records when the reminder of a question ticks next.
    fn write_reminder(&self, number: u64, next: Option<Instant>) {
        let next = next.map(|next| self.log.clock.wall(next));
        self.log.lock().set_reminder(number, next);
    }

    /// When the reminder of a question ticks next, as far as that is recorded.
    fn reminds(&self, number: u64) -> Option<Instant> {
        let next = self.log.lock().questions.reminders.get(&number).copied();
        self.log.clock.instant(next?)
    }

    /// A question that was asked before a crash.
    fn before(&self, number: u64, row: &QuestionRow) -> AskedBefore {
        let due = row.deadline.and_then(|due| self.log.clock.instant(due));
        AskedBefore {
            number,
            within: row.within,
            due,
            reminds: self.reminds(number),
            is_reminding: self.reminding.borrow().contains(&number),
        }
    }
}

impl<G: Graph> Inside<G> {
    /// Records a question of a clause, or of the stage with this key.
    pub(crate) fn record_question<Q: Event>(
        &self,
        number: u64,
        question: &Q,
        within: Option<Duration>,
        due_and_reminds: (Option<Instant>, Option<Instant>),
        stage: Option<String>,
    ) {
        if let Some(recording) = self.recording() {
            recording.note_written(self.slot());
            let written =
                recording.write_question(number, question, within, due_and_reminds, stage);
            if let Err(error) = written {
                self.end(not_recorded(error));
            }
        }
    }

    /// Records that the reminder of a question has ticked, and when it does next.
    pub(crate) fn record_reminder(&self, number: u64, next: Option<Instant>) {
        if let Some(recording) = self.recording() {
            recording.write_reminder(number, next);
        }
    }

    /// A run of a reminder is over, which has the time of its next one if it was not loaded since.
    /// Returns `false` if that is seen to by the stage that asks, when it is come to.
    pub(crate) fn goes_on_reminding(&self, core: &Core<G>, reminding: &mut Reminding) -> bool {
        let Some(recording) = self.recording() else {
            return true;
        };
        let number = reminding.question;
        recording.reminding.borrow_mut().remove(&number);
        if !core.waits_for_answer(number) {
            return false;
        }
        reminding.clock.next = reminding.clock.next.or_else(|| recording.reminds(number));
        true
    }

    /// Records that a question is not answered.
    pub(crate) fn record_unanswered(&self, number: u64, reply: NoReply) {
        if let Some(recording) = self.recording() {
            let reply = match reply {
                NoReply::Unanswered(within) => AskedRow::Unanswered(within),
                NoReply::Ending => AskedRow::Ending,
            };
            if let Err(error) = recording.log.write_reply(number, &reply) {
                self.end(not_recorded(error));
            }
        }
    }
}

impl<G: Graph> Core<G> {
    /// Asks the question of a stage, or waits for the answer to the one with this number.
    pub(super) fn ask_recorded<Q: Event>(
        self: &Arc<Self>,
        question: Q,
        within: Option<Duration>,
        reminder: Option<(usize, Q)>,
        place: &Place,
        number: Option<u64>,
    ) -> (
        u64,
        Asked<Q>,
        impl Future<Output = Result<Q::Answer, NoReply>> + Send + use<'_, G, Q>,
    ) {
        let (mut again, mut stage) = (None, None);
        self.inside.with(|inside| {
            let recording = inside.recording()?;
            stage = Some(place.key(recording.activation_in(inside.slot())));
            let number = number?;
            let row = {
                let mut log = recording.log.lock();
                let (row, codec) = log.questions.waiting.get_mut(&number)?;
                *codec = recording.question_codec::<Q>();
                row.clone()
            };
            again = Some(recording.before(number, &row));
            Some(())
        });
        let (asked, reply) = self.ask_in_place_as(question, within, reminder, stage, again);
        (asked.id.number(), asked, reply)
    }

    /// Takes an answer. It takes effect with the next commit.
    pub(super) fn answer_recorded(
        &self,
        inside: &Inside<G>,
        number: u64,
        answer: &[u8],
    ) -> Result<(), Refused> {
        let recording = inside.recording().ok_or(Refused::Ended)?;
        let log = &recording.log;
        let waiting = {
            let log = log.lock();
            if let Some(before) = log.questions.answered.get(&number) {
                let is_same = before == answer;
                return if is_same {
                    Ok(())
                } else {
                    Err(Refused::NotAsked)
                };
            }
            log.questions.waiting.get(&number).map(|(_, codec)| *codec)
        };
        if self.is_ending() || inside.has_ended() {
            return Err(Refused::Ended);
        }
        let codec = waiting.ok_or(Refused::NotAsked)?.ok_or(Refused::NotYet)?;
        let unreadable = |error: CodecError| Refused::Unreadable(error.to_string());
        let mut value = (codec.answer)(answer).map_err(unreadable)?;
        let reply = AskedRow::Answered(Bytes(answer.to_vec()));
        log.write_reply(number, &reply).map_err(unreadable)?;
        log.write(Change::Put(key::answer(number), answer.to_vec()));
        log.lock()
            .questions
            .answered
            .insert(number, answer.to_vec());
        // The clause that it leads to is recorded when it is queued, in the same batch.
        self.answer_any_of(number, (codec.id)(), &mut *value);
        Ok(())
    }
}

impl<G: Graph> Recording<G> {
    /// The questions of clauses that wait again, after this was made.
    pub(super) fn asked_before(&self) -> Vec<(QuestionRow, AskedBefore)> {
        let clauses: Vec<_> = {
            let log = self.log.lock();
            let waiting = log.questions.waiting.iter();
            let waiting = waiting.filter(|(_, (row, _))| row.space == self.space);
            let clauses = waiting.filter(|(_, (row, _))| row.stage.is_none());
            clauses
                .map(|(number, (row, _))| (*number, row.clone()))
                .collect()
        };
        let asked = clauses.into_iter().map(|(number, row)| {
            let before = self.before(number, &row);
            (row, before)
        });
        asked.collect()
    }

    /// A question of a clause waits again.
    pub(super) fn ask_again(
        &self,
        engine: &Engine<G>,
        row: &QuestionRow,
        before: AskedBefore,
    ) -> Result<(), FlowError> {
        let mut questions = self.codec.questions.iter();
        let codec = questions.find(|codec| codec.name == row.name);
        if let Some((_, asked)) = self.log.lock().questions.waiting.get_mut(&before.number) {
            *asked = codec;
        }
        G::ask_again(engine, &row.name, &row.question.0, before).map_err(not_read)
    }
}
