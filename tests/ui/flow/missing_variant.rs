// An arm for a variant that does not exist.
use flow_core::{flow, handler};

enum Verdict {
    Pass(u32),
    Fail,
}

#[handler]
async fn judge(points: u32) -> Verdict {
    if points > 50 { Verdict::Pass(points) } else { Verdict::Fail }
}

#[handler]
async fn praise(_points: u32) {}

fn main() {
    let _ = flow! {
        start(u32) -> judge -> match {
            Verdict::Pass(points) => praise,
            Verdict::Fails => ignore
        }
    };
}
