//! A node that leads to a hundred others, which all lead to one that waits for all results.

use std::time::{Duration, Instant};

use async_trait::async_trait;
use floxide::{FloxideError, Node, SharedState, Transition, Workflow, WorkflowCtx, workflow};
use serde::{Deserialize, Serialize};

use super::Step;
use crate::arrived;
use crate::systems::names::with_names;

#[derive(Clone, Debug, Default, Deserialize, Serialize)]
struct Results {
    results: SharedState<Vec<u32>>,
}

/// A node that only passes its value on.
#[derive(Clone, Debug)]
struct Branch;

#[async_trait]
impl Node<Results> for Branch {
    type Input = u32;
    type Output = u32;

    async fn process(&self, _: &Results, left: u32) -> Result<Transition<u32>, FloxideError> {
        Ok(Transition::Next(left))
    }
}

#[derive(Clone, Debug)]
struct Together;

#[async_trait]
impl Node<Results> for Together {
    type Input = u32;
    type Output = Step;

    async fn process(&self, cx: &Results, left: u32) -> Result<Transition<Step>, FloxideError> {
        let mut results = cx.results.get().await;
        results.push(left);
        if results.len() < 100 {
            return Ok(Transition::Hold);
        }
        let left = arrived::joined(&results);
        results.clear();
        Ok(Transition::Next(if left > 1 {
            Step::Next(left - 1)
        } else {
            Step::Done(0)
        }))
    }
}

macro_rules! joining {
    ($($branch:ident)*) => {
        workflow! {
            struct Joining {
                call: Branch,
                first: Branch,
                $($branch: Branch,)*
                together: Together,
                end: Branch,
            }
            context = Results;
            start = call;
            edges {
                call => { [first, $($branch),*] };
                first => { [together] };
                $($branch => { [together] };)*
                together => {
                    Step::Next(left) => [ call ];
                    Step::Done(left) => [ end ];
                };
                end => {};
            }
        }

        pub(super) async fn join(times: u32) -> Duration {
            let workflow = Joining {
                call: Branch,
                first: Branch,
                $($branch: Branch,)*
                together: Together,
                end: Branch,
            };
            let cx = WorkflowCtx::new(Results::default());
            let start = Instant::now();
            let result = workflow.run(&cx, times).await;
            let elapsed = start.elapsed();
            result.expect("no node fails");
            elapsed
        }
    };
}

with_names!(joining);
