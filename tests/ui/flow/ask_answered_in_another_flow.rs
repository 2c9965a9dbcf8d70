use flow_core::{Cx, Event, flow, handler};

#[derive(Clone, Event)]
#[event(answer = "bool")]
struct Review;

#[handler(emits = "Review")]
async fn draft(cx: &Cx) {
    cx.emit(Review);
}

#[handler(on = "Review")]
async fn decide() {}

fn main() {
    let execution = flow! { start -> draft; when Review -> decide }.spawn(());
    let _ = execution.answer::<Review>("0".parse().unwrap(), true);
}
