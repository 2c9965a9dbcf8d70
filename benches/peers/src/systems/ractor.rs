//! ractor: actors with unbounded mailboxes.

mod choice;
mod each;
mod join;

use std::sync::Arc;
use std::time::{Duration, Instant};

use ractor::{Actor, ActorProcessingErr, ActorRef};
use tokio::sync::Notify;

use crate::case::Case;
use crate::system::{Role, System};
use crate::{arrived, version};

pub(crate) fn system() -> System {
    System::new(Role::Peer, version::named("ractor"))
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

type Done = Result<(), ActorProcessingErr>;

/// Spawns an actor without a supervisor.
async fn spawn<A: Actor>(actor: A, arguments: A::Arguments) -> ActorRef<A::Msg> {
    let spawned = Actor::spawn(None, actor, arguments).await;
    spawned.expect("the actor starts").0
}

struct Stage {
    done: Arc<Notify>,
}

enum Pass {
    Next(ActorRef<Pass>),
    Ball(u32),
}

impl Actor for Stage {
    type Msg = Pass;
    type State = Option<ActorRef<Pass>>;
    type Arguments = ();

    async fn pre_start(
        &self,
        _: ActorRef<Pass>,
        (): (),
    ) -> Result<Self::State, ActorProcessingErr> {
        Ok(None)
    }

    async fn handle(&self, _: ActorRef<Pass>, message: Pass, next: &mut Self::State) -> Done {
        match message {
            Pass::Next(actor) => *next = Some(actor),
            Pass::Ball(left) => {
                arrived::one();
                match next {
                    Some(next) if left > 1 => next.cast(Pass::Ball(left - 1))?,
                    _ => self.done.notify_one(),
                }
            }
        }
        Ok(())
    }
}

/// Actors that pass an event round in a ring for this many hops.
async fn ring(stages: u32, hops: u32) -> Duration {
    let done = Arc::new(Notify::new());
    let mut actors = Vec::new();
    for _ in 0..stages {
        let done = Arc::clone(&done);
        actors.push(spawn(Stage { done }, ()).await);
    }
    let nexts = actors.iter().cycle().skip(1);
    for (actor, next) in actors.iter().zip(nexts) {
        let told = actor.cast(Pass::Next(next.clone()));
        told.expect("the stage runs");
    }
    let first = actors.first().expect("there are stages");

    let start = Instant::now();
    first.cast(Pass::Ball(hops)).expect("the first stage runs");
    done.notified().await;
    start.elapsed()
}

struct Producer;

struct Produce(u32);

impl Actor for Producer {
    type Msg = Produce;
    type State = ActorRef<Item>;
    type Arguments = ActorRef<Item>;

    async fn pre_start(
        &self,
        _: ActorRef<Produce>,
        consumer: ActorRef<Item>,
    ) -> Result<Self::State, ActorProcessingErr> {
        Ok(consumer)
    }

    async fn handle(
        &self,
        _: ActorRef<Produce>,
        Produce(items): Produce,
        consumer: &mut Self::State,
    ) -> Done {
        for n in 0..items {
            consumer.cast(Item(n))?;
        }
        Ok(())
    }
}

struct Consumer {
    done: Arc<Notify>,
}

struct Item(u32);

impl Actor for Consumer {
    type Msg = Item;
    /// The number of items that remain.
    type State = u32;
    type Arguments = u32;

    async fn pre_start(&self, _: ActorRef<Item>, items: u32) -> Result<u32, ActorProcessingErr> {
        Ok(items)
    }

    async fn handle(&self, _: ActorRef<Item>, Item(item): Item, left: &mut u32) -> Done {
        std::hint::black_box(item);
        arrived::one();
        *left -= 1;
        if *left == 0 {
            self.done.notify_one();
        }
        Ok(())
    }
}

/// With `cast`, which is faster than an `OutputPort`: by default, that loses the items that a slow
/// reader has not read, and its other mode adds a task in between.
async fn items(items: u32) -> Duration {
    let done = Arc::new(Notify::new());
    let consumer = Consumer {
        done: Arc::clone(&done),
    };
    let consumer = spawn(consumer, items).await;
    let producer = spawn(Producer, consumer).await;

    let start = Instant::now();
    producer.cast(Produce(items)).expect("the producer runs");
    done.notified().await;
    start.elapsed()
}

struct Caller {
    done: Arc<Notify>,
}

enum Calling {
    Listeners(Vec<ActorRef<Call>>),
    Again(u32),
}

impl Actor for Caller {
    type Msg = Calling;
    type State = Vec<ActorRef<Call>>;
    type Arguments = ();

    async fn pre_start(
        &self,
        _: ActorRef<Calling>,
        (): (),
    ) -> Result<Self::State, ActorProcessingErr> {
        Ok(Vec::new())
    }

    async fn handle(
        &self,
        _: ActorRef<Calling>,
        message: Calling,
        listeners: &mut Self::State,
    ) -> Done {
        match message {
            Calling::Listeners(all) => *listeners = all,
            Calling::Again(0) => self.done.notify_one(),
            Calling::Again(left) => {
                for listener in listeners {
                    listener.cast(Call(left))?;
                }
            }
        }
        Ok(())
    }
}

struct Listener;

struct Call(u32);

impl Actor for Listener {
    type Msg = Call;
    /// The actor from which the first listener requests the next round, after the other listeners.
    type State = Option<ActorRef<Calling>>;
    type Arguments = Option<ActorRef<Calling>>;

    async fn pre_start(
        &self,
        _: ActorRef<Call>,
        caller: Self::Arguments,
    ) -> Result<Self::State, ActorProcessingErr> {
        Ok(caller)
    }

    async fn handle(&self, _: ActorRef<Call>, Call(left): Call, caller: &mut Self::State) -> Done {
        arrived::one();
        if let Some(caller) = caller {
            caller.cast(Calling::Again(left - 1))?;
        }
        Ok(())
    }
}

async fn fan_out(rounds: u32) -> Duration {
    let done = Arc::new(Notify::new());
    let caller = Caller {
        done: Arc::clone(&done),
    };
    let caller = spawn(caller, ()).await;
    let mut first = Some(caller.clone());
    let mut listeners = Vec::new();
    for _ in 0..100 {
        listeners.push(spawn(Listener, first.take()).await);
    }
    let told = caller.cast(Calling::Listeners(listeners));
    told.expect("the caller runs");

    let start = Instant::now();
    caller
        .cast(Calling::Again(rounds))
        .expect("the caller runs");
    done.notified().await;
    start.elapsed()
}

struct Trivial;

struct Do(u32);

impl Actor for Trivial {
    type Msg = Do;
    type State = ();
    type Arguments = ();

    async fn pre_start(&self, _: ActorRef<Do>, (): ()) -> Done {
        Ok(())
    }

    async fn handle(&self, myself: ActorRef<Do>, Do(n): Do, (): &mut ()) -> Done {
        std::hint::black_box(n);
        arrived::one();
        myself.stop(None);
        Ok(())
    }
}

async fn start_and_end(times: u32) -> Duration {
    let start = Instant::now();
    for n in 0..times {
        let spawned = Actor::spawn(None, Trivial, ()).await;
        let (actor, task) = spawned.expect("the actor starts");
        actor.cast(Do(n)).expect("the actor runs");
        task.await.expect("no handler fails");
    }
    start.elapsed()
}

struct Waiting;

impl Actor for Waiting {
    type Msg = ();
    type State = ();
    type Arguments = ();

    async fn pre_start(&self, _: ActorRef<()>, (): ()) -> Done {
        arrived::one();
        Ok(())
    }
}

async fn idle(actors: u32) -> impl Sized {
    let mut held = Vec::with_capacity(actors as usize);
    for _ in 0..actors {
        held.push(spawn(Waiting, ()).await);
    }
    // The loop of an actor starts after `pre_start`, in another task.
    for _ in 0..actors {
        tokio::task::yield_now().await;
    }
    held
}
