//! What handlers do, by a seed, and the record of it. The engine and the model use the same.

use std::future::Future;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};

use fastrand::Rng;
use futures::task::{ArcWake, waker};

use crate::graph::EVENTS;

/// What goes from stage to stage. Its number tells where it comes from.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Value {
    pub(crate) number: u16,
    /// How many events may follow one from another.
    pub(crate) fuel: u8,
}

impl Value {
    pub(crate) fn is_odd(self) -> bool {
        self.number % 2 == 1
    }
}

/// How often handlers do what.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Case {
    pub(crate) seed: u64,
    /// Of 100 calls, so many fail.
    pub(crate) fail: u8,
    /// Of 1000 calls, so many panic.
    pub(crate) panic: u8,
    /// Of 1000 steps, so many stop the execution.
    pub(crate) stop: u8,
    /// The most steps of a call.
    pub(crate) steps: u8,
    pub(crate) fuel: u8,
    /// After so many calls, handlers emit nothing, so that it comes to its end.
    pub(crate) calls: usize,
    /// Nothing reads the items.
    pub(crate) unread: bool,
    pub(crate) max_events: u64,
    pub(crate) max_pending: u64,
    /// The execution is dropped after so many gates.
    pub(crate) drop_after: usize,
}

impl Case {
    pub(crate) fn new(seed: u64) -> Self {
        let mut rng = Rng::with_seed(seed);
        let rarely = |rng: &mut Rng, most| if rng.u8(..3) == 0 { rng.u8(..most) } else { 0 };
        let rarely_less = |rng: &mut Rng, most| {
            if rng.u8(..4) == 0 {
                rng.u64(1..most)
            } else {
                u32::MAX.into()
            }
        };
        Self {
            seed,
            fail: rng.u8(..3) * rng.u8(..20),
            panic: rarely(&mut rng, 40),
            stop: rarely(&mut rng, 40),
            steps: rng.u8(1..6),
            fuel: rng.u8(1..5),
            calls: rng.usize(1..200),
            unread: rng.bool(),
            max_events: rarely_less(&mut rng, 60),
            max_pending: rarely_less(&mut rng, 8),
            drop_after: usize::try_from(rarely_less(&mut rng, 60)).unwrap(),
        }
    }
}

impl Case {
    /// Cases with less of one thing.
    pub(crate) fn smaller(self) -> Vec<Self> {
        let mut all = vec![
            Self {
                calls: self.calls / 2,
                ..self
            },
            Self {
                calls: self.calls.saturating_sub(1),
                ..self
            },
            Self {
                fuel: self.fuel.saturating_sub(1),
                ..self
            },
            Self {
                steps: self.steps.saturating_sub(1),
                ..self
            },
            Self { fail: 0, ..self },
            Self { panic: 0, ..self },
            Self { stop: 0, ..self },
            Self {
                max_events: u32::MAX.into(),
                ..self
            },
            Self {
                max_pending: u32::MAX.into(),
                ..self
            },
            Self {
                drop_after: usize::MAX,
                ..self
            },
        ];
        all.retain(|smaller| *smaller != self);
        all
    }
}

#[derive(Clone, Copy, Debug)]
enum Step {
    Emit(usize),
    Put,
    /// Waits until the test opens the gate.
    Wait,
    Stop,
}

/// How a call comes out.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Outcome {
    /// It returns, and the number chooses what.
    Value(u8),
    Fail,
    Panic,
}

/// An execution that has done more than this at once yields within a `put`, and other clauses go on
/// before it. The laws leave that open, so the handlers do less.
const BURST: usize = 200;

/// No more clauses than this take one event.
const MOST_CLAUSES: usize = 8;

/// The payload of a planned panic, which is not printed.
pub(crate) const PLANNED: &str = "planned";

/// What a handler has of its execution.
pub(crate) trait Surroundings: Sync {
    /// Whether it may emit.
    fn may_emit(&self) -> bool;
    fn emit(&self, event: usize, value: Value);
    fn put(&self, item: u16) -> Pin<Box<dyn Future<Output = ()> + Send + '_>>;
    fn stop(&self);
}

/// The record of one execution.
#[derive(Clone)]
pub(crate) struct World(Arc<Mutex<Record>>, Case);

#[derive(Default)]
struct Record {
    log: Vec<String>,
    calls: usize,
    steps: u64,
    /// The items that were put since a gate was opened, and the clauses that may have run.
    burst: usize,
    /// The gates that are waited at, in the order of arrival.
    gates: Vec<Gate>,
    next_gate: u64,
}

