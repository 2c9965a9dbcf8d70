use flow_core::{flow, handler};

#[handler]
async fn double(n: u32) -> u32 {
    2 * n
}

#[handler]
async fn fails(n: u32) -> flow_core::Result<u32> {
    Ok(n)
}

async fn later(n: u32) -> u32 {
    n
}

fn main() {
    let offset = 3;
    let names = vec!["a"];
    flow! { start(u32) -> |n| n + offset + names.len() as u32 -> double -> ignore };
    flow! { start(u32) -> |n| later(n).await -> double -> ignore };
    flow! { start(String) -> |text: String| text.parse::<u32>()? -> double -> ignore };
    flow! { start(u32) -> move |n| n + 1 -> double -> ignore };
    flow! { start(u32) -> async |n| later(n).await -> double -> ignore };
    flow! { start((u32, u32)) -> |a, b| a + b -> double -> ignore };
    flow! { start(u32) -> || 1 -> double -> ignore };
    flow! { start(Vec<u32>) -> each |n| n + 1[8] -> ignore };
    flow! { start(u32) -> fails -> |n| n + 1 else double -> ignore };
    flow! { start(u32) -> double -> None -> ignore };
    flow! { start(u32) -> double -> |n| -> ignore };
}
