// Tasks take the context itself, and not a clone.
use std::thread;

use flow_core::{Cx, Router, Streams, handler};
use tokio::task;

#[handler(streams = String)]
async fn begin(cx: &Cx) {
    tokio::spawn(async move {
        cx.put("from a task").await;
    });
}

#[handler(streams = String)]
async fn begin_later(cx: &Cx) {
    cx.put("now").await;
    let later = task::spawn(async {
        let out = cx.clone();
        out.put("later").await;
    });
    let _ = later.await;
}

#[handler]
async fn begin_threads(cx: &Cx) {
    for _ in 0..2 {
        thread::spawn(move || cx.stop());
    }
}

async fn work(cx: &Cx<impl Router, impl Streams<String>>, text: &'static str) {
    cx.put(text).await;
}

#[handler(streams = String)]
async fn begin_work(cx: &Cx) {
    tokio::spawn(work(cx, "from a function"));
}

fn main() {}
