use flow_core::{Cx, Event, flow, handler};

#[derive(Event)]
struct A;

#[derive(Event)]
struct B;

#[derive(Event)]
struct C;

#[derive(Event)]
struct D;

#[derive(Event)]
struct Lost;

#[handler(emits = [A, B, C, D, Lost])]
async fn split(cx: &Cx) {
    cx.emit(A);
    cx.emit(B);
    cx.emit(C);
    cx.emit(D);
    cx.emit(Lost);
}

#[handler]
async fn log() {}

fn main() {
    let _ = flow! {
        start -> split;
        when A | B | C | D -> log
    };
}
