//! The gates at which calls wait until the test opens them.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, Waker};

use crate::script::World;

/// Those that are waited at, in the order of arrival.
#[derive(Default)]
pub(crate) struct Gates {
    waiting: Vec<Gate>,
    next: u64,
}

struct Gate {
    number: u64,
    call: String,
    waker: Waker,
}

impl Gates {
    pub(crate) fn calls(&self) -> Vec<String> {
        let calls = self.waiting.iter().map(|gate| gate.call.clone());
        calls.collect()
    }

    pub(crate) fn open(&mut self, chosen: usize) -> Waker {
        self.waiting.remove(chosen).waker
    }

    fn arrive(&mut self, call: &str, waker: &Waker) -> u64 {
        let number = self.next;
        self.next += 1;
        self.waiting.push(Gate {
            number,
            call: call.to_owned(),
            waker: waker.clone(),
        });
        number
    }

    /// Whether the gate is not opened yet.
    fn waits(&mut self, number: u64, waker: &Waker) -> bool {
        let mut gates = self.waiting.iter_mut();
        let gate = gates.find(|gate| gate.number == number);
        gate.map(|gate| gate.waker.clone_from(waker)).is_some()
    }

    fn leave(&mut self, number: u64) -> Option<Waker> {
        let at = self.waiting.iter().position(|gate| gate.number == number);
        at.map(|at| self.waiting.remove(at).waker)
    }
}

/// A call that waits at a gate.
pub(crate) struct AtGate {
    world: World,
    call: String,
    number: Option<u64>,
}

impl AtGate {
    pub(crate) fn new(world: &World, call: &str) -> Self {
        Self {
            world: world.clone(),
            call: call.to_owned(),
            number: None,
        }
    }
}

impl Future for AtGate {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let this = &mut *self;
        match this.number {
            None => {
                let number = this
                    .world
                    .gates(|gates| gates.arrive(&this.call, cx.waker()));
                this.number = Some(number);
                Poll::Pending
            }
            Some(number) if this.world.gates(|gates| gates.waits(number, cx.waker())) => {
                Poll::Pending
            }
            Some(_) => Poll::Ready(()),
        }
    }
}

impl Drop for AtGate {
    fn drop(&mut self) {
        if let Some(number) = self.number {
            drop(self.world.gates(|gates| gates.leave(number)));
        }
    }
}