struct Gate {
    number: u64,
    call: String,
    waker: Waker,
}

/// A call that has begun.
pub(crate) struct Call {
    pub(crate) name: String,
    pub(crate) number: u16,
    pub(crate) fuel: u8,
}

impl World {
    pub(crate) fn new(case: Case) -> Self {
        Self(Arc::default(), case)
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

    pub(crate) fn is_waited_at(&self) -> bool {
        !self.lock().gates.is_empty()
    }

    /// Opens one of the gates.
    fn open(&self, rng: &mut Rng) -> bool {
        let mut record = self.lock();
        if record.gates.is_empty() {
            return false;
        }
        record.burst = 0;
        let chosen = rng.usize(..record.gates.len());
        let calls: Vec<_> = record.gates.iter().map(|gate| &gate.call[..]).collect();
        let line = format!("of [{}], {} goes on", calls.join(", "), calls[chosen]);
        record.log.push(line);
        let gate = record.gates.remove(chosen);
        drop(record);
        gate.waker.wake();
        true
    }

    /// What the handler does with its input, up to its outcome.
    pub(crate) async fn call(
        &self,
        handler: &str,
        input: &str,
        fuel: u8,
        surroundings: &dyn Surroundings,
    ) -> (Call, Outcome) {
        let name = format!("{handler}({input})");
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
        for nth in 0..rng.u8(..=case.steps) {
            let step = match rng.u8(..8) {
                0..=2 => Step::Emit(rng.usize(..EVENTS.len())),
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
                Step::Put if has_room => {
                    self.lock().burst += 1;
                    let item = call.number.wrapping_add(u16::from(nth));
                    self.note(format!("{} puts {item}", call.name));
                    surroundings.put(item).await;
                }
                Step::Emit(_) | Step::Put => {}
                Step::Wait => self.gate(&call).await,
                Step::Stop => {
                    self.note(format!("{} stops", call.name));
                    surroundings.stop();
                    // It is dropped where it waits next.
                    self.gate(&call).await;
                }
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

    fn gate(&self, call: &Call) -> impl Future<Output = ()> + Send + use<> {
        AtGate {
            world: self.clone(),
            call: call.name.clone(),
            number: None,
        }
    }
}

/// A call that waits at a gate.
struct AtGate {
    world: World,
    call: String,
    number: Option<u64>,
}

impl Future for AtGate {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let this = &mut *self;
        let mut record = this.world.lock();
        let Some(number) = this.number else {
            let number = record.next_gate;
            record.next_gate += 1;
            record.gates.push(Gate {
                number,
                call: this.call.clone(),
                waker: cx.waker().clone(),
            });
            this.number = Some(number);
            return Poll::Pending;
        };
        match record.gates.iter_mut().find(|gate| gate.number == number) {
            Some(gate) => {
                gate.waker.clone_from(cx.waker());
                Poll::Pending
            }
            None => Poll::Ready(()),
        }
    }
}

impl Drop for AtGate {
    fn drop(&mut self) {
        let gone = {
            let mut record = self.world.lock();
            let at = record
                .gates
                .iter()
                .position(|gate| Some(gate.number) == self.number);
            at.map(|at| record.gates.remove(at))
        };
        drop(gone);
    }
}

struct Woken(AtomicBool);

impl ArcWake for Woken {
    fn wake_by_ref(this: &Arc<Self>) {
        this.0.store(true, Ordering::SeqCst);
    }
}

/// Polls until it is ready, and opens a gate whenever nothing else can go on. `None` if nothing
/// waits at a gate either, or if it is to be dropped.
pub(crate) fn drive<T>(
    case: &Case,
    world: &World,
    mut poll: impl FnMut(&mut Context<'_>) -> Poll<T>,
) -> Option<T> {
    let mut rng = Rng::with_seed(case.seed);
    let mut opened = 0;
    let woken = Arc::new(Woken(AtomicBool::new(true)));
    let waker = waker(Arc::clone(&woken));
    loop {
        while woken.0.swap(false, Ordering::SeqCst) {
            if let Poll::Ready(ready) = poll(&mut Context::from_waker(&waker)) {
                return Some(ready);
            }
        }
        if opened == case.drop_after || !world.open(&mut rng) {
            return None;
        }
        opened += 1;
    }
}
