// An attribute on a clause.
use flow_core::{Cx, Event, flow, handler};

#[derive(Event)]
struct Asked;

#[handler(emits = "Asked")]
async fn begin(cx: &Cx) {
    cx.emit(Asked);
}

#[cfg(all())]
#[handler(on = "Asked")]
async fn answer() {}

fn main() {
    let _ = flow! {
        start -> begin;
        #[cfg(all())]
        when Asked -> answer
    };
}
