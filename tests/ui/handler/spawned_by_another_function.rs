// A task that a function of the user starts takes the context itself.
use flow_core::{Cx, handler};

fn start(task: impl Future<Output = ()> + Send + 'static) {
    tokio::spawn(task);
}

#[handler(streams = String)]
async fn begin(cx: &Cx) {
    start(async move {
        cx.put("from a task").await;
    });
}

fn main() {}
