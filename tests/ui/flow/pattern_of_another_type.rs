// A pattern of another type than the value that arrives.
use flow_core::{flow, handler};

#[handler]
async fn judge(points: u32) -> Option<u32> {
    Some(points)
}

#[handler]
async fn praise(_points: u32) {}

fn main() {
    let _ = flow! {
        start(u32) -> judge -> match {
            Ok(points) => praise,
            _ => ignore
        }
    };
}
