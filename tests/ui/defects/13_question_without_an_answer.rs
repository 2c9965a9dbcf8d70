// A question whose answer no step takes: it is shown, and never asked.
use flow_core::{Cx, Event, flow, handler};

enum Verdict {
    Publish,
    Reject,
}

#[derive(Clone, Event)]
#[event(answer = Verdict)]
struct Review(String);

#[handler(emits = Review)]
async fn write(topic: String, cx: &Cx) {
    cx.emit(Review(topic));
}

#[handler(on = Review)]
async fn show(Review(text): Review) -> String {
    text
}

fn main() {
    let _ = (Verdict::Publish, Verdict::Reject);
    let _ = flow! {
        start(String) -> write;
        when Review -> show -> end
    };
}
