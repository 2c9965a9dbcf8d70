//! A named flow as a stage of another.

use std::future::{Future, pending, poll_fn};
use std::pin::{Pin, pin};
use std::sync::Arc;

use crate::engine::core::Core;
use crate::engine::driver::Driver;
use crate::engine::driver::borrow::Work;
use crate::engine::ending::{Ending, Read};
use crate::engine::outside::stages::Stage;
use crate::engine::outside::tree::{Entered, Tree};
use crate::engine::recording::EnteredSpace;
use crate::engine::stream::buffer::{Batch, Outlet};
use crate::error::{FlowError, FlowErrorKind};
use crate::handler::Cx;
use crate::handler::Handler;
use crate::handler::router::{GivenUp, PolledSlot, Router};
use crate::macro_support::graph::{GivenIn, Graph};
use crate::macro_support::limits::{Overrides, Permits, Turns};
use crate::macro_support::type_map::TypeMap;
use crate::resource::Res;
use crate::run::flow::Flow;
use crate::run::start::FromOuter;

/// Runs the flow `G` inside a handler of another flow: its items go into the stream of that flow,
/// and its result is the handler's.
///
/// # Errors
///
/// If the inner execution fails.
pub async fn run_within<G, R, H>(
    input: G::Input,
    #[cfg_attr(not(feature = "testing"), allow(unused_mut))] mut resources: TypeMap,
    cx: &Cx<R, H>,
) -> Result<G::Output, FlowError>
where
    G: Graph,
    R: Router,
    H: Handler<Item = G::Item>,
{
    #[cfg(feature = "testing")]
    crate::macro_support::substitute::share_substitutes(cx.router(), &mut resources);
    let resources = (!resources.is_empty()).then(|| Arc::new(resources));
    let mut flow = Flow::<G, GivenIn<G>>::sharing(resources);
    flow.share_overrides(cx.router().shared::<Overrides>().map(Res::into_arc));
    let takes = const { !G::DESC.external.is_empty() };
    let waits = const { G::DESC.asks() || G::DESC.stages_ask() || !G::DESC.external.is_empty() };
    let tree = waits.then(|| cx.router().shared::<Tree>()).flatten();
    let counts = const { G::DESC.counts_calls };
    let tree = tree.map(Res::into_arc);
    let outer_execution = takes.then(|| cx.router().polled_slot()).flatten();
    let entering = tree.clone().zip(outer_execution);
    let waits = tree.clone().map(Waits::new);
    let limited = cx.router().takes_turns();
    let outer = FromOuter {
        tree,
        permits: counts.then(|| cx.router().shared::<Permits>()).flatten(),
        turns: limited.then(|| cx.router().shared::<Turns>()).flatten(),
    };
    let Some((input, space)) = EnteredSpace::<G>::enter(cx.router(), input) else {
        // The outer execution cannot go on.
        return pending().await;
    };
    let driver = flow.driver_within(input, Outlet::Here, Some(&outer));
    drop(outer);
    let _entered = entering.map(|(tree, outer)| {
        let stage: Arc<dyn Stage> = Arc::<Core<G>>::clone(driver.core());
        Entered::new(tree, outer.execution, &stage)
    });
    if const { G::DESC.finishes() } {
        let mut stage = Finishing {
            driver: None,
            items: Items::default(),
            router: cx.router(),
        };
        let driver = stage.driver.insert(Box::pin(driver));
        drive(driver.as_mut(), &mut stage.items, space, waits, cx).await
    } else {
        drive(pin!(driver), &mut Items::default(), space, waits, cx).await
    }
}

/// Whether a stage failed because it waited for what the end of its outer execution has closed.
#[must_use]
pub fn is_given_up(error: &FlowError) -> bool {
    error.is_given_up()
}

/// The items of a stage on their way into the stream of the outer flow.
struct Items<'a, G: Graph, R: Router> {
    batch: Batch<G::Item>,
    /// The one that was taken out of the batch and is not in that stream yet.
    put: Option<R::Put<'a, G::Item>>,
}

impl<G: Graph, R: Router> Default for Items<'_, G, R> {
    fn default() -> Self {
        Self {
            batch: Batch::default(),
            put: None,
        }
    }
}

