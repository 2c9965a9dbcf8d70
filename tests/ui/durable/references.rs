//! References in a durable flow: none can be read again. One that is an error arrives as a
//! `Recorded`, unless it is taken as its type.
use flow_core::{Failed, Recorded, flow, handler};

#[handler]
async fn greet() -> &'static str {
    "hello"
}
#[handler]
async fn shout(text: &'static str) -> String {
    text.to_uppercase()
}
#[handler]
async fn fail(_text: String) -> Result<u32, &'static str> {
    Err("no number")
}
#[handler]
async fn told(_failed: Failed<Recorded>) -> u32 {
    0
}
#[handler]
async fn told_as_its_type(_failed: Failed<&'static str>) -> u32 {
    0
}

fn main() {
    let _ = flow! { durable; start -> greet -> shout -> fail else told -> ignore };
    let _ = flow! { durable; start(&'static str) -> shout -> fail else told -> ignore };
    let _ = flow! { durable; start(String) -> fail else told_as_its_type -> ignore };
}
