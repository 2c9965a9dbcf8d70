// A `match` without an arm for a variant.
use flow_core::{flow, handler};

enum Verdict {
    Pass(u32),
    Fail(u32),
    Absent,
}

#[handler]
async fn judge(points: u32) -> Verdict {
    match points {
        0 => Verdict::Absent,
        1..50 => Verdict::Fail(points),
        _ => Verdict::Pass(points),
    }
}

#[handler]
async fn praise(_points: u32) {}

fn main() {
    let _ = flow! {
        start(u32) -> judge -> match {
            Verdict::Pass(points) => praise,
            Verdict::Fail(points) => praise
        }
    };
}
