//! A cycle of events is rejected only if it certainly never ends.
use flow_core::{Cx, Event, Res, State, flow, handler};

#[derive(Clone, Event)]
pub struct Tick(u32);

/// Emits always, and waits for nothing.
#[handler(on = "Tick", emits = "Tick")]
async fn again(Tick(n): Tick, cx: &Cx) {
    cx.emit(Tick(n + 1));
}

#[handler(emits = "Tick")]
async fn begin(cx: &Cx) {
    cx.emit(Tick(0));
}

#[handler(on = "Tick", emits = "Tick")]
async fn bounded(Tick(n): Tick, cx: &Cx) {
    if n < 3 {
        cx.emit(Tick(n + 1));
    }
}

#[handler(on = "Tick", emits = "Tick")]
async fn bounded_by_a_guard(Tick(n): Tick, cx: &Cx) {
    let Some(n) = n.checked_sub(1) else { return };
    cx.emit(Tick(n));
}

#[handler(on = "Tick", emits = "Tick")]
async fn bounded_in_a_closure(Tick(n): Tick, cx: &Cx) {
    (n < 3).then(|| cx.emit(Tick(n + 1)));
}

#[handler(on = "Tick", emits = "Tick")]
async fn bounded_by_an_operator(Tick(n): Tick, cx: &Cx) {
    let _ = n < 3 && {
        cx.emit(Tick(n + 1));
        true
    };
}

#[handler(on = "Tick", emits = "Tick")]
async fn bounded_by_an_error(Tick(n): Tick, cx: &Cx) -> flow_core::Result<()> {
    cx.emit(Tick(n.checked_add(1).ok_or("that is enough")?));
    Ok(())
}

#[handler(on = "Tick", emits = "Tick")]
async fn stopping(Tick(n): Tick, cx: &Cx) {
    cx.emit(Tick(n));
    cx.stop();
}

#[handler(on = "Tick", emits = "Tick")]
async fn waiting(Tick(n): Tick, cx: &Cx) {
    std::future::ready(()).await;
    cx.emit(Tick(n));
}

#[handler(on = "Tick", emits = "Tick")]
async fn putting(Tick(n): Tick, cx: &Cx) {
    cx.put(n.to_string()).await;
    cx.emit(Tick(n));
}

#[handler(on = "Tick", emits = "Tick")]
async fn deciding_elsewhere(Tick(n): Tick, cx: &Cx) {
    cx.emit(Tick(next(n)));
}

#[handler(on = "Tick", emits = "Tick")]
async fn counting(count: State<u32>, cx: &Cx) {
    let n = count.with(|count| *count + 1);
    cx.emit(Tick(n));
}

#[handler(emits = "Tick")]
async fn bounded_in_one_arm(Tick(n): Tick, cx: &Cx) {
    match n {
        0 => cx.emit(Tick(1)),
        1 | 2 => cx.emit(Tick(n + 1)),
        _ => {}
    }
}

#[derive(Clone, Event)]
struct Tock;

#[handler(emits = ["Tick", "Tock"])]
async fn begin_both(cx: &Cx) {
    cx.emit(Tick(0));
    cx.emit(Tock);
}

/// Emits both, but not always.
#[handler(emits = ["Tick", "Tock"])]
async fn one_partner(_pair: (Tick, Tock), cx: &Cx) {
    if std::env::args().count() > 1 {
        cx.emit(Tick(0));
    } else {
        cx.emit(Tock);
    }
}

#[handler(emits = ["Tick", "Tock"])]
async fn tick_without_tock(_pair: (Tick, Tock), cx: &Cx) {
    cx.emit(Tick(0));
    if cx.attempt() > 1 {
        cx.emit(Tock);
    }
}

#[handler]
async fn below_three(Tick(n): Tick) -> flow_core::Result<u32> {
    if n < 3 {
        return Ok(n);
    }
    Err("three".into())
}

#[handler(emits = "Tick")]
async fn next_tick(n: u32, cx: &Cx) {
    cx.emit(Tick(n + 1));
}

#[handler]
async fn note() {}

#[handler]
async fn numbers(Tick(n): Tick) -> Vec<u32> {
    (n..3).collect()
}

fn next(n: u32) -> u32 {
    if n > 3 {
        std::process::exit(0);
    }
    n + 1
}

#[handler]
async fn stop_at_three(Tick(n): Tick, cx: &Cx) {
    if n == 3 {
        cx.stop();
    }
}

#[handler]
async fn found_three(Tick(n): Tick) -> u32 {
    n
}

struct Timer;

#[handler]
async fn stop_later(_timer: Res<Timer>, cx: &Cx) {
    std::future::ready(()).await;
    cx.stop();
}

