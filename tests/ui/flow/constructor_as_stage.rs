// Functions that make a value of a type that every program knows.
use flow_core::{flow, handler};

#[handler]
async fn double(n: u32) -> u32 {
    2 * n
}

fn main() {
    let _ = flow! { start(u32) -> double -> Box::new -> ignore };
    let _ = flow! { start(&'static str) -> String::from -> ignore };
    let _ = flow! { start(u32) -> Some(double) -> ignore };
}
