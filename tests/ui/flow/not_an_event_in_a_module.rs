// Types of modules in the same file that do not derive `Event`.
use flow_core::{Cx, flow, handler};

mod events {
    pub struct Tick(pub u32);

    pub struct Tock;

    pub mod inner {
        #[derive(flow_core::Event)]
        pub struct Done;
    }
}

use events::Tick;

#[handler(emits = [Tick, events::Tock])]
async fn begin(cx: &Cx) {
    cx.emit(Tick(1));
    cx.emit(events::Tock);
}

#[handler]
async fn count(Tick(_): Tick) {}

#[handler(on = events::Tock, emits = events::inner::Done)]
async fn finish(cx: &Cx) {
    cx.emit(events::inner::Done);
}

fn main() {
    let _ = flow! {
        start -> begin;
        when Tick -> count;
        when events::Tock -> finish;
        ignore events::inner::Done
    };
}
