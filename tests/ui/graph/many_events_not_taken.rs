// More than two events without a clause, and more than one error can name.
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
struct E;

#[derive(Event)]
struct F;

#[derive(Event)]
struct G;

#[handler(emits = [A, B, C, D])]
async fn split(cx: &Cx) {
    cx.emit(A);
    cx.emit(B);
    cx.emit(C);
    cx.emit(D);
}

#[handler(emits = [A, B, C, D, E, F, G])]
async fn scatter(cx: &Cx) {
    cx.emit(A);
    cx.emit(B);
    cx.emit(C);
    cx.emit(D);
    cx.emit(E);
    cx.emit(F);
    cx.emit(G);
}

#[handler]
async fn log() {}

fn main() {
    let _ = flow! { start -> split; when C -> log };
    let _ = flow! { start -> scatter; when A -> log };
}
