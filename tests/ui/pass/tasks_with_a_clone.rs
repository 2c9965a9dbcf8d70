// Tasks that take a clone of the context, in each of its forms.
use std::pin::Pin;
use std::thread;

use flow_core::{Cx, Router, Streams, handler};
use tokio::task::{self, JoinSet};

#[handler(streams = String)]
async fn begin(cx: &Cx) {
    let cx = cx.clone();
    tokio::spawn(async move {
        cx.put("from a task").await;
    });
}

#[handler(streams = String)]
async fn begin_in_a_block(cx: &Cx) {
    task::spawn({
        let cx = cx.clone();
        async move { cx.put("from a task").await }
    });
}

#[handler(streams = String)]
async fn begin_each(cx: &Cx) {
    for (n, cx) in [(1, cx.clone()), (2, cx.clone())] {
        tokio::spawn(async move { cx.put(n.to_string()).await });
    }
}

#[handler]
async fn begin_in_scope(cx: &Cx) {
    thread::scope(|scope| {
        scope.spawn(|| cx.stop());
    });
}

/// The future is that of a clone.
fn work(cx: &Cx<impl Router, impl Streams<String>>) -> Pin<Box<dyn Future<Output = ()> + Send>> {
    let cx = cx.clone();
    Box::pin(async move { cx.put("from a function").await })
}

#[handler(streams = String)]
async fn begin_work(cx: &Cx) {
    tokio::spawn(work(cx));
}

/// Another `spawn`, which runs the future at once.
async fn spawn(task: impl Future<Output = ()>) {
    task.await;
}

#[handler(streams = String)]
async fn begin_here(cx: &Cx) {
    spawn(async { cx.put("at once").await }).await;
}

#[handler(streams = String)]
async fn begin_in_a_set(cx: &Cx) {
    let mut tasks = JoinSet::new();
    let here = cx.clone();
    tasks.spawn(async move { here.put("from a set").await });
    tasks.join_all().await;
}

/// Runs what it is given at once.
struct Pool;

impl Pool {
    async fn spawn(&self, task: impl Future<Output = ()>) {
        task.await;
    }
}

#[handler(streams = String)]
async fn begin_in_a_pool(cx: &Cx) {
    let pool = Pool;
    pool.spawn(async { cx.put("at once").await }).await;
    let later = async { cx.put("at once").await };
    pool.spawn(later).await;
}

fn main() {}
