//! What handlers do, by a seed, and the record of it. The engine and the model use the same.

use std::future::Future;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, ready};

use fastrand::Rng;
use futures::Stream;

use crate::case::Case;
use crate::gates::{AtGate, Gates};
use crate::graph::{EVENTS, QUESTION};
use crate::instants::Instants;
pub(crate) use crate::parts::{Call, Outcome, PLANNED, Surroundings, Value, without_names};

#[derive(Clone, Copy, Debug)]
enum Step {
    Emit(usize),
    Put,
    /// Waits until the test opens the gate.
    Wait,
    Stop,
}

/// An execution that has done more than this at once yields within a `put`, and other clauses go on
/// before it. The laws leave that open, so the handlers do less.
const BURST: usize = 200;

/// No more clauses than this take one event.
const MOST_CLAUSES: usize = 8;

/// The record of one execution.
#[derive(Clone)]
pub(crate) struct World(Arc<Mutex<Record>>, Case);

struct Record {
    log: Vec<String>,
    calls: usize,
    steps: u64,
    /// The items that were put since a gate was opened, and the clauses that may have run.
    burst: usize,
    gates: Gates,
    instants: Instants,
}

impl World {
    pub(crate) fn new(case: Case) -> Self {
        let record = Record {
            log: Vec::new(),
            calls: 0,
            steps: 0,
            burst: 0,
            gates: Gates::default(),
            instants: Instants::new(),
        };
        Self(Arc::new(Mutex::new(record)), case)
    }

