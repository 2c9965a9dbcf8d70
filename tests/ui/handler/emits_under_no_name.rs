//! What is emitted is no event, is not declared, or has a name that does not exist.
use flow_core::{Cx, Event, handler};

#[derive(Event)]
struct Passed(u32);
#[derive(Event)]
struct Refused(u32);
#[derive(Event)]
struct Other(u32);
struct Plain(u32);

#[handler(emits = [Passed, Refused])]
async fn misspelled(n: u32, cx: &Cx) {
    cx.emit(Pased(n));
    cx.emit(Passed(n));
}
#[handler(emits = [Passed, Refused])]
async fn plain(n: u32, cx: &Cx) {
    cx.emit(Plain(n));
    cx.emit(Passed(n));
}
#[handler(emits = [Passed, Refused])]
async fn undeclared(n: u32, cx: &Cx) {
    cx.emit(Other(n));
    cx.emit(Passed(n));
}
#[handler(emits = [Passed, Refused])]
async fn not_imported(n: u32, cx: &Cx) {
    use self::Missing as Done;
    cx.emit(Done(n));
    cx.emit(Refused(n));
}

fn main() {}
