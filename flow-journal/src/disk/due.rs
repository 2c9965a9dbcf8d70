//! Who is told when a group is durable.

use flow_core::durable::Unavailable;
use tokio::runtime::Handle;
use tokio::sync::mpsc::{UnboundedSender, unbounded_channel};
use tokio::sync::oneshot;

pub(super) type Reply<T = ()> = oneshot::Sender<Result<T, Unavailable>>;

/// A reply that is due with a group.
pub(super) enum Due {
    Made(Reply),
    /// Whether there is more to clean.
    Cleaned(Reply<bool>, bool),
}

impl Due {
    pub(super) fn send(self, made: Result<(), Unavailable>) {
        // It is all the same if nobody waits any more.
        match self {
            Self::Made(reply) => drop(reply.send(made)),
            Self::Cleaned(reply, has_more) => drop(reply.send(made.map(|()| has_more))),
        }
    }
}

/// Up to so many are told by the writer itself, which is the shortest way.
const FEW: usize = 4;

/// Tells those who wait for a group. To wake a task from a thread outside of the runtime takes
/// several times as long as from one of its own, so a task does that for all of a large group.
pub(super) struct Teller(UnboundedSender<Vec<Due>>);

impl Teller {
    pub(super) fn spawn(runtime: &Handle) -> Self {
        let (sender, mut groups) = unbounded_channel::<Vec<Due>>();
        runtime.spawn(async move {
            while let Some(group) = groups.recv().await {
                for due in group {
                    due.send(Ok(()));
                }
            }
        });
        Self(sender)
    }

    /// The group is durable.
    pub(super) fn tell(&self, group: Vec<Due>) {
        if group.len() > FEW {
            // Without its runtime, nobody waits.
            let _no_runtime = self.0.send(group);
        } else {
            for due in group {
                due.send(Ok(()));
            }
        }
    }
}
