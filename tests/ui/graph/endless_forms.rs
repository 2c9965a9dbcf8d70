// Loops that never end, through branches, chains, partners, rescues and a second event.
use flow_core::{Cx, Event, flow, handler};

#[derive(Clone, Event)]
struct Tick(u64);

#[derive(Clone, Event)]
struct Tock(u64);

#[handler(emits = [Tick, Tock])]
async fn begin(cx: &Cx) {
    cx.put("off we go").await;
    cx.emit(Tick(0));
    cx.emit(Tock(0));
}

#[handler(emits = Tick)]
async fn in_both_arms(Tick(n): Tick, cx: &Cx) {
    if n % 2 == 0 {
        cx.emit(Tick(n + 1));
    } else {
        cx.emit(Tick(n + 3));
    }
}

#[handler(emits = [Tick, Tock])]
async fn one_of_two(n: u64, cx: &Cx) {
    match n % 3 {
        0 => cx.emit(Tick(n + 1)),
        1 => {
            cx.emit(Tock(n));
            cx.emit(Tick(n));
        }
        _ => cx.emit(Tock(n + 2)),
    }
}

#[handler]
async fn number(Tick(n): Tick) -> u64 {
    n
}

#[handler]
async fn other_number(Tock(n): Tock) -> u64 {
    n
}

#[handler(emits = Tick)]
async fn at_last(n: u64, cx: &Cx) {
    for more in 0..2 {
        cx.emit(Tick(n + more));
    }
}

#[handler(emits = [Tick, Tock])]
async fn both(_pair: (Tick, Tock), cx: &Cx) {
    cx.emit(Tock(1));
    cx.emit(Tick(1));
}

#[handler]
async fn odd(Tick(n): Tick) -> flow_core::Result<()> {
    if n % 2 == 0 {
        return Err("even".into());
    }
    Err("odd".into())
}

#[handler(emits = Tick)]
async fn try_again(cx: &Cx) {
    cx.emit(Tick(0));
}

#[handler(emits = Tick)]
async fn never_fails(Tick(n): Tick, cx: &Cx) -> flow_core::Result<()> {
    cx.emit(Tick(n));
    Ok(())
}

#[handler]
async fn note() {}

fn main() {
    let _ = flow! { start -> begin; when Tick -> in_both_arms; when Tock -> note };
    let _ = flow! {
        start -> begin;
        when Tick -> number -> one_of_two;
        when Tock -> other_number -> one_of_two;
    };
    let _ = flow! { start -> begin; when Tick -> number -> at_last -> ignore; when Tock -> note };
    let _ = flow! { start -> begin; when Tick & Tock -> both };
    let _ = flow! { start -> begin; when Tick -> odd; rescue odd -> try_again; when Tock -> note };
    let _ = flow! { start -> begin; when Tick -> never_fails; when Tock -> note };
    let _ = flow! {
        start -> begin;
        when Tick(n) if n < 9 -> in_both_arms else -> never_fails;
        when Tock -> note;
    };
}
