//! Of the code under `#[cfg]` and the branches on `cfg!`, what is there is counted, and no more.
use flow_core::{Cx, Event, Result, flow, handler};

#[derive(Event)]
struct Passed(u32);

/// One of two statements.
#[handler(emits = Passed)]
async fn by_statement(n: u32, cx: &Cx) {
    #[cfg(debug_assertions)]
    cx.emit(Passed(n));
    #[cfg(not(debug_assertions))]
    cx.emit(Passed(n + 1));
}

/// One of two values at the end.
#[handler(emits = Passed)]
async fn by_value(n: u32, cx: &Cx) -> Result<()> {
    #[cfg(debug_assertions)]
    {
        cx.emit(Passed(n));
        Ok(())
    }
    #[cfg(not(debug_assertions))]
    {
        cx.emit(Passed(n + 1));
        Ok(())
    }
}

/// One of two branches, of which one is there.
#[handler(emits = Passed)]
async fn by_branch(n: u32, cx: &Cx) {
    if cfg!(all()) {
        cx.emit(Passed(n));
    } else {
        println!("{n}");
    }
}

/// One of two arms.
#[handler(emits = Passed)]
async fn by_arm(n: u32, cx: &Cx) {
    match n {
        #[cfg(any())]
        0 => {}
        #[cfg(all())]
        0 => cx.emit(Passed(1)),
        n => cx.emit(Passed(n)),
    }
}

/// A lint, which removes nothing.
#[handler(emits = Passed)]
async fn by_lint(n: u32, cx: &Cx) {
    #[cfg_attr(any(), allow(unused_must_use))]
    cx.emit(Passed(n));
}

#[handler]
async fn done(Passed(n): Passed) -> u32 {
    n
}

fn main() {
    let flow = flow! { sound; start(u32) -> by_statement; when Passed -> done -> end };
    assert_eq!(flow.blocking_iter(7).output().unwrap(), 7 + u32::from(!cfg!(debug_assertions)));
    let _ = flow! { sound; start(u32) -> by_value; when Passed -> done -> end };
    let _ = flow! { sound; start(u32) -> by_branch; when Passed -> done -> end };
    let _ = flow! { sound; start(u32) -> by_arm; when Passed -> done -> end };
    let _ = flow! { sound; start(u32) -> by_lint; when Passed -> done -> end };
}
