//! An execution that goes on with what is in its store.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::SystemTime;

use tokio::time::Instant;

use crate::engine::core::Core;
use crate::engine::driver::ticks::RestoredTimes;
use crate::engine::ending::Ending;
use crate::engine::inside::Inside;
use crate::engine::log::Recording;
use crate::engine::log::batches::Log;
use crate::engine::log::clock::WallClock;
use crate::engine::log::held::EndingRow;
use crate::engine::log::read::{Head, not_read, unreadable};
use crate::engine::recording::hooks::STOPPED;
use crate::engine::router::Engine;
use crate::error::{FlowError, FlowErrorKind};
use crate::graph::{ClauseDesc, TriggerDesc};
use crate::idempotency_key::random;
use crate::macro_support::durable::codec::CodecError;
use crate::macro_support::graph::{Graph, GraphCodec};
use crate::macro_support::type_map::TypeMap;
use crate::records::bytes::Bytes;
use crate::records::codec::{from_bytes, to_bytes};
use crate::records::commit::Change;
use crate::records::key;
use crate::records::live_rows::LiveRows;
use crate::records::rows::{ActivationRow, Rows};

impl Log {
    /// That of an execution with these rows.
    pub(crate) fn restore(rows: &Rows, now: SystemTime) -> Result<Self, FlowError> {
        let log = Self::new(
            WallClock::new(now, Head::read(rows)?.started),
            LiveRows::of(rows),
        );
        {
            let questions = &mut log.lock().questions;
            if let Some(row) = rows.get(key::NEXT_QUESTION) {
                questions.begin_at(number(row).ok_or_else(|| unreadable(key::NEXT_QUESTION))?);
            }
            for (number, row) in rows.questions().map_err(not_read)? {
                questions.waiting.insert(number, (row, None));
            }
            for (key, row) in rows.of(key::REMINDERS) {
                let read = key::number(key).zip(number(row));
                let (question, next) = read.ok_or_else(|| unreadable(key))?;
                questions.reminders.insert(question, next);
            }
            for (key, row) in rows.of(key::ANSWERS) {
                let number = key::number(key).ok_or_else(|| unreadable(key))?;
                questions.answered.insert(number, row.to_vec());
            }
        }
        Ok(log)
    }
}

impl<G: Graph> Core<G> {
    /// Gives an execution that has not been polled what is in its rows, in place of its first
    /// activation. From here on, it is recorded.
    pub(crate) fn restore(
        engine: &Engine<G>,
        inside: &Inside<G>,
        codec: &'static GraphCodec<G>,
        rows: &Rows,
        (log, space): (Arc<Log>, String),
    ) -> Result<RestoredTimes, FlowError> {
        let core = engine.core();
        let head = Head::read(rows)?;
        let recording = Recording::new(codec, log, space, &head);
        let clock = &recording.log.clock;
        drop(inside.queue.take());
        let (mut running, mut reminding) = (Vec::new(), BTreeSet::new());
        let activations = rows.of(key::ACTIVATIONS);
        let activations = activations.map(|(_, row)| from_bytes::<ActivationRow>(row));
        let mut activations: Vec<_> = activations.collect::<Result<_, _>>().map_err(not_read)?;
        activations.sort_by_key(|row| row.id);
        for ActivationRow { id, name, value } in activations {
            let activation = (codec.decode)(&name, &value.0).map_err(not_read)?;
            let (clause, _) = G::place(&activation);
            running.extend(every_number::<G>(clause));
            reminding.extend((codec.reminded)(&activation));
            inside.queue.push(activation);
            recording.queued.borrow_mut().push_back(id);
            recording.next.set(id + 1);
        }
        recording.reminding.replace(reminding);
        if let Some(next) = rows.get(key::NEXT) {
            let next = number(next).ok_or_else(|| unreadable(key::NEXT))?;
            recording.next.set(next.max(recording.next.get()));
        }
        let calls = rows.of(key::CALLS);
        let calls = calls.map(|(key, row)| (key.to_owned(), row.to_vec()));
        recording.recorded.replace(calls.collect());
        let mut written = Ok(());
        inside.with_states(&mut |states| written = restore_states(codec, rows, states));
        written?;
        if let Some(output) = rows.get(key::OUTPUT) {
            recording.outputs.set(true);
            if core.decide((codec.output.decode)(output).map_err(not_read)?) {
                core.close_to_outside();
            }
        }
        let sent = rows.of(key::SENT);
        let sent = sent.filter_map(|(key, _)| key.strip_prefix(key::SENT));
        recording.sent.replace(sent.map(str::to_owned).collect());
        if let Some(row) = rows.get(key::ENDING) {
            let ending: EndingRow = from_bytes(row).map_err(not_read)?;
            recording.ended.set(Some(0));
            inside.end(ending.ending());
            if let Some(finally) = rows.get(key::FINALLY) {
                core.go_on_finalizing(inside);
                if finally == STOPPED {
                    inside.end(Ending::Stopped);
                }
            }
        }
        let times = RestoredTimes {
            started: clock.instant(head.started).unwrap_or_else(Instant::now),
            ticks: ticks(clock, codec.every, rows),
            running,
        };
        core.number_questions_from(recording.log.lock().questions.next);
        core.note_recorded();
        // It is set here alone.
        let kept = inside.kept.get_or_init(Box::default);
        let recording = kept.recording.get_or_init(|| recording);
        for (row, before) in recording.asked_before() {
            recording.ask_again(engine, &row, before)?;
        }
        Ok(times)
    }
}

