// The body emits an event that `emits` does not list, and a clause waits for it.
use flow_core::{Cx, Event, flow, handler};

#[derive(Event)]
struct Draft(String);

#[derive(Event)]
struct Review(String);

#[handler]
async fn write(cx: &Cx) {
    cx.emit(Draft("a book".to_owned()));
}

#[handler(on = "Draft", emits = "Review")]
async fn read(Draft(text): Draft, cx: &Cx) {
    cx.emit(Review(text));
}

#[handler(on = "Review")]
async fn tell(Review(text): Review, cx: &Cx) {
    cx.put(text).await;
}

fn main() {
    let _ = flow! {
        start -> write;
        when Draft -> read;
        when Review -> tell
    };
}
