use flow_core::{Result, flow, handler};

#[handler]
async fn double(n: u32) -> u32 {
    2 * n
}

#[handler]
async fn fails(n: u32) -> Result<u32> {
    Ok(n)
}

fn main() {
    flow! { start(u32) -> |n| n.to_string() -> double -> ignore };
    flow! { start(u32) -> double -> Some -> double -> ignore };
    flow! { start(u32) -> double -> |n| n + 1 };
    flow! { start(u32) -> fails else |_| "none" -> ignore };
    flow! { flow -> String; start(u32) -> double -> |n| n + 1 -> end };
    flow! { start(u32) -> double -> |n| n + 1 -> end };
}
