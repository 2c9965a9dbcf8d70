//! An actor that calls eight others in turn, so that eight of a hundred are worked on at a time,
//! and takes the replies in order.

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
    type State = Vec<ActorRef<Item>>;
    type Arguments = Vec<ActorRef<Item>>;

    async fn pre_start(
        &self,
        _: ActorRef<Again>,
        workers: Self::Arguments,
    ) -> Result<Self::State, ActorProcessingErr> {
        Ok(workers)
    }

    async fn handle(
        &self,
        myself: ActorRef<Again>,
        Again(left): Again,
        workers: &mut Self::State,
    ) -> Done {
        let calls = (left..left + 100)
            .zip(workers.iter().cycle())
            .map(|(n, worker)| worker.call(move |reply| Item(n, reply), None));
        let mut results = Vec::with_capacity(100);
        for reply in join_all(calls).await {
            results.push(reply?.success_or("a worker does not answer")?);
        }
        let left = arrived::in_order(&results);
        if left > 1 {
            myself.cast(Again(left - 1))?;
        } else {
            self.done.notify_one();
        }
        Ok(())
    }
}

struct Worker;

struct Item(u32, RpcReplyPort<u32>);

impl Actor for Worker {
    type Msg = Item;
    type State = ();
    type Arguments = ();

    async fn pre_start(&self, _: ActorRef<Item>, (): ()) -> Done {
        Ok(())
    }

    async fn handle(&self, _: ActorRef<Item>, Item(n, reply): Item, (): &mut ()) -> Done {
        Ok(reply.send(n)?)
    }
}

pub(super) async fn each(times: u32) -> Duration {
    let done = Arc::new(Notify::new());
    let mut workers = Vec::new();
    for _ in 0..8 {
        workers.push(spawn(Worker, ()).await);
    }
    let caller = Caller {
        done: Arc::clone(&done),
    };
    let caller = spawn(caller, workers).await;

    let start = Instant::now();
    caller.cast(Again(times)).expect("the caller runs");
    done.notified().await;
    start.elapsed()
}
