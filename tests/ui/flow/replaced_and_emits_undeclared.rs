//! The replacement of a handler emits an event that the handler does not declare.

use flow_core::{Event, flow, handler};

#[derive(Event)]
struct Counted(u32);

#[handler]
async fn count(text: String) {
    drop(text);
}

fn main() {
    let flow = flow! { start(String) -> count };
    let _ = flow.replace::<count>().by(async |_: String, cx| cx.emit(Counted(1)));
}
