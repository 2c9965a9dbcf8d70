//! `ask E every "1h" handler`: the runs of handlers while a question waits.

use std::marker::PhantomData;

use crate::event::Event;
use crate::macro_support::bounds::Takes;
use crate::macro_support::dispatch::unexpected;
use crate::macro_support::graph::{Graph, Worker};
use crate::macro_support::reminding::{KeptQuestion, Reminded, Reminding};
use crate::tick::Tick;

/// Begins a run of a reminder: the question, the tick, and what notes the end of the run.
pub fn begin_reminder<G: Graph, Q: Event, W: Worker<G>>(
    reminded: Reminded,
    worker: &W,
    another: fn(&Q) -> Q,
) -> (Q, Tick, Reminds<'_, G, W>) {
    let Reminded {
        question,
        reminding,
    } = reminded;
    let tick = Tick::new(reminding.count);
    let run = Reminds {
        worker,
        reminding: Some(reminding),
        graph: PhantomData,
    };
    let question = question.downcast_ref::<KeptQuestion<Q>>();
    let Some(question) = question.and_then(|question| question.copy(another)) else {
        unexpected()
    };
    (question, tick, run)
}

/// A run of a reminder, in whichever way it ends.
#[derive(Debug)]
pub struct Reminds<'a, G: Graph, W: Worker<G>> {
    worker: &'a W,
    reminding: Option<Reminding>,
    graph: PhantomData<fn() -> G>,
}

impl<G: Graph, W: Worker<G>> Drop for Reminds<'_, G, W> {
    fn drop(&mut self) {
        if let Some(reminding) = self.reminding.take() {
            self.worker.reminded(reminding);
        }
    }
}

/// What does the handler `H` of a reminder take: the question `Q`, both, or the [`Tick`]?
///
/// `(&&&Takers::<H, Q>::NEW).given(question, tick)` answers: a method is looked for at this type
/// first, and then at each with one `&` fewer. If the handler takes none of them, it is given the
/// question, and a check reports that.
#[derive(Debug)]
pub struct Takers<H, Q>(PhantomData<fn() -> (H, Q)>);

impl<H, Q> Takers<H, Q> {
    pub const NEW: Self = Self(PhantomData);
}

/// See [`Takers`].
pub trait GivesQuestion<Q> {
    fn given(&self, question: Q, tick: Tick) -> Q;
}

impl<H: Takes<Q>, Q> GivesQuestion<Q> for &&&Takers<H, Q> {
    fn given(&self, question: Q, _tick: Tick) -> Q {
        question
    }
}

/// See [`Takers`].
pub trait GivesBoth<Q> {
    fn given(&self, question: Q, tick: Tick) -> (Q, Tick);
}

impl<H: Takes<(Q, Tick)>, Q> GivesBoth<Q> for &&Takers<H, Q> {
    fn given(&self, question: Q, tick: Tick) -> (Q, Tick) {
        (question, tick)
    }
}

/// See [`Takers`].
pub trait GivesTick<Q> {
    fn given(&self, question: Q, tick: Tick) -> Tick;
}

impl<H: Takes<Tick>, Q> GivesTick<Q> for &Takers<H, Q> {
    fn given(&self, _question: Q, tick: Tick) -> Tick {
        tick
    }
}

/// See [`Takers`].
pub trait GivesNothingElse<Q> {
    fn given(&self, question: Q, tick: Tick) -> Q;
}

impl<H, Q> GivesNothingElse<Q> for Takers<H, Q> {
    fn given(&self, question: Q, _tick: Tick) -> Q {
        question
    }
}

/// Does the handler of a reminder of `Q` take the value `V`, which it was given?
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot remind of `{Q}`: take a `{Q}`, a `Tick`, both as `({Q}, Tick)`, or nothing",
    label = "takes another value"
)]
pub trait RemindsOf<Q, V> {}

#[diagnostic::do_not_recommend]
impl<H: Takes<V>, Q, V> RemindsOf<Q, V> for H {}

/// Asks [`RemindsOf`], where the type of the value has no name.
pub fn reminds<H: RemindsOf<Q, V>, Q, V>(_value: &V) {}
