//! An actor that chooses one of ten others by a value. The chosen one requests the next value.

use std::sync::Arc;
use std::time::{Duration, Instant};

use ractor::{Actor, ActorProcessingErr, ActorRef};
use tokio::sync::Notify;

use super::{Done, spawn};
use crate::arrived;

struct Chooser {
    done: Arc<Notify>,
}

enum Choosing {
    Arms(Vec<ActorRef<Chosen>>),
    Again(u32),
}

impl Actor for Chooser {
    type Msg = Choosing;
    type State = Vec<ActorRef<Chosen>>;
    type Arguments = ();

    async fn pre_start(
        &self,
        _: ActorRef<Choosing>,
        (): (),
    ) -> Result<Self::State, ActorProcessingErr> {
        Ok(Vec::new())
    }

    async fn handle(
        &self,
        _: ActorRef<Choosing>,
        message: Choosing,
        arms: &mut Self::State,
    ) -> Done {
        match message {
            Choosing::Arms(all) => *arms = all,
            Choosing::Again(0) => self.done.notify_one(),
            Choosing::Again(left) => {
                let arm = arms.get(left as usize % 10).ok_or("there are ten")?;
                arm.cast(Chosen(left))?;
            }
        }
        Ok(())
    }
}

struct Arm {
    own: u32,
}

struct Chosen(u32);

impl Actor for Arm {
    type Msg = Chosen;
    type State = ActorRef<Choosing>;
    type Arguments = ActorRef<Choosing>;

    async fn pre_start(
        &self,
        _: ActorRef<Chosen>,
        chooser: Self::Arguments,
    ) -> Result<Self::State, ActorProcessingErr> {
        Ok(chooser)
    }

    async fn handle(
        &self,
        _: ActorRef<Chosen>,
        Chosen(left): Chosen,
        chooser: &mut Self::State,
    ) -> Done {
        arrived::chosen(left, self.own);
        chooser.cast(Choosing::Again(left - 1))?;
        Ok(())
    }
}

pub(super) async fn choice(times: u32) -> Duration {
    let done = Arc::new(Notify::new());
    let chooser = Chooser {
        done: Arc::clone(&done),
    };
    let chooser = spawn(chooser, ()).await;
    let mut arms = Vec::new();
    for own in 0..10 {
        arms.push(spawn(Arm { own }, chooser.clone()).await);
    }
    let told = chooser.cast(Choosing::Arms(arms));
    told.expect("the chooser runs");

    let start = Instant::now();
    let told = chooser.cast(Choosing::Again(times));
    told.expect("the chooser runs");
    done.notified().await;
    start.elapsed()
}
