// An arm after one that matches everything.
use flow_core::{flow, handler};

#[handler]
async fn judge(points: u32) -> Option<u32> {
    Some(points)
}

#[handler]
async fn praise(_points: u32) {}

#[handler]
async fn comfort() {}

fn main() {
    let _ = flow! {
        start(u32) -> judge -> match {
            Some(points) => praise,
            _ => comfort,
            None => comfort
        }
    };
}
