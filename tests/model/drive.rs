//! What happens around an execution: calls go on, time passes, and the outside does something, one
//! thing at a time and in a random order.

use std::future::{Future, poll_fn};
use std::pin::pin;
use std::task::Poll;
use std::time::Duration;

use fastrand::Rng;
use futures::future::{Either, select};
use tokio::runtime::Runtime;
use tokio::time::sleep;

use crate::case::{Case, Way};
use crate::graph::EVENTS;
use crate::script::{Value, World};

/// What the outside of an execution can do.
pub(crate) trait Hands {
    /// Whether it has the handle of the execution.
    fn has_handle(&self) -> bool;
    /// The events that it may send.
    fn externals(&self) -> Vec<usize>;
    /// The numbers of the questions that it could answer, in the order of asking.
    fn asked(&self) -> Vec<u64>;
    /// Sends an event, and tells what came of it.
    fn send(&mut self, event: usize, value: Value) -> String;
    /// Answers one of the questions, and tells what came of it.
    fn answer(&mut self, nth: usize, value: Value) -> String;
    /// How many questions there were.
    fn numbers(&self) -> usize;
    /// Answers one of them by the handle and its number.
    fn answer_by_number(&mut self, nth: usize, value: Value) -> String;
    /// Drops the question.
    fn forget(&mut self, nth: usize);
    fn cancel(&mut self);
    /// Drops the handle.
    fn let_go(&mut self);
}

#[derive(Clone, Copy)]
enum Act {
    Open(usize),
    Pass,
    Send(usize),
    Answer(usize),
    AnswerByNumber(usize),
    Forget(usize),
    Cancel,
    LetGo,
}

/// After so many turns, the execution is dropped.
const MOST_TURNS: usize = 5_000;

/// How long it takes until the outside acts again.
pub(crate) const TURN: Duration = Duration::from_millis(10);

/// Longer than any time limit.
const LONG: Duration = Duration::from_secs(100);

/// What is around an execution.
#[derive(Clone, Copy)]
pub(crate) struct Around<'a> {
    pub(crate) case: &'a Case,
    pub(crate) world: &'a World,
    /// With a paused clock.
    pub(crate) runtime: &'a Runtime,
}

/// Runs the execution to its end. `None` if nothing can go on, or if it is to be dropped.
pub(crate) fn drive<T>(
    Around {
        case,
        world,
        runtime,
    }: Around<'_>,
    hands: &mut dyn Hands,
    execution: impl Future<Output = T>,
) -> Option<T> {
    let turns = turns(case, world, hands);
    runtime.block_on(async {
        match select(pin!(execution), pin!(turns)).await {
            Either::Left((ended, _)) => Some(ended),
            Either::Right(((), _)) => None,
        }
    })
}

async fn turns(case: &Case, world: &World, hands: &mut dyn Hands) {
    let mut rng = Rng::with_seed(case.seed);
    let mut idle = 0;
    for turn in 0..MOST_TURNS {
        // The clock is paused: this is over when nothing else can go on. No time limit is a multiple
        // of it, so that two things at the same time are rare.
        sleep(TURN).await;
        if turn == case.drop_after && case.way != Way::Spawn {
            return;
        }
        let calls = world.at_gates();
        let acts = acts(case, calls.len(), hands);
        if acts.is_empty() {
            idle += 1;
            if idle > 3 {
                return;
            }
            sleep(LONG).await;
            continue;
        }
        let value = Value {
            number: rng.u16(..),
            fuel: case.fuel.saturating_sub(1),
        };
        match acts[rng.usize(..acts.len())] {
            Act::Open(gate) => {
                world.note(format!(
                    "of [{}], {} goes on",
                    calls.join(", "),
                    calls[gate]
                ));
                world.open(gate);
            }
            Act::Pass => {
                world.note("time passes");
                sleep(TURN * rng.u32(..400)).await;
            }
            Act::Send(event) => {
                world.end_burst();
                world.note(format!("from outside, {}({})", EVENTS[event], value.number));
                let reply = hands.send(event, value);
                world.note(reply);
            }
            Act::Answer(nth) => {
                world.end_burst();
                let asked = hands.asked()[nth];
                world.note(format!("question {asked} is answered: {}", value.number));
                let reply = hands.answer(nth, value);
                world.note(reply);
            }
            Act::AnswerByNumber(nth) => {
                world.end_burst();
                world.note(format!("number {nth} is answered: {}", value.number));
                let reply = hands.answer_by_number(nth, value);
                world.note(reply);
            }
            Act::Forget(nth) => {
                world.note(format!("question {} is forgotten", hands.asked()[nth]));
                hands.forget(nth);
            }
            Act::Cancel => {
                world.note("it is cancelled");
                hands.cancel();
            }
            Act::LetGo => {
                world.note("the handle is dropped");
                hands.let_go();
            }
        }
        again().await;
    }
}

/// What can happen next. Some things are there several times, because they are more likely.
fn acts(case: &Case, gates: usize, hands: &dyn Hands) -> Vec<Act> {
    let mut acts = Vec::new();
    for gate in 0..gates {
        acts.extend([Act::Open(gate); 6]);
    }
    for nth in 0..hands.asked().len() {
        acts.extend([Act::Answer(nth), Act::Answer(nth), Act::Forget(nth)]);
    }
    if hands.has_handle() {
        for event in hands.externals() {
            acts.extend([Act::Send(event); 2]);
        }
        // Some of them wait no more.
        let numbers = hands.numbers();
        acts.extend((numbers.saturating_sub(3)..numbers).map(Act::AnswerByNumber));
        acts.push(Act::LetGo);
        if case.cancels {
            acts.push(Act::Cancel);
        }
    }
    if !acts.is_empty() && case.passes {
        acts.push(Act::Pass);
    }
    acts
}

/// Lets everything else look once more.
async fn again() {
    let mut once = false;
    poll_fn(|cx| {
        if std::mem::replace(&mut once, true) {
            return Poll::Ready(());
        }
        cx.waker().wake_by_ref();
        Poll::Pending
    })
    .await;
}
