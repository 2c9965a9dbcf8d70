// A flow in error is used: that is no further error, whatever its types would have been.
use flow_core::{flow, handler};

#[handler]
async fn count() -> u32 {
    3
}

#[handler]
async fn double(n: u32) -> u32 {
    n * 2
}

flow! {
    flow Named<T>(u32) -> u32;
    start -> double -> end
}

async fn run() -> u32 {
    let output_unknown = flow! { start(u32) -> double -> |n| n + 1 -> end };
    let twice: u32 = output_unknown.run(1).await.unwrap();
    let without_start = flow! { start(u32) -> (double) -> end };
    let once: u32 = without_start.run(2).await.unwrap();
    let without_end = flow! { start -> count -> ignore; when Done -> double => end };
    twice + once + without_end.run(()).await.unwrap() + Named::new().run(3).await.unwrap()
}

fn main() {
    drop(run());
}
