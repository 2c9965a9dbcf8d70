use flow_core::{Cx, Event, flow, handler};

#[derive(Event)]
struct Draft;

#[derive(Event)]
struct Quit;

#[handler(emits = [Draft, Quit])]
async fn write(cx: &Cx) {
    cx.emit(Draft);
    cx.emit(Quit);
}

fn main() {
    let _ = flow! { start -> write };
}
