//! A `FanOutTask` of a hundred, which collects the results in the context.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use graph_flow::{
    Context, FanOutTask, GraphBuilder, GraphError, NextAction, Result, Task, TaskResult,
};

use super::{execute, step};
use crate::arrived;

struct Branch {
    id: String,
}

#[async_trait]
impl Task for Branch {
    fn id(&self) -> &str {
        &self.id
    }

    async fn run(&self, context: Context) -> Result<TaskResult> {
        let left: u32 = get(&context, "left")?;
        context.set(&*self.id, left)?;
        Ok(TaskResult::new(None, NextAction::End))
    }
}

fn get(context: &Context, key: &str) -> Result<u32> {
    let missing = || GraphError::ContextError(format!("nothing is there as {key}"));
    context.get(key).ok_or_else(missing)
}

struct Together {
    branches: Vec<String>,
}

#[async_trait]
impl Task for Together {
    fn id(&self) -> &'static str {
        "together"
    }

    async fn run(&self, context: Context) -> Result<TaskResult> {
        let results: Result<Vec<u32>> = (self.branches.iter())
            .map(|branch| get(&context, branch))
            .collect();
        arrived::joined(&results?);
        step(&context)
    }
}

pub(super) async fn join(times: u32) -> Duration {
    let branches: Vec<String> = (0..100).map(|n| format!("branch_{n}")).collect();
    let branch = |id: &String| -> Arc<dyn Task> { Arc::new(Branch { id: id.clone() }) };
    let call = FanOutTask::new("call", branches.iter().map(branch).collect())
        .with_next_action(NextAction::ContinueAndExecute);
    let graph = GraphBuilder::new("join")
        .add_task(call)
        .add_task(Arc::new(Together { branches }))
        .add_edge("call", "together")
        .add_edge("together", "call")
        .build()
        .expect("the graph is sound");
    execute(&graph, "call", times).await
}
