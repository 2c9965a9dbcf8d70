//! What handlers do, by a seed, and the record of it. It depends on what a call takes alone, so
//! that a call that is made again does the same.

use std::collections::{BTreeMap, BTreeSet};
use std::future::{Future, pending};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};

use fastrand::Rng;
use flow_core::IdempotencyKey;
use futures::stream;
use tokio::sync::Notify;

use crate::graph::QUESTION;
pub(crate) use crate::parts::{Call, Outcome, PLANNED, Surroundings, Value, without_names};

/// A call puts no more items than this.
pub(crate) const MOST_PUTS: usize = 4;

/// How often handlers do what.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Plan {
    pub(crate) seed: u64,
    pub(crate) fuel: u8,
    /// The most steps of a call before it waits, and after.
    steps: u8,
    /// Of 100 calls, so many fail.
    fail: u8,
    /// Of 1000 calls, so many panic.
    panic: u16,
    /// Of 1000 steps, so many stop the execution.
    stop: u16,
    /// How many events of each kind come from outside.
    pub(crate) sends: u8,
    pub(crate) cancels: bool,
}

impl Plan {
    pub(crate) fn new(seed: u64) -> Self {
        let mut rng = Rng::with_seed(seed);
        Self {
            seed,
            fuel: rng.u8(1..=3),
            steps: rng.u8(0..=2),
            fail: rng.u8(..3) * rng.u8(..12),
            panic: u16::from(rng.u8(..4) == 0) * 15,
            stop: u16::from(rng.u8(..4) == 0) * 20,
            sends: rng.u8(..3),
            cancels: rng.u8(..6) == 0,
        }
    }

    /// A number that everything with this name has in these runs.
    pub(crate) fn hash(&self, name: &str) -> u64 {
        let mut hasher = DefaultHasher::new();
        (self.seed, name).hash(&mut hasher);
        hasher.finish()
    }
}

/// The record of one execution, in all its lives.
#[derive(Clone)]
pub(crate) struct World(Arc<Inner>);

struct Inner {
    plan: Plan,
    record: Mutex<Record>,
    /// A call waits at a gate.
    arrived: Notify,
}

#[derive(Default)]
struct Record {
    /// What attempts of calls have come to.
    effects: BTreeMap<String, usize>,
    /// What the outside has done for each key.
    by_key: BTreeMap<String, BTreeSet<String>>,
    /// The calls that wait, in the order of arrival.
    gates: Vec<(u64, String, Waker)>,
    next: u64,
    /// Two calls that wait cannot be told apart.
    is_ambiguous: bool,
}

impl World {
    pub(crate) fn new(plan: Plan) -> Self {
        Self(Arc::new(Inner {
            plan,
            record: Mutex::default(),
            arrived: Notify::new(),
        }))
    }

    fn lock(&self) -> MutexGuard<'_, Record> {
        self.0.record.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn plan(&self) -> &Plan {
        &self.0.plan
    }

    pub(crate) fn note(&self, effect: impl Into<String>) {
        *self.lock().effects.entry(effect.into()).or_default() += 1;
    }

    pub(crate) fn effects(&self) -> BTreeMap<String, usize> {
        self.lock().effects.clone()
    }

    /// Acts on the outside, which knows the key.
    pub(crate) fn act_outside(&self, name: &str, key: &IdempotencyKey, value: Value) {
        let mut record = self.lock();
        let key = record.by_key.entry(key.as_str().to_owned()).or_default();
        key.insert(format!("{name}({})", value.number));
    }

    /// What the outside has done, once for each key.
    pub(crate) fn done_outside(&self) -> Vec<Vec<String>> {
        let record = self.lock();
        let done = record.by_key.values();
        let mut done: Vec<Vec<_>> = done.map(|done| done.iter().cloned().collect()).collect();
        done.sort_unstable();
        done
    }

    pub(crate) fn is_ambiguous(&self) -> bool {
        self.lock().is_ambiguous
    }

    pub(crate) async fn arrival(&self) {
        self.0.arrived.notified().await;
    }

    /// The names of the calls that wait.
    pub(crate) fn waiting(&self) -> Vec<String> {
        let mut record = self.lock();
        let names = record.gates.iter().map(|(_, name, _)| name.clone());
        let names: Vec<_> = names.collect();
        let different: BTreeSet<_> = names.iter().collect();
        record.is_ambiguous |= different.len() < names.len();
        names
    }