/// Hands the items of the stage on until it has ended, and returns its result.
async fn drive<'a, G, W, R, H>(
    mut driver: Pin<&mut Driver<G, W>>,
    items: &mut Items<'a, G, R>,
    space: EnteredSpace<G>,
    mut waits: Option<Waits>,
    cx: &'a Cx<R, H>,
) -> Result<G::Output, FlowError>
where
    G: Graph,
    W: Work<G>,
    R: Router,
    H: Handler<Item = G::Item>,
{
    if !space.restore(driver.as_mut()) {
        return pending().await;
    }
    let mut is_watched = false;
    let mut outer_end: Option<Pin<Box<dyn Future<Output = ()> + Send + '_>>> = None;
    loop {
        let read = poll_fn(|task| {
            // Something may begin to observe the outer execution while this one runs.
            if !is_watched && let Some(watch) = cx.router().stage_watch() {
                is_watched = true;
                driver.as_mut().observe_within(watch);
            }
            if let Some(waits) = &mut waits {
                waits.end();
            }
            if cx.router().is_ending() {
                close_with_outer(driver.as_mut().pinned_core());
            }
            let mut read = driver.as_mut().poll_read(&mut items.batch, task);
            let core = driver.as_mut().pinned_core();
            if read.is_pending() && core.awaits_ending() && !core.is_ending() {
                let outer_end = outer_end.get_or_insert_with(|| Box::pin(cx.router().ending()));
                if outer_end.as_mut().poll(task).is_ready() {
                    core.close_with_outer();
                    read = driver.as_mut().poll_read(&mut items.batch, task);
                }
            }
            if read.is_pending() && driver.as_mut().has_yielded() {
                // The wake alone would come back to this stage before other tasks have their turn.
                cx.router().yield_soon();
            }
            if let Some(waits) = &mut waits
                && read.is_pending()
                && driver.as_mut().waits_for_outside()
            {
                waits.begin(cx.router().polled_slot());
            }
            read
        });
        let ending = match read.await {
            Read::Item(item) => {
                let put = items.put.insert(cx.put(item));
                poll_fn(|task| Pin::new(&mut *put).poll(task)).await;
                items.put = None;
                continue;
            }
            Read::End(ending) => ending,
        };
        let gave_up = driver.as_mut().pinned_core().has_given_up() && cx.router().is_ending();
        if gave_up {
            cx.router().note_given_up();
        }
        return match ending {
            Ending::Done | Ending::Stopped => driver.take_output(),
            Ending::Failed(error) if gave_up && error.kind() == FlowErrorKind::Unfinished => {
                Err(FlowError::given_up())
            }
            // The output might hold a context of the outer execution, which keeps the error.
            Ending::Failed(error) => Err(error.without_output()),
        };
    }
}

/// The end of the outer execution is decided: closes that of a stage, unless it is closed already.
#[cold]
fn close_with_outer<G: Graph>(core: &Core<G>) {
    if !core.is_ending() {
        core.close_with_outer();
    }
}

/// The execution of a stage that has something to do when it is given up. If this is dropped before
/// the execution has ended, the outer one runs its `finally`.
struct Finishing<'a, G: Graph, W: Work<G>, R: Router> {
    driver: Option<Pin<Box<Driver<G, W>>>>,
    items: Items<'a, G, R>,
    router: &'a R,
}

impl<G: Graph, W: Work<G>, R: Router> Drop for Finishing<'_, G, W, R> {
    fn drop(&mut self) {
        let Some(mut driver) = self.driver.take() else {
            return;
        };
        let Items { mut batch, mut put } = std::mem::take(&mut self.items);
        if !driver.as_mut().is_finalizing() {
            put = None;
            batch = Batch::default();
        }
        // What a `finally` has put that runs already goes out, as what it puts from now on.
        let has_items = put.is_some() || !batch.items.is_empty();
        let put = put.map(|put| self.router.put_later(put));
        if driver.as_mut().give_up() || has_items {
            let rest = finish(driver, (put, batch), self.router.clone());
            self.router.finish_later(GivenUp {
                stage: name::<G>(),
                rest: Box::pin(rest),
            });
        }
    }
}

/// The name of a flow that is a stage, and so has one.
fn name<G: Graph>() -> &'static str {
    G::DESC.name.unwrap_or("a flow")
}

/// Runs what is left of a stage that was given up, after the items that it has put. Returns the
/// error if it fails.
async fn finish<G: Graph, W: Work<G>, R: Router>(
    mut driver: Pin<Box<Driver<G, W>>>,
    (put, mut batch): (Option<impl Future<Output = ()>>, Batch<G::Item>),
    router: R,
) -> Option<FlowError> {
    if let Some(put) = put {
        put.await;
    }
    loop {
        let read = poll_fn(|task| {
            let read = driver.as_mut().poll_read(&mut batch, task);
            if read.is_pending() && driver.as_mut().has_yielded() {
                router.yield_soon();
            }
            read
        });
        match read.await {
            Read::Item(item) => router.put(item).await,
            Read::End(ending) => {
                let error = ending.error()?.without_output();
                let failed = driver.as_mut().has_failed_finishing();
                return failed.then(|| FlowError::not_finished(name::<G>(), error));
            }
        }
    }
}

/// Tells the outer execution, through the tree, while this one waits for the outside and for
/// nothing else: the outer one is not idle then.
struct Waits {
    tree: Arc<Tree>,
    slot: Option<PolledSlot>,
}

impl Waits {
    fn new(tree: Arc<Tree>) -> Self {
        Self { tree, slot: None }
    }

    fn begin(&mut self, slot: Option<PolledSlot>) {
        if let Some(slot) = slot {
            self.tree.stage_waits(slot);
        }
        self.slot = slot;
    }

    fn end(&mut self) {
        if let Some(slot) = self.slot.take() {
            self.tree.stage_goes_on(slot);
        }
    }
}

impl Drop for Waits {
    fn drop(&mut self) {
        self.end();
    }
}
