// The stage after a `match` takes another type than its arms yield.
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
async fn comfort() -> String {
    String::new()
}

#[handler]
async fn tell(_text: u32) {}

fn main() {
    let _ = flow! {
        start(u32) -> judge -> match {
            Some(points) => praise,
            None => comfort
        } -> tell
    };
}
