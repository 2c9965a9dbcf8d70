//! An actor that asks a hundred others, and waits for all their replies.

use std::sync::Arc;
use std::time::{Duration, Instant};

use kameo::actor::Spawn;
use kameo::prelude::{Actor, ActorRef, Context, Message};
use tokio::sync::Notify;

use crate::arrived;

#[derive(Actor)]
struct Caller {
    branches: Vec<ActorRef<Branch>>,
    done: Arc<Notify>,
}

struct Again(u32);

impl Message<Again> for Caller {
    type Reply = ();

    async fn handle(&mut self, Again(left): Again, cx: &mut Context<Self, ()>) {
        let asked: Vec<_> = (self.branches.iter())
            .map(|branch| branch.ask(Call(left)).try_enqueue())
            .collect();
        let mut results = Vec::with_capacity(100);
        for reply in asked {
            let reply = reply.expect("a branch gets a call at a time");
            results.push(reply.await.expect("the branches run"));
        }
        let left = arrived::joined(&results);
        if left > 1 {
            let sent = cx.actor_ref().tell(Again(left - 1)).try_send();
            sent.expect("the caller gets a request at a time");
        } else {
            self.done.notify_one();
        }
    }
}

#[derive(Actor)]
struct Branch;

struct Call(u32);

impl Message<Call> for Branch {
    type Reply = u32;

    async fn handle(&mut self, Call(left): Call, _: &mut Context<Self, u32>) -> u32 {
        left
    }
}

pub(super) async fn join(times: u32) -> Duration {
    let done = Arc::new(Notify::new());
    let caller = Caller::spawn(Caller {
        branches: (0..100).map(|_| Branch::spawn(Branch)).collect(),
        done: Arc::clone(&done),
    });
    caller.wait_for_startup().await;

    let start = Instant::now();
    let told = caller.tell(Again(times)).await;
    told.expect("the caller runs");
    done.notified().await;
    start.elapsed()
}
