// Handlers with the names of words of Rust. rustc reports the functions.
use flow_core::{flow, handler};

#[handler]
async fn move(n: u32) -> u32 {
    n
}

#[handler]
async fn r#type(n: u32) -> u32 {
    n
}

fn main() {
    let _ = flow! { start(u32) -> r#move -> r#type -> end };
    let _ = flow! { start(u32) -> type -> end };
}
