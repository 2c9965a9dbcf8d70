//! Where clauses are split: the first part asks and ends, and the rest goes on after the reply.

use std::any::{Any, TypeId};
use std::future::Future;
use std::marker::PhantomData;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use crate::engine::core::Core;
use crate::engine::inside::Inside;
use crate::engine::inside::position::Run;
use crate::engine::observe::trace::StoredSpan;
use crate::engine::outside::questions::{Asker, Routes};
use crate::engine::stream::put::Put;
use crate::event::Event;
use crate::macro_support::graph::Graph;
use crate::macro_support::reminding::{Kept, KeptQuestion};
use crate::macro_support::split::{AskPlace, Parked, Pause, Question, Split};

/// The [`Routes`] of the question at a split of the flow `G`.
struct RoutesOf<G, S>(PhantomData<(G, S)>);

impl<G: Graph, S: Split<Activation = G::Activation>> RoutesOf<G, S> {
    const ROUTES: Routes<G::Activation> = Routes {
        of: TypeId::of::<Question<S>>,
        name: <Question<S> as Event>::DESC.name,
        answered: |parked, answer| {
            let parked = parked.downcast::<Parked<S>>().ok()?;
            let answer = answer.downcast_mut::<Option<<Question<S> as Event>::Answer>>()?;
            Some(parked.replied(Ok(answer.take()?)))
        },
        otherwise: |parked, reply| {
            let parked = parked.downcast::<Parked<S>>().ok()?;
            Some(parked.replied(Err(reply)))
        },
        kept: |parked| {
            let parked = parked.downcast_ref::<Parked<S>>()?;
            let kept = Arc::<KeptQuestion<Question<S>>>::clone(parked.kept()?);
            Some(kept as Kept)
        },
        pause: Some(|parked| parked.downcast_mut::<Parked<S>>().map(Parked::pause)),
    };
}

/// What the first part leaves for the rest, if something observes the execution.
struct Observed {
    run: Run,
    span: StoredSpan,
}

/// Puts a question into the stream, and leaves its clause to the rest.
pub(crate) struct Asks<'a, G: Graph> {
    core: &'a Core<G>,
    put: Put<'a, G>,
    number: u64,
    /// The address of the pause.
    pause: usize,
    waits_for_room: bool,
}

impl<G: Graph> Core<G> {
    /// Registers the question of a split.
    pub(crate) fn ask_at<S: Split<Activation = G::Activation>>(
        self: &Arc<Self>,
        question: Question<S>,
        carried: S::Carried,
    ) -> Asks<'_, G> {
        let mut parked = Box::new(Parked::<S>::new(question, carried));
        let (another, pause) = (parked.question(), parked.pause().address());
        let rest = Asker::Clause {
            question: parked,
            routes: &RoutesOf::<G, S>::ROUTES,
        };
        let asked = self.register(another, S::Place::WITHIN, S::Place::REMINDER, rest);
        Asks {
            core: self,
            number: asked.id.number(),
            put: Put::new(self, G::item(asked)),
            pause,
            waits_for_room: false,
        }
    }

    /// The clause that goes on in its rest. It is the same run of the clause.
    pub(crate) fn next_rest(&self) -> Option<G::Activation> {
        let rest = self.inside.with(|inside| {
            if inside.budget.get() == 0 {
                return None;
            }
            inside.next_rest()
        });
        let mut rest = rest??;
        if let Some(watch) = self.watch.get() {
            self.tell_finished(watch);
        }
        let observed = G::pause(&mut rest).and_then(|pause| pause.observed.take());
        let observed = observed.and_then(|observed| observed.downcast::<Observed>().ok());
        self.inside.with(|inside| {
            inside.begin(G::place(&rest));
            let (run, mut span) = observed
                .map(|observed| (observed.run, observed.span))
                .unwrap_or_default();
            inside.run.set(run);
            inside.span.resume(&mut span);
        });
        Some(rest)
    }
}

impl<G: Graph> Asks<'_, G> {
    /// Calls `access` with the pause, wherever it is.
    #[cold]
    fn with_pause(&self, mut access: impl FnMut(&mut Pause)) {
        let address = self.pause;
        let found = self.core.with_outside(|outside| {
            let pause = outside.questions.pause(self.number);
            // Its reply may be on its way.
            let mut on_its_way = outside.events.iter_mut().filter_map(G::pause);
            let pause = pause.or_else(|| on_its_way.find(|pause| pause.address() == address));
            pause.map(&mut access).is_some()
        });
        if !found {
            self.core
                .inside
                .with(|inside| inside.with_pause(address, &mut access));
        }
    }

    /// The first part is over. What observes it goes on in the rest.
    #[cold]
    fn leave_run(&self) {
        let left = self.core.inside.with(|inside: &Inside<G>| Observed {
            run: inside.run.take(),
            span: inside.span.suspend(),
        });
        let mut left = left.map(|left| Box::new(left) as Box<dyn Any + Send>);
        self.with_pause(|pause| pause.observed = left.take());
    }
}

impl<G: Graph> Future for Asks<'_, G> {
    type Output = ();

    #[inline]
    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let this = self.get_mut();
        let put = Pin::new(&mut this.put).poll(cx);
        if put.is_pending() != this.waits_for_room {
            this.waits_for_room = put.is_pending();
            let waits_for_room = this.waits_for_room;
            this.with_pause(|pause| pause.waits_for_room = waits_for_room);
        }
        ready!(put);
        if this.core.watch.get().is_some() {
            this.leave_run();
        }
        Poll::Ready(())
    }
}
