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

flow! {
    flow WithoutStart(u32) -> u32;
    start -> (double) -> end
}

flow! {
    flow Unmarked(u32) -> u32;
    start -> used_without_its_attribute -> end
}

async fn used_without_its_attribute(n: u32) -> u32 {
    n
}

fn runs() {
    let _ = WithoutStart::new().run(3);
    let _ = flow! { start(u32) -> WithoutStart -> Unmarked -> double -> end };
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
    runs();
}