    /// Lets a call go on.
    pub(crate) fn open(&self, name: &str) {
        let mut record = self.lock();
        let at = record.gates.iter().position(|(_, call, _)| call == name);
        let (_, _, waker) = record.gates.remove(at.expect("it waits"));
        drop(record);
        waker.wake();
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
        let plan = self.plan();
        let mut rng = Rng::with_seed(plan.hash(&name));
        let number = rng.u16(..);
        // What takes an error knows nothing of the fuel, and would go on for ever.
        let fuel = if handler.starts_with('r') { 0 } else { fuel };
        let call = Call { name, number, fuel };
        self.steps(&call, &mut rng, surroundings).await;
        // Calls with a time limit do not wait for the test, and some are late.
        match handler {
            "v4" | "v6" | "e4" | "e5" if rng.u8(..4) == 0 => pending().await,
            "v4" | "v6" | "e4" | "e5" => {}
            _ => AtGate::new(self, &call.name).await,
        }
        self.steps(&call, &mut rng, surroundings).await;
        let outcome = if rng.u8(..100) < plan.fail {
            Outcome::Fail
        } else if rng.u16(..1000) < plan.panic {
            Outcome::Panic
        } else {
            Outcome::Value(rng.u8(..))
        };
        (call, outcome)
    }

    async fn steps(&self, call: &Call, rng: &mut Rng, surroundings: &dyn Surroundings) {
        let plan = self.plan();
        for nth in 0..rng.u8(..=plan.steps) {
            let chosen = rng.usize(..3 * (QUESTION + 1));
            if rng.u16(..1000) < plan.stop {
                surroundings.stop();
            } else if chosen <= QUESTION && call.fuel > 0 && surroundings.may_emit() {
                let number = call.number.wrapping_add(rng.u16(..));
                let fuel = call.fuel - 1;
                surroundings.emit(chosen, Value { number, fuel });
            } else if chosen > 2 * QUESTION && surroundings.may_put() {
                surroundings
                    .put(call.number.wrapping_add(u16::from(nth)))
                    .await;
            }
        }
    }

    /// The events that a call returns.
    #[allow(
        clippy::unused_self,
        reason = "the handlers are those of the model, whose world decides this"
    )]
    pub(crate) fn returned(&self, call: &Call, which: u8) -> Vec<Value> {
        let number = if call.fuel > 0 { which % 3 } else { 0 };
        let values = (0..number).map(|nth| Value {
            number: call.number.wrapping_add(100 + u16::from(nth)),
            fuel: call.fuel - 1,
        });
        values.collect()
    }

    /// The items that a call returns as a stream.
    #[allow(
        clippy::unused_self,
        reason = "the handlers are those of the model, whose world decides this"
    )]
    pub(crate) fn source(&self, call: &Call, which: u8) -> Source {
        stream::iter(call.parts(which))
    }
}

pub(crate) type Source = stream::Iter<std::vec::IntoIter<Value>>;

/// A call that waits until the test lets it go on.
struct AtGate<'a> {
    world: &'a World,
    call: &'a str,
    number: Option<u64>,
}

impl<'a> AtGate<'a> {
    fn new(world: &'a World, call: &'a str) -> Self {
        Self {
            world,
            call,
            number: None,
        }
    }
}

impl Future for AtGate<'_> {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let mut record = self.world.lock();
        if let Some(number) = self.number {
            let mut gates = record.gates.iter_mut();
            let Some(gate) = gates.find(|gate| gate.0 == number) else {
                return Poll::Ready(());
            };
            gate.2.clone_from(cx.waker());
            return Poll::Pending;
        }
        let number = record.next;
        record.next += 1;
        let gate = (number, self.call.to_owned(), cx.waker().clone());
        record.gates.push(gate);
        drop(record);
        self.number = Some(number);
        self.world.0.arrived.notify_one();
        Poll::Pending
    }
}

impl Drop for AtGate<'_> {
    fn drop(&mut self) {
        let mut record = self.world.lock();
        let number = self.number;
        let gates = std::mem::take(&mut record.gates);
        let (mine, others): (Vec<_>, Vec<_>) =
            gates.into_iter().partition(|gate| Some(gate.0) == number);
        record.gates = others;
        drop(record);
        drop(mine);
    }
}
