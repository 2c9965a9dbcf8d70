// Clauses that begin without a word, or with one that is not of the language.
use flow_core::{Cx, Event, Res, State, flow, handler};

#[derive(Event)]
struct Order(u32);

struct Db;

struct Llm;

#[handler(emits = Order)]
async fn begin(_db: Res<Db>, _llm: Res<Llm>, _count: State<u32>, cx: &Cx) {
    cx.emit(Order(1));
}

#[handler]
async fn pay(_order: Order) {}

fn main() {
    let _ = flow! { begin -> pay };
    let _ = flow! { start -> begin; Order -> pay };
    let _ = flow! { start -> begin; on Order -> pay };
    let _ = flow! { with Db, Llm; start -> begin; when Order -> pay };
    let _ = flow! { with db: Db; start -> begin; when Order -> pay };
    let _ = flow! { state count: u32; start -> begin; when Order -> pay };
    let _ = flow! { streams text: String; start -> begin; when Order -> pay };
    let _ = flow! { start u32 -> begin; when Order -> pay };
    let _ = flow! { start<u32> -> begin; when Order -> pay };
    let _ = flow! { start -> begin; else pay };
    let _ = flow! { start -> begin; ignore Order, Order };
    let _ = flow! { with &Db; start -> begin; when Order -> pay };
    let _ = flow! { with Res<Db>; start -> begin; when Order -> pay };
    let _ = flow! { state State<u32>; start -> begin; when Order -> pay };
}
