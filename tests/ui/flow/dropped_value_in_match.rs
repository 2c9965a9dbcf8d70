// An arm returns a value that nothing takes.
use flow_core::{flow, handler};

#[handler]
async fn judge(points: u32) -> Option<u32> {
    Some(points)
}

#[handler]
async fn praise(points: u32) -> String {
    points.to_string()
}

#[handler]
async fn comfort() {}

fn main() {
    let _ = flow! {
        start(u32) -> judge -> match {
            Some(points) => praise,
            None => comfort
        }
    };
}
