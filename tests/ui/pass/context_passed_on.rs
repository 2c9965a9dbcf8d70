//! A handler whose context is used by something else streams `String`, like one that calls `put`.

use flow_core::{Cx, Res, Router, State, flow, handler};

async fn helper<R: Router>(cx: &Cx<R, by_a_function>) {
    cx.put("x").await;
}

#[handler]
async fn by_a_function(cx: &Cx) {
    helper(cx).await;
}

macro_rules! say {
    ($cx:ident, $($text:tt)*) => { $cx.put(format!($($text)*)).await };
}

#[handler]
async fn by_a_macro(cx: &Cx) {
    say!(cx, "a{}", 1);
}

#[handler]
async fn by_its_path(cx: &Cx) {
    Cx::put(cx, "x").await;
}

#[handler]
async fn by_a_task(cx: &Cx) {
    let out = cx.clone();
    let task = tokio_like(async move { out.put("x").await });
    task.await;
}

async fn tokio_like<F: Future>(future: F) -> F::Output {
    future.await
}

struct Llm(u8);

macro_rules! handlers {
    ($name:ident, $other:ident, |$cx:ident| $body:expr, $cx_type:ty, $llm:ty, $state:ty, $out:ty) => {
        #[handler]
        async fn $name($cx: &Cx) {
            let n = 1_u8;
            let _ = n;
            $body;
        }
        #[handler]
        async fn $other(cx: $cx_type, llm: $llm, state: $state) -> $out {
            let n = llm.0 + state.with(|state| *state);
            cx.put(n.to_string()).await;
        }
    };
}

handlers!(given, fragments, |context| { context.put("x").await; context.put("y").await },
    &Cx, Res<Llm>, State<u8>, ());

fn declares_nothing<R: Router>(_: &Cx<R, silent>) {}

#[handler(streams = !)]
async fn silent(cx: &Cx) {
    declares_nothing(cx);
}

#[handler(streams = u32)]
async fn counts(cx: &Cx) {
    cx.put(3_u32).await;
}

fn main() {
    let all = flow! {
        start -> (by_a_function, by_a_macro, by_its_path, by_a_task, given) -> ignore
    };
    assert_eq!(all.blocking_iter(()).count(), 6);
    let fragments = flow! { with Llm; state u8; start -> fragments };
    let items: Vec<_> = fragments.with(Llm(3)).blocking_iter(()).map(Result::unwrap).collect();
    assert_eq!(items, ["3"]);
    let silent = flow! { streams u32; start -> (silent, counts) -> ignore };
    assert_eq!(silent.blocking_iter(()).count(), 1);
}
