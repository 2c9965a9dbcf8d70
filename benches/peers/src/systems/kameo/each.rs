//! An actor that asks eight others in turn, so that eight of a hundred are worked on at a time, and
//! takes the replies in order.

use std::sync::Arc;
use std::time::{Duration, Instant};

use kameo::actor::Spawn;
use kameo::prelude::{Actor, ActorRef, Context, Message};
use tokio::sync::Notify;

use crate::arrived;

#[derive(Actor)]
struct Caller {
    workers: Vec<ActorRef<Worker>>,
    done: Arc<Notify>,
}

struct Again(u32);

impl Message<Again> for Caller {
    type Reply = ();

    async fn handle(&mut self, Again(left): Again, cx: &mut Context<Self, ()>) {
        let asked: Vec<_> = (left..left + 100)
            .zip(self.workers.iter().cycle())
            .map(|(n, worker)| worker.ask(Item(n)).try_enqueue())
            .collect();
        let mut results = Vec::with_capacity(100);
        for reply in asked {
            let reply = reply.expect("a mailbox has room for a dozen");
            results.push(reply.await.expect("the workers run"));
        }
        let left = arrived::in_order(&results);
        if left > 1 {
            let sent = cx.actor_ref().tell(Again(left - 1)).try_send();
            sent.expect("the caller gets a request at a time");
        } else {
            self.done.notify_one();
        }
    }
}

#[derive(Actor)]
struct Worker;

struct Item(u32);

impl Message<Item> for Worker {
    type Reply = u32;

    async fn handle(&mut self, Item(n): Item, _: &mut Context<Self, u32>) -> u32 {
        n
    }
}

pub(super) async fn each(times: u32) -> Duration {
    let done = Arc::new(Notify::new());
    let caller = Caller::spawn(Caller {
        workers: (0..8).map(|_| Worker::spawn(Worker)).collect(),
        done: Arc::clone(&done),
    });
    caller.wait_for_startup().await;

    let start = Instant::now();
    let told = caller.tell(Again(times)).await;
    told.expect("the caller runs");
    done.notified().await;
    start.elapsed()
}
