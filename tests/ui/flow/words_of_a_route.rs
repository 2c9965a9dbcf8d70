// Words and signs in a route that are not of the language.
use flow_core::{BoxError, Cx, Event, flow, handler};

#[derive(Event)]
struct Order(u32);

#[handler(emits = Order)]
async fn begin(cx: &Cx) {
    cx.emit(Order(1));
}

#[handler]
async fn pay(_order: Order) {}

#[handler]
async fn number() -> u32 {
    1
}

#[handler]
async fn fetch(n: u32) -> Result<u32, BoxError> {
    Ok(n)
}

#[handler]
async fn gap() -> u32 {
    0
}

fn main() {
    let _ = flow! { start -> number -> fetch esle gap -> end };
    let _ = flow! { start -> number -> frist (fetch, gap) -> end };
    let _ = flow! { start -> number -> mach { 1 => gap, _ => fetch } -> end };
    let _ = flow! { start -> number -> fetch, fetch -> end };
    let _ = flow! { start -> number -> fetch? -> end };
    let _ = flow! { start -> number.await -> end };
    let _ = flow! { start -> number -> fetch.abs -> end };
    let _ = flow! { start -> number -> return };
    let _ = flow! { start -> number -> fetch within "3s" -> end };
    let _ = flow! { start -> number -> |n| async move { n + 1 } -> end };
    let _ = flow! { start -> begin -> when Order -> pay };
    let _ = flow! { start -> number -> fetch or gap -> end };
    let _ = flow! { start -> number -> fetch catch gap -> end };
    let _ = flow! { start -> number -> fetch retry 3 -> end };
    let _ = flow! { start -> number -> fetch else gap fetch };
    let _ = flow! { start -> number -> fetch & fetch -> end };
    let _ = flow! { start -> number -> fetch | fetch -> end };
    let _ = flow! { start -> number => fetch -> end };
    let _ = flow! { start -> number -> print!("x") };
    let _ = flow! { start -> number -> [fetch, fetch] -> end };
    let _ = flow! { start -> number -> { fetch } -> end };
    let _ = flow! { start -> number -> for each fetch -> end };
    let _ = flow! { start -> number -> foreach fetch -> end };
    let _ = flow! { start -> number -> each fetch limit 8 -> end };
}
