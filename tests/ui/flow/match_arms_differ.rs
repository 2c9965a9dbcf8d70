// The arms of a `match` yield values of different types.
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
async fn comfort() -> u32 {
    0
}

#[handler]
async fn tell(_text: String) {}

fn main() {
    let _ = flow! {
        start(u32) -> judge -> match {
            Some(points) => praise,
            None => comfort
        } -> tell
    };
}
