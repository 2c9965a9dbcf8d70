// Tasks that take the context itself, begun by a method, under another name, or from a variable.
use flow_core::{Cx, handler};
use tokio::runtime::Handle;
use tokio::spawn as go;
use tokio::task::JoinSet;

#[handler(streams = String)]
async fn in_a_set(cx: &Cx) {
    let mut tasks = JoinSet::new();
    tasks.spawn(async move { cx.put("from a set").await });
    tasks.join_all().await;
}

#[handler]
async fn by_a_handle(cx: &Cx) {
    let runtime = Handle::current();
    runtime.spawn_blocking(move || cx.stop());
}

#[handler]
async fn under_another_name(cx: &Cx) {
    go(async move { cx.stop() });
}

#[handler]
async fn from_a_variable(cx: &Cx) {
    let stopping = async move { cx.stop() };
    tokio::spawn(stopping);
}

fn main() {}
