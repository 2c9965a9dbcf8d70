// Events of another file that do not derive `Event`.
use flow_core::{Cx, flow, handler};

#[path = "not_an_event_elsewhere/events.rs"]
mod events;

use events::Parcel;

#[handler(emits = Parcel)]
async fn pack(cx: &Cx) {
    cx.emit(Parcel(1));
}

#[handler(on = Parcel, emits = events::Receipt)]
async fn send(Parcel(number): Parcel, cx: &Cx) {
    cx.put(number.to_string()).await;
    cx.emit(events::Receipt);
}

#[handler]
async fn note(_: events::Receipt) {}

#[handler(on = Parcel)]
async fn count(_: Parcel) {}

fn main() {
    let sent = flow! {
        start -> pack;
        when Parcel -> send;
        when events::Receipt -> note
    };
    let _ = sent.stream(());
    let counted = flow! {
        start -> pack;
        when Parcel -> count
    };
    let _ = counted.stream(());
}
