//! kameo: actors with bounded mailboxes, which is the default.
//!
//! If a mailbox cannot be full, messages are sent with `try_send`, which is faster than awaiting.

mod choice;
mod each;
mod join;

use std::iter;
use std::sync::Arc;
use std::time::{Duration, Instant};

use kameo::actor::Spawn;
use kameo::error::Infallible;
use kameo::prelude::{Actor, ActorRef, Context, Message};
use tokio::sync::Notify;

use crate::case::Case;
use crate::system::{Role, System};
use crate::{arrived, version};

pub(crate) fn system() -> System {
    System::new(Role::Peer, version::named("kameo"))
        .timed(Case::EventHop, |hops| ring(2, hops))
        .timed(Case::ChainOf10, |times| ring(10, 10 * times))
        .timed(Case::StreamItem, items)
        .timed(Case::FanOut, fan_out)
        .timed(Case::StartAndEnd, start_and_end)
        .held(Case::Idle, idle)
        .timed(Case::Join, join::join)
        .timed(Case::Each, each::each)
        .timed(Case::Match, choice::choice)
        .timed(Case::Inline, |times| ring(5, 5 * times))
}

#[derive(Actor)]
struct Stage {
    next: ActorRef<Stage>,
    done: Arc<Notify>,
}

struct Ball(u32);

impl Message<Ball> for Stage {
    type Reply = ();

    async fn handle(&mut self, Ball(left): Ball, _: &mut Context<Self, ()>) {
        arrived::one();
        if left == 1 {
            self.done.notify_one();
        } else {
            let sent = self.next.tell(Ball(left - 1)).try_send();
            sent.expect("there is one ball");
        }
    }
}

/// Actors that pass an event round in a ring for this many hops.
async fn ring(stages: u32, hops: u32) -> Duration {
    let done = Arc::new(Notify::new());
    let prepared: Vec<_> = (0..stages).map(|_| Stage::prepare()).collect();
    let mut nexts: Vec<_> = prepared.iter().map(|one| one.actor_ref().clone()).collect();
    let first = nexts.first().cloned().expect("there are stages");
    nexts.rotate_left(1);
    for (stage, next) in iter::zip(prepared, nexts) {
        let done = Arc::clone(&done);
        stage.spawn(Stage { next, done });
    }
    first.wait_for_startup().await;

    let start = Instant::now();
    first.tell(Ball(hops)).await.expect("the first stage runs");
    done.notified().await;
    start.elapsed()
}

#[derive(Actor)]
struct Producer {
    consumer: ActorRef<Consumer>,
}

struct Produce(u32);

impl Message<Produce> for Producer {
    type Reply = ();

    async fn handle(&mut self, Produce(items): Produce, _: &mut Context<Self, ()>) {
        for n in 0..items {
            // It waits while the mailbox is full.
            let sent = self.consumer.tell(Item(n)).send().await;
            sent.expect("the consumer runs");
        }
    }
}

#[derive(Actor)]
struct Consumer {
    left: u32,
    done: Arc<Notify>,
}

struct Item(u32);

impl Message<Item> for Consumer {
    type Reply = ();

    async fn handle(&mut self, Item(item): Item, _: &mut Context<Self, ()>) {
        std::hint::black_box(item);
        arrived::one();
        self.left -= 1;
        if self.left == 0 {
            self.done.notify_one();
        }
    }
}

async fn items(items: u32) -> Duration {
    let done = Arc::new(Notify::new());
    let consumer = Consumer::spawn(Consumer {
        left: items,
        done: Arc::clone(&done),
    });
    let producer = Producer::spawn(Producer { consumer });
    producer.wait_for_startup().await;

    let start = Instant::now();
    let told = producer.tell(Produce(items)).await;
    told.expect("the producer runs");
    done.notified().await;
    start.elapsed()
}

#[derive(Actor)]
struct Caller {
    listeners: Vec<ActorRef<Listener>>,
    done: Arc<Notify>,
}

struct Again(u32);

impl Message<Again> for Caller {
    type Reply = ();

    async fn handle(&mut self, Again(left): Again, _: &mut Context<Self, ()>) {
        if left == 0 {
            self.done.notify_one();
            return;
        }
        for listener in &self.listeners {
            let sent = listener.tell(Call(left)).try_send();
            sent.expect("a listener gets a call at a time");
        }
    }
}

#[derive(Actor)]
struct Listener {
    /// The actor from which the first listener requests the next round, after the other listeners.
    caller: Option<ActorRef<Caller>>,
}

struct Call(u32);

impl Message<Call> for Listener {
    type Reply = ();

    async fn handle(&mut self, Call(left): Call, _: &mut Context<Self, ()>) {
        arrived::one();
        if let Some(caller) = &self.caller {
            let sent = caller.tell(Again(left - 1)).try_send();
            sent.expect("the caller gets a request at a time");
        }
    }
}

async fn fan_out(rounds: u32) -> Duration {
    let done = Arc::new(Notify::new());
    let caller = Caller::prepare();
    let calling = caller.actor_ref().clone();
    let mut first = Some(calling.clone());
    let listeners = (0..100)
        .map(|_| {
            let caller = first.take();
            Listener::spawn(Listener { caller })
        })
        .collect();
    caller.spawn(Caller {
        listeners,
        done: Arc::clone(&done),
    });
    calling.wait_for_startup().await;

    let start = Instant::now();
    let told = calling.tell(Again(rounds)).await;
    told.expect("the caller runs");
    done.notified().await;
    start.elapsed()
}

#[derive(Actor)]
struct Trivial;

struct Do(u32);

impl Message<Do> for Trivial {
    type Reply = ();

    async fn handle(&mut self, Do(n): Do, cx: &mut Context<Self, ()>) {
        std::hint::black_box(n);
        arrived::one();
        cx.stop();
    }
}

/// With `run` instead of a task, as its docs advise for a short-lived actor.
async fn start_and_end(times: u32) -> Duration {
    let start = Instant::now();
    for n in 0..times {
        let actor = Trivial::prepare();
        let told = actor.actor_ref().tell(Do(n)).try_send();
        told.expect("the mailbox is empty");
        assert!(actor.run(Trivial).await.is_ok(), "no handler fails");
    }
    start.elapsed()
}

struct Waiting;

impl Actor for Waiting {
    type Args = Self;
    type Error = Infallible;

    async fn on_start(args: Self, _: ActorRef<Self>) -> Result<Self, Infallible> {
        arrived::one();
        Ok(args)
    }
}

async fn idle(actors: u32) -> impl Sized {
    let held: Vec<_> = (0..actors).map(|_| Waiting::spawn(Waiting)).collect();
    arrived::wait_for(actors).await;
    held
}
