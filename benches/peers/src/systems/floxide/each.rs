//! A `BatchNode` over a hundred elements, eight at a time, each on a blocking thread of tokio.

use std::time::Duration;

use async_trait::async_trait;
use floxide::{BatchNode, FloxideError, Node, Transition, workflow};

use super::{End, Step, run};
use crate::arrived;

/// The elements.
#[derive(Clone, Debug)]
struct Numbers;

#[async_trait]
impl Node for Numbers {
    type Input = u32;
    type Output = Vec<u32>;

    async fn process(&self, (): &(), left: u32) -> Result<Transition<Vec<u32>>, FloxideError> {
        Ok(Transition::Next((left..left + 100).collect()))
    }
}

#[derive(Clone, Debug)]
struct Together;

#[async_trait]
impl Node for Together {
    type Input = Vec<u32>;
    type Output = Step;

    async fn process(&self, (): &(), results: Vec<u32>) -> Result<Transition<Step>, FloxideError> {
        let left = arrived::in_order(&results);
        Ok(Transition::Next(if left > 1 {
            Step::Next(left - 1)
        } else {
            Step::Done(0)
        }))
    }
}

workflow! {
    struct Each {
        numbers: Numbers,
        work: BatchNode<(), End>,
        together: Together,
        end: End,
    }
    start = numbers;
    edges {
        numbers => { [ work ] };
        work => { [ together ] };
        together => {
            Step::Next(left) => [ numbers ];
            Step::Done(left) => [ end ];
        };
        end => {};
    }
}

pub(super) async fn each(times: u32) -> Duration {
    let workflow = Each {
        numbers: Numbers,
        work: BatchNode::new(End, 8),
        together: Together,
        end: End,
    };
    run(&workflow, times).await
}
