//! An actor that calls a hundred others, and waits for all their replies.

use std::sync::Arc;
use std::time::{Duration, Instant};

use futures::future::join_all;
use ractor::{Actor, ActorProcessingErr, ActorRef, RpcReplyPort};
use tokio::sync::Notify;

use super::{Done, spawn};
use crate::arrived;

struct Caller {
    done: Arc<Notify>,
}

struct Again(u32);

impl Actor for Caller {
    type Msg = Again;
    type State = Vec<ActorRef<Call>>;
    type Arguments = Vec<ActorRef<Call>>;

    async fn pre_start(
        &self,
        _: ActorRef<Again>,
        branches: Self::Arguments,
    ) -> Result<Self::State, ActorProcessingErr> {
        Ok(branches)
    }

    async fn handle(
        &self,
        myself: ActorRef<Again>,
        Again(left): Again,
        branches: &mut Self::State,
    ) -> Done {
        let calls = branches
            .iter()
            .map(|branch| branch.call(|reply| Call(left, reply), None));
        let mut results = Vec::with_capacity(100);
        for reply in join_all(calls).await {
            results.push(reply?.success_or("a branch does not answer")?);
        }
        let left = arrived::joined(&results);
        if left > 1 {
            myself.cast(Again(left - 1))?;
        } else {
            self.done.notify_one();
        }
        Ok(())
    }
}

struct Branch;

struct Call(u32, RpcReplyPort<u32>);

impl Actor for Branch {
    type Msg = Call;
    type State = ();
    type Arguments = ();

    async fn pre_start(&self, _: ActorRef<Call>, (): ()) -> Done {
        Ok(())
    }

    async fn handle(&self, _: ActorRef<Call>, Call(left, reply): Call, (): &mut ()) -> Done {
        Ok(reply.send(left)?)
    }
}

/// With `call` and `join_all`: `multi_call` is slower, because it spawns a task for each reply.
pub(super) async fn join(times: u32) -> Duration {
    let done = Arc::new(Notify::new());
    let mut branches = Vec::new();
    for _ in 0..100 {
        branches.push(spawn(Branch, ()).await);
    }
    let caller = Caller {
        done: Arc::clone(&done),
    };
    let caller = spawn(caller, branches).await;

    let start = Instant::now();
    caller.cast(Again(times)).expect("the caller runs");
    done.notified().await;
    start.elapsed()
}
