// A binding of a pattern goes to `end`, and is not the declared result.
use flow_core::{flow, handler};

#[handler]
async fn judge(points: u32) -> Option<u32> {
    Some(points)
}

fn main() {
    let _ = flow! {
        flow (u32) -> String;
        start -> judge -> match {
            Some(points) => end,
            None => ignore
        }
    };
}
