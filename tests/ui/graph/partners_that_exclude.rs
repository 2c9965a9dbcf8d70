// Partners of which an execution emits one: in the arms of a handler, and behind them.
use flow_core::{Cx, Event, Result, flow, handler};

#[derive(Event)]
struct Draft(String);

#[derive(Event)]
struct Approved;

#[derive(Event)]
struct Rejected;

#[derive(Event)]
struct Paid;

#[handler(emits = [Approved, Rejected])]
async fn review(text: String, cx: &Cx) {
    if text.is_empty() {
        cx.emit(Rejected);
    } else {
        cx.emit(Approved);
    }
}

#[handler(emits = Draft)]
async fn write(cx: &Cx) {
    cx.emit(Draft("text".to_owned()));
}

#[handler]
async fn read(Draft(text): Draft) -> String {
    text
}

#[handler(on = Approved, emits = Paid)]
async fn pay(cx: &Cx) -> Result<()> {
    cx.emit(Paid);
    Ok(())
}

#[handler]
async fn archive(_both: (Approved, Rejected)) {}

#[handler]
async fn refund(_both: (Paid, Rejected)) {}

fn main() {
    let _ = flow! { start(String) -> review; when Approved & Rejected -> archive };
    let _ = flow! {
        start -> write;
        when Draft -> read -> review;
        when Approved -> pay;
        when Paid & Rejected -> refund;
    };
}
