// Two `end`s with values of different types.
use flow_core::{Cx, Event, flow, handler};

#[derive(Event)]
struct Asked;

#[handler(emits = "Asked")]
async fn count(cx: &Cx) -> u32 {
    cx.emit(Asked);
    3
}

#[handler(on = "Asked")]
async fn name() -> String {
    String::new()
}

fn main() {
    let _ = flow! {
        start -> count -> end;
        when Asked -> name -> end
    };
}
