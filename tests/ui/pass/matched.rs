//! Events that are matched by a field: by a nested one, by one of a tuple, and by a type of one's
//! own, with handlers and events of confusing names.
#![forbid(unused)]
use flow_core::{Cx, Event, flow, handler};

#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Id(String);

#[derive(Clone)]
struct Order(u8, (u8, Id));

#[derive(Clone, Event)]
struct A(Order, u32);

#[derive(Clone, Event)]
struct B(Order, u32);

#[allow(non_camel_case_types)]
#[derive(Clone, Event)]
struct by(Order);

#[handler(emits = [A, B, by])]
async fn start(cx: &Cx) {
    let order = Order(0, (1, Id("1".to_owned())));
    cx.emit(A(order.clone(), order.0.into()));
    cx.emit(B(order.clone(), order.1.0.into()));
    cx.emit(by(order));
}

mod handlers {
    use super::{A, B, handler};

    #[handler]
    pub(crate) async fn by((A(_, one), B(_, other)): (A, B)) -> u32 {
        one + other
    }
}

#[handler]
async fn all(_all: (A, B, by)) {}

#[handler]
async fn two(_two: [A; 2]) {}

flow! {
    /// A flow with keys.
    pub flow Keys() -> ();
    start -> start -> end;
    when A & B by .0.1.1 -> handlers::by -> ignore else -> ignore;
    when A & B by .1 -> handlers::by -> ignore;
    when A & B & by by .0.0 -> all;
    when A[2] by .0.1.1.0 -> two else -> ignore
}

fn main() {
    let _ = flow! { start -> Keys };
}
