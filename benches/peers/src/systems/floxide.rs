//! floxide: nodes in a workflow, one at a time.

mod choice;
mod each;
mod join;
mod sub_flow;

use std::sync::Arc;
use std::time::{Duration, Instant};

use async_trait::async_trait;
use floxide::{FloxideError, Node, Transition, Workflow, WorkflowCtx, workflow};
use tokio::sync::Notify;

use super::names::with_names;
use crate::case::Case;
use crate::system::{Role, System};
use crate::{arrived, version};

pub(crate) fn system() -> System {
    System::new(Role::Peer, version::named("floxide"))
        .timed(Case::EventHop, hop)
        .timed(Case::ChainOf10, chain)
        .timed(Case::FanOut, fan_out)
        .timed(Case::StartAndEnd, start_and_end)
        .held(Case::Idle, idle)
        .timed(Case::Join, join::join)
        .timed(Case::Each, each::each)
        .timed(Case::Match, choice::choice)
        .timed(Case::Inline, sub_flow::inline)
        .timed(Case::SubFlow, sub_flow::sub_flow)
}

/// The action after a node that may be the last one.
#[derive(Clone, Debug)]
enum Step {
    Next(u32),
    Done(u32),
}

#[derive(Clone, Debug)]
struct Player;

#[async_trait]
impl Node for Player {
    type Input = u32;
    type Output = Step;

    async fn process(&self, (): &(), left: u32) -> Result<Transition<Step>, FloxideError> {
        arrived::one();
        Ok(Transition::Next(if left > 1 {
            Step::Next(left - 1)
        } else {
            Step::Done(0)
        }))
    }
}

/// A node that only passes its value on.
#[derive(Clone, Debug)]
struct Stage;

#[async_trait]
impl Node for Stage {
    type Input = u32;
    type Output = u32;

    async fn process(&self, (): &(), left: u32) -> Result<Transition<u32>, FloxideError> {
        arrived::one();
        Ok(Transition::Next(left))
    }
}

/// The last node of a workflow.
#[derive(Clone, Debug)]
struct End;

#[async_trait]
impl Node for End {
    type Input = u32;
    type Output = u32;

    async fn process(&self, (): &(), left: u32) -> Result<Transition<u32>, FloxideError> {
        Ok(Transition::Next(left))
    }
}

workflow! {
    struct PingPong {
        ping: Player,
        pong: Player,
        end: End,
    }
    start = ping;
    edges {
        ping => {
            Step::Next(left) => [ pong ];
            Step::Done(left) => [ end ];
        };
        pong => {
            Step::Next(left) => [ ping ];
            Step::Done(left) => [ end ];
        };
        end => {};
    }
}

async fn hop(hops: u32) -> Duration {
    let workflow = PingPong {
        ping: Player,
        pong: Player,
        end: End,
    };
    run(&workflow, hops).await
}

async fn run<W: Workflow<(), Input = u32>>(workflow: &W, input: u32) -> Duration {
    let cx = WorkflowCtx::new(());
    let start = Instant::now();
    let result = workflow.run(&cx, input).await;
    let elapsed = start.elapsed();
    assert!(result.is_ok(), "no node fails");
    elapsed
}

workflow! {
    struct Chain {
        s1: Stage,
        s2: Stage,
        s3: Stage,
        s4: Stage,
        s5: Stage,
        s6: Stage,
        s7: Stage,
        s8: Stage,
        s9: Stage,
        s10: Player,
        end: End,
    }
    start = s1;
    edges {
        s1 => { [s2] };
        s2 => { [s3] };
        s3 => { [s4] };
        s4 => { [s5] };
        s5 => { [s6] };
        s6 => { [s7] };
        s7 => { [s8] };
        s8 => { [s9] };
        s9 => { [s10] };
        s10 => {
            Step::Next(left) => [ s1 ];
            Step::Done(left) => [ end ];
        };
        end => {};
    }
}

async fn chain(times: u32) -> Duration {
    let workflow = Chain {
        s1: Stage,
        s2: Stage,
        s3: Stage,
        s4: Stage,
        s5: Stage,
        s6: Stage,
        s7: Stage,
        s8: Stage,
        s9: Stage,
        s10: Player,
        end: End,
    };
    run(&workflow, times).await
}

/// A node that nothing follows.
#[derive(Clone, Debug)]
struct Listener;

#[async_trait]
impl Node for Listener {
    type Input = u32;
    type Output = u32;

    async fn process(&self, (): &(), _: u32) -> Result<Transition<u32>, FloxideError> {
        arrived::one();
        Ok(Transition::Hold)
    }
}

macro_rules! calling {
    ($($listener:ident)*) => {
        workflow! {
            struct Calling {
                call: End,
                first: Player,
                $($listener: Listener,)*
                end: End,
            }
            start = call;
            edges {
                call => { [first, $($listener),*] };
                first => {
                    Step::Next(left) => [ call ];
                    Step::Done(left) => [ end ];
                };
                $($listener => { [end] };)*
                end => {};
            }
        }

        /// The first listener starts the next round, which begins after the others. In the last
        /// round the end comes after them too.
        async fn fan_out(rounds: u32) -> Duration {
            let workflow = Calling {
                call: End,
                first: Player,
                $($listener: Listener,)*
                end: End,
            };
            run(&workflow, rounds).await
        }
    };
}

with_names!(calling);

workflow! {
    struct Trivial {
        only: Stage,
    }
    start = only;
    edges {
        only => {};
    }
}

async fn start_and_end(times: u32) -> Duration {
    let workflow = Trivial { only: Stage };
    let start = Instant::now();
    for n in 0..times {
        let result = workflow.run(&WorkflowCtx::new(()), n).await;
        result.expect("no node fails");
    }
    start.elapsed()
}

/// A node that waits for something outside of its workflow.
#[derive(Clone, Debug)]
struct Wait {
    go: Arc<Notify>,
}

#[async_trait]
impl Node for Wait {
    type Input = u32;
    type Output = u32;

    async fn process(&self, (): &(), n: u32) -> Result<Transition<u32>, FloxideError> {
        arrived::one();
        self.go.notified().await;
        Ok(Transition::Next(n))
    }
}

workflow! {
    struct Waiting {
        wait: Wait,
    }
    start = wait;
    edges {
        wait => {};
    }
}

async fn idle(runs: u32) -> impl Sized {
    let go = Arc::new(Notify::new());
    let workflow = Arc::new(Waiting { wait: Wait { go } });
    let held: Vec<_> = (0..runs)
        .map(|n| {
            let workflow = Arc::clone(&workflow);
            tokio::spawn(async move { workflow.run(&WorkflowCtx::new(()), n).await })
        })
        .collect();
    arrived::wait_for(runs).await;
    held
}
