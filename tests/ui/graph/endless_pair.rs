// Two handlers that always emit each other's events, without waiting.
use flow_core::{Cx, Event, flow, handler};

#[derive(Event)]
struct Ping;

#[derive(Event)]
struct Pong;

#[handler(on = "Pong", emits = "Ping")]
async fn ping(cx: &Cx) {
    cx.emit(Ping);
}

#[handler(on = "Ping", emits = "Pong")]
async fn pong(cx: &Cx) {
    cx.emit(Pong);
}

#[handler(emits = "Ping")]
async fn serve(cx: &Cx) {
    cx.emit(Ping);
}

fn main() {
    let _ = flow! {
        start -> serve;
        when Ping -> pong;
        when Pong -> ping
    };
}