/// When the clauses `every` tick next that have ticked before.
fn ticks(clock: &WallClock, every: &[&str], rows: &Rows) -> Vec<(usize, Instant)> {
    let ticked = every.iter().enumerate().filter_map(|(every, name)| {
        let row = rows.get(&key::tick(name))?;
        Some((every, clock.instant(number(row)?)?))
    });
    ticked.collect()
}

/// A number as it is in a row.
fn number(row: &[u8]) -> Option<u64> {
    row.try_into().ok().map(u64::from_be_bytes)
}

/// The number of the clause among those of its kind, if it is an `every`.
fn every_number<G: Graph>(clause: usize) -> Option<usize> {
    let clauses = G::DESC.clauses.get(..=clause)?;
    let is_every = |clause: &&ClauseDesc| matches!(clause.trigger, TriggerDesc::Every { .. });
    clauses.last().filter(is_every)?;
    Some(clauses.iter().filter(is_every).count() - 1)
}

/// Gives the states their values. One that was not recorded is new, and begins with its first value,
/// unless another one is gone: it may be that one under another name.
fn restore_states<G: Graph>(
    codec: &'static GraphCodec<G>,
    rows: &Rows,
    states: &TypeMap,
) -> Result<(), FlowError> {
    let mut new = None;
    for state in codec.states {
        let name = (state.name)();
        match rows.get(&key::state(name)) {
            Some(row) => (state.write)(states, row).map_err(not_read)?,
            None => new = Some(name),
        }
    }
    let known = |name: &str| codec.states.iter().any(|state| (state.name)() == name);
    let recorded = rows.of(key::STATES);
    let mut recorded = recorded.filter_map(|(key, _)| key.strip_prefix(key::STATES));
    match new.zip(recorded.find(|name| !known(name))) {
        None => Ok(()),
        Some((new, gone)) => Err(FlowError::new(
            FlowErrorKind::Diverged,
            format!(
                "`state {gone}` was recorded, which this flow does not have, and `state {new}` was \
                 not: a state is known by how its type is written in the flow"
            ),
        )),
    }
}

/// The time of the wall, for the begin of an execution.
pub(crate) fn started(now: SystemTime) -> u64 {
    WallClock::new(now, 0).now()
}

/// The rows of an execution that has not begun: its first activation, and its states.
pub(crate) fn first_rows<G: Graph>(
    codec: &'static GraphCodec<G>,
    input: G::Input,
    started: u64,
) -> Result<Vec<Change>, CodecError> {
    let mut states = TypeMap::default();
    G::states(&input, &mut states);
    let head = Head {
        started,
        incarnation: random(),
        input: Bytes((codec.input.encode)(&input)?),
    };
    let mut changes = vec![Change::Put(key::HEAD.to_owned(), to_bytes(&head)?)];
    for state in codec.states {
        if let Some(row) = (state.read)(&states) {
            changes.push(Change::Put(key::state((state.name)()), row?));
        }
    }
    let (name, payload) = (codec.encode)(&G::start(input))?;
    let (id, value) = (0, Bytes(payload));
    let row = to_bytes(&ActivationRow { id, name, value })?;
    changes.push(Change::Put(key::activation(0), row));
    Ok(changes)
}
