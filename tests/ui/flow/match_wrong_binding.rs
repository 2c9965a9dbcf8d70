// The handler of an arm takes another type than its pattern binds.
use flow_core::{flow, handler};

enum Verdict {
    Pass(u32),
    Fail(String),
}

#[handler]
async fn judge(points: u32) -> Verdict {
    match points {
        50.. => Verdict::Pass(points),
        _ => Verdict::Fail("too few".to_owned()),
    }
}

#[handler]
async fn praise(_points: u32) {}

fn main() {
    let _ = flow! {
        start(u32) -> judge -> match {
            Verdict::Pass(points) => praise,
            Verdict::Fail(why) => praise
        }
    };
}
