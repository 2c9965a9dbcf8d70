//! Handlers whose names are near to words of a route.
use flow_core::{Event, flow, handler};

#[handler]
async fn send() -> u32 {
    1
}

#[handler]
async fn ende(_: u32) {}

#[handler]
async fn every() {}

#[handler]
async fn concurrency() {}

#[handler]
async fn ask() {}

#[handler]
async fn first() {}

#[handler]
async fn now() {}

#[handler]
async fn within() {}

#[handler]
async fn when() {}

#[handler]
async fn rescue() {}

#[handler]
async fn r#each() -> u32 {
    1
}

#[handler]
async fn r#skip(n: u32) -> u32 {
    n
}

#[handler]
async fn r#emit(_: u32) {}

#[handler]
async fn r#match() {}

#[handler]
async fn r#end() {}

struct Writer;

impl Writer {
    /// No handler.
    async fn emit(&self) -> Option<Tick> {
        Some(Tick)
    }
}

#[derive(Event)]
struct Tick;

#[handler]
async fn write() -> Option<Tick> {
    Writer.emit().await
}

#[handler(on = Tick)]
async fn count() {}

fn main() {
    let _ = flow! { start -> ask -> first -> now -> within -> when -> rescue -> ask };
    let _ = flow! { start -> (ask, first) -> ignore };
    let _ = flow! { start -> r#each -> r#skip -> r#emit -> r#match -> r#end -> end };
    let _ = flow! { start -> write -> emit; when Tick -> count };
    let _ = flow! { start -> send -> ende };
    let _ = flow! { start -> every -> every };
    let _ = flow! { concurrency 2; start -> concurrency -> (concurrency, concurrency) -> ignore };
}
