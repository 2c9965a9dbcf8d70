//! Only the attribute says what a handler emits: by hand, an event would pass that no check sees.

use flow_core::{Cx, Emits, Event, handler};

#[derive(Event)]
struct Quit;

#[handler]
async fn sneak(cx: &Cx) {
    cx.emit(Quit);
}

impl Emits<Quit> for sneak {}

fn main() {}
