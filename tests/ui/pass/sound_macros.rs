//! The code in macros whose names are known is counted: the branches of a `select!`, the futures of
//! a `join!`, and what is asserted, formatted and logged.
use std::future::ready;
use std::pin::pin;
use std::time::Duration;

use flow_core::{Cx, Event, Result, flow, handler};
use tokio::time::sleep;
use tokio::{join, select, try_join};

#[derive(Event)]
struct Passed(u32);

#[handler(emits = Passed)]
async fn by_branch(n: u32, cx: &Cx) {
    select! {
        () = sleep(Duration::from_secs(1)) => cx.emit(Passed(n)),
        m = ready(n), if n > 3 => {
            cx.emit(Passed(m));
        }
        else => cx.emit(Passed(0)),
    }
}

#[handler(emits = Passed)]
async fn in_a_loop(n: u32, cx: &Cx) {
    let mut later = pin!(sleep(Duration::from_secs(n.into())));
    loop {
        tokio::select! {
            biased;
            () = &mut later => break,
            () = cx.ending() => return cx.emit(Passed(n)),
        }
    }
    cx.emit(Passed(n));
}

#[handler(emits = Passed)]
async fn by_future(n: u32, cx: &Cx) {
    let (m, ()) = join!(ready(n), async { cx.emit(Passed(n)) });
    assert_eq!(m, n, "{m} is not {n}");
    assert!(matches!(try_join!(ready(Ok::<_, ()>(n))), Ok((k,)) if k != 1));
    println!("{m}, {n}", n = vec![n; 2].len());
}

#[handler(emits = Passed)]
async fn by_question(n: u32, cx: &Cx) -> Result<()> {
    let (m,) = try_join!(ready(Ok::<_, std::fmt::Error>(n)))?;
    cx.emit(Passed(m));
    Ok(())
}

#[handler(emits = Passed)]
async fn by_log(n: u32, cx: &Cx) {
    tracing::info!(target: "checks", id = %cx.execution_id(), attempt = cx.attempt(), ?n, "begun");
    if n > 3 {
        tracing::warn!(n.of = n, "{n} is much");
    }
    cx.emit(Passed(n));
}

#[handler]
async fn done(Passed(n): Passed) -> u32 {
    n
}

fn main() {
    let _ = flow! { sound; start(u32) -> by_branch; when Passed -> done -> end };
    let _ = flow! { sound; start(u32) -> in_a_loop; when Passed -> done -> end };
    let _ = flow! { sound; start(u32) -> by_future; when Passed -> done -> end };
    let _ = flow! { sound; start(u32) -> by_question; when Passed -> done -> end };
    let _ = flow! { sound; start(u32) -> by_log; when Passed -> done -> end };
}
