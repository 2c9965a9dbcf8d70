// A task takes the context itself, and not a clone.
use flow_core::{Cx, handler};

#[handler(streams = String)]
async fn begin(cx: &Cx) {
    tokio::spawn(async move {
        cx.put("from a task").await;
    });
}

fn main() {}