#[handler(emits = "Tick")]
async fn begin_and_stop(cx: &Cx) {
    cx.emit(Tick(0));
    stop_for(cx).await;
}

async fn stop_for<R: flow_core::Router>(cx: &Cx<R, begin_and_stop>) {
    cx.stop();
}

#[handler]
async fn find(Tick(n): Tick) -> u32 {
    n
}

#[handler]
async fn found(n: u32) -> u32 {
    n
}

#[handler(emits = "Tick")]
async fn tick_after(n: u32, cx: &Cx) {
    cx.emit(Tick(n + 1));
}

#[derive(flow_core::Event)]
struct Found(u32);

#[handler(emits = "Found")]
async fn tell(n: u32, cx: &Cx) {
    cx.emit(Found(n));
}

#[handler(on = "Found")]
async fn note_found(Found(_n): Found) {}

macro_rules! again_below_three {
    ($cx:expr, $n:expr) => {
        if $n == 3 {
            return;
        }
        $cx.emit(Tick($n))
    };
}

#[handler(emits = "Tick")]
async fn in_a_macro(Tick(n): Tick, cx: &Cx) {
    again_below_three!(cx, n);
}

#[handler(emits = "Tick")]
async fn in_a_closure_of_its_own(Tick(n): Tick, cx: &Cx) {
    let emit = |below: u32| {
        if n < below {
            cx.emit(Tick(n));
        }
    };
    emit(3);
}

#[handler]
async fn up_to_three(Tick(n): Tick) -> flow_core::Result<u32> {
    below_three_of(n)
}

fn below_three_of(n: u32) -> flow_core::Result<u32> {
    if n < 3 { Ok(n) } else { Err("three".into()) }
}

#[handler]
async fn three() -> u32 {
    3
}

flow! {
    /// It may fail, as any flow.
    flow Checked(Tick) -> u32;
    start -> up_to_three -> end;
}

fn main() {
    let _ = flow! { start -> begin; when Tick -> in_a_macro };
    let _ = flow! { start -> begin; when Tick -> in_a_closure_of_its_own };
    let _ = flow! { start -> begin; when Tick -> Checked -> next_tick };
    // The stand-in, or the first branch, leads out.
    let _ = flow! { start -> begin; when Tick -> (below_three -> next_tick) else note };
    let _ = flow! { start -> begin; when Tick -> first (find -> next_tick, note) -> ignore };
    let _ = flow! { start -> begin; when Tick -> find -> |n| 9 / n -> next_tick };
    let _ = flow! { start -> begin; when Tick -> bounded };
    let _ = flow! { start -> begin; when Tick -> bounded_by_a_guard };
    let _ = flow! { start -> begin; when Tick -> bounded_in_a_closure };
    let _ = flow! { start -> begin; when Tick -> bounded_by_an_operator };
    let _ = flow! { start -> begin; when Tick -> bounded_by_an_error };
    let _ = flow! { start -> begin; when Tick -> stopping };
    let _ = flow! { start -> begin; when Tick -> waiting };
    let _ = flow! { start -> begin; when Tick -> putting };
    let _ = flow! { start -> begin; when Tick -> deciding_elsewhere };
    let _ = flow! { state u32; start -> begin; when Tick -> counting };
    let _ = flow! { start -> begin; when Tick -> bounded_in_one_arm };
    let _ = flow! { start -> begin_both; when Tick & Tock -> one_partner else -> ignore };
    let _ = flow! { start -> begin_both; when Tick & Tock -> tick_without_tock else -> ignore };
    // Its errors lead out.
    let _ = flow! { start -> begin; when Tick -> below_three -> next_tick };
    let _ = flow! { start -> begin; when Tick -> below_three -> next_tick; rescue -> note };
    // An arm leads out.
    let _ = flow! {
        start -> begin;
        when Tick -> find -> match { 3 => ignore, n => found } -> tick_after
    };
    let _ = flow! {
        start -> begin;
        when Tick -> find -> match { n if n == 3 => tell -> ignore, n => found } -> tick_after;
        when Found -> note_found
    };
    // There is no item at last.
    let _ = flow! { start -> begin; when Tick -> numbers -> each next_tick };
    // Other handlers end it.
    let _ = flow! { start -> begin; when Tick -> again; when Tick -> stop_at_three };
    let _ = flow! { start -> begin; when Tick -> again; when Tick -> found_three -> end now };
    let _ = flow! { with Timer; start -> (begin, stop_later) -> ignore; when Tick -> again };
    let _ = flow! { start -> begin_and_stop; when Tick -> again };
    let _ = flow! { start -> begin; when Tick(n) if n < 3 -> again else -> ignore };
    let _ = flow! { external Tick; start -> begin; when Tick -> again };
}
