//! Events and handlers of another crate, for tests across crates.

use flow_core::{Cx, Event, handler};

/// A knock at the door.
#[derive(Clone, Debug, Event)]
pub struct Knock(pub u8);

/// The answer to a knock.
#[derive(Clone, Debug, Event)]
pub struct Answer(pub String);

/// Knocks three times.
#[handler(emits = "Knock")]
pub async fn knock(cx: &Cx) {
    for n in 1..=3 {
        cx.emit(Knock(n));
    }
}

/// Answers each knock.
#[handler(on = "Knock", emits = "Answer")]
pub async fn open(Knock(n): Knock, cx: &Cx) {
    cx.put(format!("knock {n}")).await;
    cx.emit(Answer("come in".to_owned()));
}
