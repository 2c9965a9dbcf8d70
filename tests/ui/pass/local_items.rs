//! All items inside of functions; raw identifiers; a flow that is returned; `#[cfg]`.
#![allow(non_camel_case_types)]
use flow_core::{Cx, Event, Flow, flow, handler};

fn first() -> usize {
    #[derive(Event)]
    struct r#type(u8);

    #[handler(emits = "r#type")]
    async fn r#fn(cx: &Cx) {
        cx.emit(r#type(2));
    }

    #[handler(on = "r#type")]
    async fn r#match(r#type(n): r#type, cx: &Cx) {
        for _ in 0..n {
            cx.put("item").await;
        }
    }

    flow! { start -> r#fn; when r#type -> r#match; }.blocking_iter(()).count()
}

fn second() -> usize {
    #[derive(Event)]
    struct r#type;

    #[handler(emits = r#type)]
    #[cfg(all())]
    async fn go(cx: &Cx) {
        cx.emit(r#type);
    }

    #[cfg(any())]
    #[handler]
    async fn go() {
        no_such_thing
    }

    #[handler]
    async fn done(_: r#type) {}

    flow! { start -> go; when r#type -> done }.blocking_iter(()).count()
}

/// A flow can be made in one place and run in another, with the streamed type alone in view.
fn made_elsewhere() -> impl Iterator<Item = u32> {
    #[handler(streams = u32)]
    async fn count(cx: &Cx) {
        for n in 0..3_u32 {
            cx.put(n).await;
        }
    }
    let flow: Flow<_, _> = flow! { streams u32; start -> count };
    flow.blocking_iter(()).map(Result::unwrap)
}

fn main() {
    assert_eq!(first(), 2);
    assert_eq!(second(), 0);
    assert_eq!(made_elsewhere().sum::<u32>(), 3);
}