    fn lock(&self) -> MutexGuard<'_, Record> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn note(&self, line: impl Into<String>) {
        self.lock().log.push(line.into());
    }

    pub(crate) fn log(&self) -> Vec<String> {
        self.lock().log.clone()
    }

    pub(crate) fn steps(&self) -> u64 {
        self.lock().steps
    }

    /// What the laws leave open in what has happened. Empty if nothing is.
    pub(crate) fn left_open(&self) -> String {
        self.lock().instants.left_open()
    }

    pub(crate) fn instants<T>(&self, access: impl FnOnce(&mut Instants) -> T) -> T {
        access(&mut self.lock().instants)
    }

    pub(crate) fn is_waited_at(&self) -> bool {
        !self.lock().gates.calls().is_empty()
    }

    /// The calls that wait at gates, in the order of arrival.
    pub(crate) fn at_gates(&self) -> Vec<String> {
        self.lock().gates.calls()
    }

    /// Opens the gate of this call.
    pub(crate) fn open(&self, chosen: usize) {
        let mut record = self.lock();
        record.burst = 0;
        let waker = record.gates.open(chosen);
        drop(record);
        waker.wake();
    }

    /// Something outside acts, so that handlers may do more again.
    pub(crate) fn end_burst(&self) {
        self.lock().burst = 0;
    }

    /// The part of the record that [`AtGate`] uses.
    pub(crate) fn gates<T>(&self, access: impl FnOnce(&mut Gates) -> T) -> T {
        access(&mut self.lock().gates)
    }

    /// What the handler does with its input, up to its outcome.
    pub(crate) async fn call(
        &self,
        handler: &str,
        input: &str,
        fuel: u8,
        surroundings: &dyn Surroundings,
    ) -> (Call, Outcome) {
        let name = match surroundings.attempt() {
            1 => format!("{handler}({input})"),
            attempt => format!("{handler}({input}) again, {attempt}"),
        };
        let case = self.1;
        let mut hasher = DefaultHasher::new();
        (case.seed, &name).hash(&mut hasher);
        let mut rng = Rng::with_seed(hasher.finish());
        let number = rng.u16(..);
        let call = Call { name, number, fuel };
        {
            let mut record = self.lock();
            record.log.push(format!("{} begins", call.name));
            record.calls += 1;
        }
        // A clock would go on for ever.
        let is_last = handler.starts_with('k') && self.lock().calls > case.calls;
        if is_last {
            self.stop(&call, surroundings).await;
        }
        for nth in 0..rng.u8(..=case.steps) {
            let step = match rng.u8(..8) {
                0..=2 => Step::Emit(rng.usize(..=QUESTION)),
                3..=4 => Step::Put,
                _ => Step::Wait,
            };
            let step = if rng.u16(..1000) < u16::from(case.stop) {
                Step::Stop
            } else {
                step
            };
            let (has_room, may_emit) = {
                let mut record = self.lock();
                record.steps += 1;
                let goes_on = call.fuel > 0 && record.calls < case.calls;
                (record.burst < BURST, goes_on && surroundings.may_emit())
            };
            match step {
                Step::Emit(event) if has_room && may_emit => {
                    let fuel = call.fuel - 1;
                    let number = call.number.wrapping_add(u16::from(nth));
                    self.note(format!("{} emits {}({number})", call.name, EVENTS[event]));
                    self.lock().burst += MOST_CLAUSES;
                    surroundings.emit(event, Value { number, fuel });
                }
                Step::Put if has_room && surroundings.may_put() => {
                    self.lock().burst += 1;
                    let item = call.number.wrapping_add(u16::from(nth));
                    self.note(format!("{} puts {item}", call.name));
                    surroundings.put(item).await;
                }
                Step::Emit(_) | Step::Put => {}
                Step::Wait => self.gate(&call).await,
                Step::Stop => self.stop(&call, surroundings).await,
            }
        }
        self.lock().steps += 1;
        let outcome = if rng.u8(..100) < case.fail {
            Outcome::Fail
        } else if rng.u16(..1000) < u16::from(case.panic) {
            Outcome::Panic
        } else {
            Outcome::Value(rng.u8(..))
        };
        (call, outcome)
    }

    async fn stop(&self, call: &Call, surroundings: &dyn Surroundings) {
        self.note(format!("{} stops", call.name));
        surroundings.stop();
        // It is dropped where it waits next.
        self.gate(call).await;
    }

    /// The events that a call returns: no more than its fuel and the execution allow.
    pub(crate) fn returned(&self, call: &Call, which: u8) -> Vec<Value> {
        let mut record = self.lock();
        let goes_on = call.fuel > 0 && record.calls < self.1.calls && record.burst < BURST;
        let number = if goes_on { which % 4 } else { 0 };
        record.burst += MOST_CLAUSES * usize::from(number);
        let values = (0..number).map(|nth| Value {
            number: call.number.wrapping_add(100 + u16::from(nth)),
            fuel: call.fuel - 1,
        });
        values.collect()
    }

    /// The items that a call returns as a stream.
    pub(crate) fn source(&self, call: &Call, which: u8) -> Source {
        Source {
            world: self.clone(),
            call: call.clone(),
            rng: Rng::with_seed(u64::from(call.number)),
            left: which % 6,
            gate: None,
        }
    }

    fn gate(&self, call: &Call) -> impl Future<Output = ()> + Send + use<> {
        AtGate::new(self, &call.name)
    }
}

/// A stream of values. Some of them come only when the test opens a gate.
pub(crate) struct Source {
    world: World,
    call: Call,
    rng: Rng,
    left: u8,
    gate: Option<AtGate>,
}

impl Stream for Source {
    type Item = Value;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Value>> {
        let this = &mut *self;
        if this.gate.is_none() && this.rng.bool() {
            let name = format!("{}, {} left", this.call.name, this.left);
            this.gate = Some(AtGate::new(&this.world, &name));
        }
        if let Some(gate) = &mut this.gate {
            ready!(Pin::new(gate).poll(cx));
            this.gate = None;
        }
        if this.left == 0 {
            return Poll::Ready(None);
        }
        this.left -= 1;
        this.world
            .note(format!("{} yields, {} left", this.call.name, this.left));
        Poll::Ready(Some(Value {
            number: this.call.number.wrapping_add(this.left.into()),
            fuel: this.call.fuel,
        }))
    }
}
