// A7: what a pattern binds is not what the flow ends with.
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
