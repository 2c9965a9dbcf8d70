//! Runs the executions of durable flows that are in a store.

mod attempt;
mod clock;
mod load;
mod loads;
mod options;
mod over;
mod owner;
mod past;
mod ramp;
mod reading;
mod registered;
mod request;
mod seat;
mod services;
mod shared;
mod starts;
mod task;
mod timers;

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use tokio::runtime::Handle;
use tokio::time::timeout;

use crate::durable::executions::Executions;
pub use crate::durable::host::options::HostOptions;
use crate::durable::host::owner::Owner;
use crate::durable::host::registered::Registered;
use crate::durable::host::shared::Shared;
use crate::durable::program::program;
use crate::durable::store::Store;
use crate::macro_support::graph::Graph;
use crate::macro_support::resources::Complete;
use crate::run::flow::Flow;

/// Runs durable executions, and keeps them in a [`Store`].
///
/// [`register`](Self::register) adds a flow, and goes on with its executions that are not over. An
/// execution is in memory while something in it runs. One that waits for the outside or for a time
/// is rows in the store, and is loaded again when something comes for it.
///
/// The executions run as tasks of the tokio runtime in which the host was made. They are dropped
/// with the host and all [`Executions`] of it. That records nothing: the next host on the store
/// goes on with them. There may be one host at a time on a store.
///
/// A process may die while a handler runs, and because of it. Loads of an execution are counted
/// until a call in it ends. After two without progress, such executions run one at a time, each for
/// ten seconds at most, so that the one that is the cause does not take the others with it. After
/// five, an execution is [`Poisoned`](super::Status::Poisoned): it is listed, and not tried again
/// unless that is asked for.
///
/// ```
/// use flow_core::durable::{Host, MemoryStore};
/// use flow_core::{flow, handler};
///
/// #[handler]
/// async fn charge(cents: u32) -> String {
///     format!("charged {cents}")
/// }
///
/// flow! {
///     flow Order(u32) -> String;
///     durable;
///     start -> charge -> end;
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), flow_core::durable::RequestError> {
/// let store = MemoryStore::new();
/// let orders = Host::new(store.clone()).register(Order::new());
/// orders.start("order-42", 700).await?;
/// drop(orders); // the process is stopped, perhaps in the middle of the charge
///
/// let orders = Host::new(store.reopen()).register(Order::new());
/// assert_eq!(orders.get("order-42").output().await?, "charged 700");
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Host {
    owner: Arc<Owner>,
}

impl HostOptions {
    /// A host on this store.
    ///
    /// # Panics
    ///
    /// Outside of a tokio runtime.
    #[must_use]
    pub fn open(self, store: impl Store) -> Host {
        let runtime = Handle::current();
        let shared = Shared::new(Arc::new(store), &self, runtime);
        let shared = Arc::new(shared);
        shared.serve(services::keep_time(Arc::downgrade(&shared)));
        Host {
            owner: Arc::new(Owner { shared }),
        }
    }
}

impl Host {
    /// A host on this store.
    ///
    /// # Panics
    ///
    /// Outside of a tokio runtime.
    #[must_use]
    pub fn new(store: impl Store) -> Self {
        HostOptions::new().open(store)
    }

    /// Adds a flow, under its own name, and goes on with its executions that are not over.
    ///
    /// Those with which this program cannot go on are left as they are, and
    /// [listed](super::ListExecutions::stuck).
    ///
    /// The flow has to be durable, and to have a name:
    ///
    /// ```compile_fail,E0080
    /// # use flow_core::durable::{Host, MemoryStore};
    /// # use flow_core::{flow, handler};
    /// # #[handler]
    /// # async fn charge(cents: u32) {}
    /// flow! {
    ///     flow Order(u32);
    ///     start -> charge;
    /// }
    /// # fn register(host: Host) {
    /// host.register(Order::new()); // the flow is not durable: add `durable;` to it
    /// # }
    /// # fn main() {
    /// #     register(Host::new(MemoryStore::new()));
    /// # }
    /// ```
    ///
    /// # Panics
    ///
    /// If the host has a flow of this name already.
    #[allow(clippy::must_use_candidate, reason = "it goes on with the executions")]
    pub fn register<G: Graph, Given: Complete + 'static>(
        &self,
        flow: Flow<G, Given>,
    ) -> Executions<G> {
        let name = const {
            assert!(
                G::DESC.durable,
                "the flow is not durable: add `durable;` to it"
            );
            match G::DESC.name {
                Some(name) => name,
                None => {
                    panic!("the flow has no name: use `register_as`, or name it with `flow Name`")
                }
            }
        };
        self.add(name, flow)
    }

    /// Adds a flow under another name than its own. The executions in the store are those that were
    /// started under this name.
    ///
    /// # Panics
    ///
    /// If the host has a flow of this name already.
    #[allow(clippy::must_use_candidate, reason = "it goes on with the executions")]
    pub fn register_as<G: Graph, Given: Complete + 'static>(
        &self,
        name: &str,
        flow: Flow<G, Given>,
    ) -> Executions<G> {
        const {
            assert!(
                G::DESC.durable,
                "the flow is not durable: add `durable;` to it"
            );
        };
        self.add(name, flow)
    }

    /// Closes the host in peace: it takes nothing any more, lets the calls that run end, for this
    /// time at most, and begins no further one. What is left goes on with the next host on the
    /// store.
    ///
    /// Returns whether all calls have ended. One that has not is dropped, as in a crash, and made
    /// again. Without this, that is so for each call that runs when the host is dropped.
    ///
    /// Requests end with [`Closed`](super::RequestError::Closed) from now on. So do the streams and
    /// outputs that are waited for, when the last call has ended.
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// use flow_core::durable::{Host, MemoryStore};
    /// use flow_core::{flow, handler};
    ///
    /// #[handler]
    /// async fn charge(cents: u32) -> String {
    ///     format!("charged {cents}")
    /// }
    ///
    /// flow! {
    ///     flow Order(u32) -> String;
    ///     durable;
    ///     start -> charge -> end;
    /// }
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), flow_core::durable::RequestError> {
    /// let host = Host::new(MemoryStore::new());
    /// let orders = host.register(Order::new());
    /// orders.start("order-42", 700).await?;
    /// assert!(host.close(Duration::from_secs(10)).await);
    /// assert!(orders.start("order-43", 700).await.is_err());
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Cancel safety
    ///
    /// If the future is dropped, the host takes nothing any more, and its calls go on until it is
    /// dropped.
    pub async fn close(&self, within: Duration) -> bool {
        let shared = &self.owner.shared;
        let have_ended = timeout(within, shared.leave_all()).await.is_ok();
        shared.close();
        have_ended
    }

    fn add<G: Graph, Given: Complete + 'static>(
        &self,
        name: &str,
        flow: Flow<G, Given>,
    ) -> Executions<G> {
        let name: Arc<str> = name.into();
        let program = program(flow);
        let shared = &self.owner.shared;
        let is_new = shared.add(&name, Arc::clone(&program));
        assert!(is_new, "the host has a flow `{name}` already");
        shared.serve(services::recover(Arc::downgrade(shared), Arc::clone(&name)));
        Executions::new(Arc::new(Registered {
            owner: Arc::clone(&self.owner),
            name,
            program,
        }))
    }
}

impl fmt::Debug for Host {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Host").finish_non_exhaustive()
    }
}
