//! `Emits` cannot be implemented by hand: the checks would not see the event.

use flow_core::{Cx, Emits, Event, handler};

#[derive(Event)]
struct Quit;

#[handler]
async fn sneak(cx: &Cx) {
    cx.emit(Quit);
}

impl Emits<Quit> for sneak {}

fn main() {}
