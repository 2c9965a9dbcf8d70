//! A choice between ten tasks by the value in the context, with conditional edges. The first edge
//! whose condition holds is taken.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use graph_flow::{Context, GraphBuilder, GraphError, Result, Task, TaskResult};

use super::{execute, step};
use crate::arrived;

struct Choose;

#[async_trait]
impl Task for Choose {
    fn id(&self) -> &'static str {
        "choose"
    }

    async fn run(&self, _: Context) -> Result<TaskResult> {
        Ok(TaskResult::move_to_next_direct())
    }
}

struct Arm {
    id: String,
    own: u32,
}

#[async_trait]
impl Task for Arm {
    fn id(&self) -> &str {
        &self.id
    }

    async fn run(&self, context: Context) -> Result<TaskResult> {
        let left = context.get("left").ok_or_else(missing)?;
        arrived::chosen(left, self.own);
        step(&context)
    }
}

fn missing() -> GraphError {
    GraphError::ContextError("nothing says what is left".to_owned())
}

pub(super) async fn choice(times: u32) -> Duration {
    let id = |own: u32| format!("arm_{own}");
    let mut graph = GraphBuilder::new("choice").add_task(Arc::new(Choose));
    for own in 0..10 {
        graph = graph
            .add_task(Arc::new(Arm { id: id(own), own }))
            .add_edge(id(own), "choose");
    }
    for own in 0..9 {
        let is_own = move |context: &Context| {
            context
                .get("left")
                .is_some_and(|left: u32| left % 10 == own)
        };
        graph = graph.add_conditional_edge("choose", is_own, id(own), id(9));
    }
    let graph = graph.build().expect("the graph is sound");
    execute(&graph, "choose", times).await
}
