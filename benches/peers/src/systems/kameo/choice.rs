//! An actor that chooses one of ten others by a value. The chosen one requests the next value.

use std::sync::Arc;
use std::time::{Duration, Instant};

use kameo::actor::Spawn;
use kameo::prelude::{Actor, ActorRef, Context, Message};
use tokio::sync::Notify;

use crate::arrived;

#[derive(Actor)]
struct Chooser {
    arms: Vec<ActorRef<Arm>>,
    done: Arc<Notify>,
}

struct Again(u32);

impl Message<Again> for Chooser {
    type Reply = ();

    async fn handle(&mut self, Again(left): Again, _: &mut Context<Self, ()>) {
        if left == 0 {
            self.done.notify_one();
            return;
        }
        let arm = self.arms.get(left as usize % 10).expect("there are ten");
        let sent = arm.tell(Chosen(left)).try_send();
        sent.expect("there is one value");
    }
}

#[derive(Actor)]
struct Arm {
    own: u32,
    chooser: ActorRef<Chooser>,
}

struct Chosen(u32);

impl Message<Chosen> for Arm {
    type Reply = ();

    async fn handle(&mut self, Chosen(left): Chosen, _: &mut Context<Self, ()>) {
        arrived::chosen(left, self.own);
        let sent = self.chooser.tell(Again(left - 1)).try_send();
        sent.expect("there is one value");
    }
}

pub(super) async fn choice(times: u32) -> Duration {
    let done = Arc::new(Notify::new());
    let prepared = Chooser::prepare();
    let chooser = prepared.actor_ref().clone();
    let arm = |own| {
        let chooser = chooser.clone();
        Arm::spawn(Arm { own, chooser })
    };
    prepared.spawn(Chooser {
        arms: (0..10).map(arm).collect(),
        done: Arc::clone(&done),
    });
    chooser.wait_for_startup().await;

    let start = Instant::now();
    let told = chooser.tell(Again(times)).await;
    told.expect("the chooser runs");
    done.notified().await;
    start.elapsed()
}
