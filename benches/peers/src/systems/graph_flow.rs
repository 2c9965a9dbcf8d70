//! graph-flow: tasks in a graph, with a JSON context.
//!
//! It runs with `Graph::execute_session`, which its docs advise for many steps in a tight loop, and
//! with `ContinueAndExecute`, which does not return to the caller between steps.

mod choice;
mod join;

use std::sync::Arc;
use std::time::{Duration, Instant};

use async_trait::async_trait;
use graph_flow::{
    Context, ExecutionStatus, FanOutTask, FlowRunner, Graph, GraphBuilder, GraphError,
    InMemorySessionStorage, NextAction, Result, Session, SessionStorage, Task, TaskResult,
};

use crate::case::Case;
use crate::system::{Role, System};
use crate::{arrived, version};

pub(crate) fn system() -> System {
    System::new(Role::Peer, version::named("graph-flow"))
        .timed(Case::EventHop, |hops| ring(2, hops))
        .timed(Case::ChainOf10, |times| ring(10, 10 * times))
        .timed(Case::FanOut, fan_out)
        .timed(Case::StartAndEnd, start_and_end)
        .held(Case::Idle, idle)
        .timed(Case::Join, join::join)
        .timed(Case::Match, choice::choice)
        .timed(Case::Inline, |times| ring(5, 5 * times))
}

/// Decrements the remaining work, and continues with the next task or ends.
fn step(context: &Context) -> Result<TaskResult> {
    let left: u32 = context
        .get("left")
        .ok_or_else(|| GraphError::ContextError("nothing says what is left".to_owned()))?;
    context.set("left", left - 1)?;
    if left > 1 {
        Ok(TaskResult::move_to_next_direct())
    } else {
        Ok(TaskResult::new(None, NextAction::End))
    }
}

struct Stage {
    id: String,
}

#[async_trait]
impl Task for Stage {
    fn id(&self) -> &str {
        &self.id
    }

    async fn run(&self, context: Context) -> Result<TaskResult> {
        arrived::one();
        step(&context)
    }
}

/// Tasks that pass an event round in a ring for this many hops.
async fn ring(stages: u32, hops: u32) -> Duration {
    let id = |stage: u32| format!("stage_{}", stage % stages);
    let mut graph = GraphBuilder::new("ring");
    for stage in 0..stages {
        graph = graph.add_task(Arc::new(Stage { id: id(stage) }));
    }
    for stage in 0..stages {
        graph = graph.add_edge(id(stage), id(stage + 1));
    }
    let graph = graph.build().expect("the graph is sound");
    execute(&graph, &id(0), hops).await
}

async fn execute(graph: &Graph, first: &str, left: u32) -> Duration {
    let mut session = Session::new_from_task("session".to_owned(), first);
    let set = session.context.set("left", left);
    set.expect("a number is good JSON");
    let start = Instant::now();
    let result = graph.execute_session(&mut session).await;
    let elapsed = start.elapsed();
    let status = result.expect("no task fails").status;
    assert!(matches!(status, ExecutionStatus::Completed));
    elapsed
}

struct Listener {
    id: String,
}

#[async_trait]
impl Task for Listener {
    fn id(&self) -> &str {
        &self.id
    }

    async fn run(&self, _: Context) -> Result<TaskResult> {
        arrived::one();
        Ok(TaskResult::new(None, NextAction::End))
    }
}

struct Again;

#[async_trait]
impl Task for Again {
    fn id(&self) -> &'static str {
        "again"
    }

    async fn run(&self, context: Context) -> Result<TaskResult> {
        step(&context)
    }
}

/// With `FanOutTask`, the only way, which also joins.
async fn fan_out(rounds: u32) -> Duration {
    let listener = |n: u32| -> Arc<dyn Task> {
        let id = format!("listener_{n}");
        Arc::new(Listener { id })
    };
    let call = FanOutTask::new("call", (0..100).map(listener).collect())
        .with_next_action(NextAction::ContinueAndExecute);
    let graph = GraphBuilder::new("fan-out")
        .add_task(call)
        .add_task(Arc::new(Again))
        .add_edge("call", "again")
        .add_edge("again", "call")
        .build()
        .expect("the graph is sound");
    execute(&graph, "call", rounds).await
}

struct Trivial;

#[async_trait]
impl Task for Trivial {
    fn id(&self) -> &'static str {
        "trivial"
    }

    async fn run(&self, _: Context) -> Result<TaskResult> {
        arrived::one();
        Ok(TaskResult::new(None, NextAction::End))
    }
}

async fn start_and_end(times: u32) -> Duration {
    let graph = GraphBuilder::new("trivial")
        .add_task(Arc::new(Trivial))
        .build()
        .expect("the graph is sound");
    let start = Instant::now();
    for n in 0..times {
        let mut session = Session::new_from_task(n.to_string(), "trivial");
        let result = graph.execute_session(&mut session).await;
        result.expect("no task fails");
    }
    start.elapsed()
}

struct Waiting;

#[async_trait]
impl Task for Waiting {
    fn id(&self) -> &'static str {
        "waiting"
    }

    async fn run(&self, _: Context) -> Result<TaskResult> {
        arrived::one();
        Ok(TaskResult::new(None, NextAction::WaitForInput))
    }
}

/// Sessions that wait for input, in the storage of the crate.
async fn idle(sessions: u32) -> impl Sized {
    let graph = GraphBuilder::new("waiting")
        .add_task(Arc::new(Waiting))
        .build()
        .expect("the graph is sound");
    let storage = Arc::new(InMemorySessionStorage::new());
    let runner = FlowRunner::new(Arc::new(graph), storage.clone());
    for n in 0..sessions {
        let id = n.to_string();
        let session = Session::new_from_task(id.clone(), "waiting");
        storage.save(session).await.expect("the session is new");
        runner.run(&id).await.expect("no task fails");
    }
    storage
}
