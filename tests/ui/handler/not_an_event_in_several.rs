// A type that is not an event, and that several handlers name, but no flow does.
use flow_core::{Cx, handler};

struct Draft;

#[handler(emits = Draft)]
async fn write(cx: &Cx) {
    cx.emit(Draft);
}

#[handler(on = Draft)]
async fn edit(_: Draft) {}

fn main() {}
