// A stream that is not in an `ItemsOf`.
use flow_core::{flow, handler};
use futures::stream::{self, BoxStream, StreamExt};

#[handler]
async fn read() -> BoxStream<'static, u32> {
    stream::iter(0..3).boxed()
}

#[handler]
async fn work(_n: u32) {}

fn main() {
    let _ = flow! { start -> read -> each work[8] };
}
