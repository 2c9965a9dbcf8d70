use flow_core::{Cx, Event, flow, handler};

#[derive(Clone, Event)]
#[event(answer = "bool")]
struct Review;

#[handler(emits = "Review")]
async fn draft(cx: &Cx) {
    cx.emit(Review);
}

fn main() {
    let execution = flow! { ignore Review; start -> draft }.spawn(());
    let _ = execution.answer::<Review>("0".parse().unwrap(), true);
}
