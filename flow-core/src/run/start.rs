//! How an execution of a flow starts: its driver, and the states that it begins with.

use std::any::TypeId;
use std::sync::Arc;

use crate::engine::core::Core;
use crate::engine::driver::Driver;
use crate::engine::driver::borrow::Work;
use crate::engine::driver::deadlines::Deadlines;
use crate::engine::inside::times::has_ticks;
use crate::engine::limits::EventLimits;
use crate::engine::outside::tree::Tree;
use crate::engine::router::Engine;
use crate::engine::stream::buffer::Outlet;
#[cfg(feature = "durable")]
use crate::macro_support::durable::turns::StateTurns;
use crate::macro_support::graph::Graph;
use crate::macro_support::limits::{Permits, Turns};
use crate::macro_support::type_map::TypeMap;
use crate::resource::Res;
use crate::run::flow::Flow;

/// What the execution of a stage shares with the outer one.
pub(crate) struct FromOuter {
    pub(crate) tree: Option<Arc<Tree>>,
    pub(crate) permits: Option<Res<Permits>>,
    pub(crate) turns: Option<Res<Turns>>,
}

impl<G: Graph, Given> Flow<G, Given> {
    // Inlined, so that the driver is constructed in its final place.
    #[inline]
    pub(crate) fn driver(
        &self,
        input: G::Input,
        outlet: Outlet,
    ) -> Driver<G, impl Work<G> + use<G, Given>> {
        self.driver_within(input, outlet, None)
    }

    /// A driver of an execution within another.
    #[inline]
    pub(crate) fn driver_within(
        &self,
        input: G::Input,
        outlet: Outlet,
        outer: Option<&FromOuter>,
    ) -> Driver<G, impl Work<G> + use<G, Given>> {
        self.driver_with(input, outlet, outer, |_| {})
    }

    /// The same, after a look at the states of the execution.
    #[inline]
    pub(super) fn driver_with<Look: FnOnce(&TypeMap)>(
        &self,
        input: G::Input,
        outlet: Outlet,
        outer: Option<&FromOuter>,
        look: Look,
    ) -> Driver<G, impl Work<G> + use<G, Given, Look>> {
        let limits = &self.limits;
        let deadlines = Deadlines::new(limits.timeout, limits.idle_timeout, limits.drain);
        let deadlines = if has_ticks::<G>() {
            Some(Deadlines::with_ticks::<G>(
                deadlines,
                limits.overrides.as_deref(),
            ))
        } else {
            deadlines
        };
        let core = self.core(input, outlet, outer, look);
        Driver::new(core, G::work::<Engine<G>>, deadlines)
    }

    fn core(
        &self,
        input: G::Input,
        outlet: Outlet,
        outer: Option<&FromOuter>,
        look: impl FnOnce(&TypeMap),
    ) -> Arc<Core<G>> {
        let mut states = TypeMap::default();
        G::states(&input, &mut states);
        look(&states);
        let tree = outer
            .and_then(|outer| outer.tree.clone())
            .or_else(|| G::DESC.stages_wait().then(Arc::default));
        if let Some(tree) = tree.as_ref().filter(|_| G::DESC.stages_wait()) {
            // A stage takes it from here.
            states.share(Res::from_arc(Arc::clone(tree)));
        }
        if G::DESC.counts_calls {
            let given = self.limits.overrides.as_deref();
            let permits = outer.and_then(|outer| outer.permits.clone());
            states.share(permits.unwrap_or_else(|| Permits::new(G::DESC, given).into()));
        }
        let turns = if const { G::DESC.may_take_turns() } {
            let given = self.limits.overrides.as_deref();
            let given = given.and_then(|given| given.concurrency(TypeId::of::<G>()));
            let outer = outer.and_then(|outer| outer.turns.as_deref());
            Turns::new(given.or(G::DESC.concurrency), outer)
        } else {
            None
        };
        let takes_turns = turns.is_some();
        if let Some(turns) = turns {
            states.share(Res::from(turns));
        }
        #[cfg(feature = "durable")]
        if let Some(codec) = G::CODEC.filter(|codec| !codec.states.is_empty()) {
            states.share(Res::from(StateTurns::new(codec.states.len())));
        }
        if let Some(overrides) = &self.limits.overrides {
            states.share(Res::from_arc(Arc::clone(overrides)));
        }
        let core = Core::new(
            G::start(input),
            self.resources.clone(),
            states,
            self.capacity.get(),
            outlet,
            EventLimits::new(self.limits.max_events, self.limits.max_pending),
            tree,
        );
        if takes_turns {
            core.note_turns();
        }
        #[cfg(feature = "tracing")]
        if self.traced {
            core.trace();
        }
        if let Some(observer) = &self.observer {
            core.observe(observer);
        }
        core
    }
}
