//! Names that are those of other events: an alias, and a variant named like an event.
use flow_core::{Cx, Event, flow, handler};

#[derive(Event)]
struct Passed(u32);
#[derive(Event)]
struct Refused(u32);
#[derive(Event)]
enum Verdict {
    Passed(u32),
}

#[handler(emits = [Passed, Refused])]
async fn check(n: u32, cx: &Cx) {
    use Refused as Done;
    if n > 3 {
        cx.emit(Passed(n));
    } else {
        cx.emit(Done(n));
    }
}
#[handler(emits = [Passed, Verdict])]
async fn judge(n: u32, cx: &Cx) {
    if n > 3 {
        cx.emit(Passed(n));
    } else {
        cx.emit(Verdict::Passed(n));
    }
}
/// It never emits `Passed`, by that name or another.
#[handler(emits = [Passed, Refused])]
async fn refuse(n: u32, cx: &Cx) {
    use Refused as Done;
    cx.emit(Done(n));
}
#[handler(on = Refused)]
async fn note() {}
#[handler(on = Verdict)]
async fn tell() {}
#[handler]
async fn done(Passed(n): Passed) -> u32 {
    n
}

fn main() {
    let _ = flow! { sound; start(u32) -> check; when Passed -> done -> end; when Refused -> note };
    let _ = flow! { sound; start(u32) -> judge; when Passed -> done -> end; when Verdict -> tell };
}
