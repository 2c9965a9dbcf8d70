//! A loop in a flow with an `end` is rejected only if the execution certainly never ends.
use std::time::Duration;

use flow_core::{Cx, Event, Res, State, flow, handler};
use tokio::time::sleep;

#[derive(Clone, Event)]
struct Begun;

#[derive(Event)]
struct Daemon;

#[handler(emits = Begun)]
async fn work(cx: &Cx) -> u32 {
    cx.emit(Begun);
    42
}

#[handler(on = Begun, emits = Begun)]
async fn heartbeat(cx: &Cx) {
    sleep(Duration::from_secs(1)).await;
    cx.emit(Begun);
}

#[handler(on = Begun, emits = Begun)]
async fn heartbeat_until_the_end(cx: &Cx) {
    if tokio::time::timeout(Duration::from_secs(1), cx.ending()).await.is_ok() {
        return;
    }
    cx.emit(Begun);
}

#[handler(on = Begun, emits = Begun)]
async fn heartbeat_that_selects(cx: &Cx) {
    tokio::select! {
        () = sleep(Duration::from_secs(1)) => cx.emit(Begun),
        () = cx.ending() => {}
    }
}

#[handler(on = Begun, emits = Begun)]
async fn counted(count: State<u32>, cx: &Cx) {
    sleep(Duration::from_secs(1)).await;
    let n = count.with(|count| {
        *count += 1;
        *count
    });
    if n < 10 {
        cx.emit(Begun);
    }
}

struct Probe;

impl Probe {
    async fn ask(&self) -> flow_core::Result<u32> {
        Ok(1)
    }
}

#[handler(on = Begun, emits = Begun)]
async fn until_it_fails(probe: Res<Probe>, cx: &Cx) -> flow_core::Result<()> {
    probe.ask().await?;
    cx.emit(Begun);
    Ok(())
}

#[handler(on = Begun, emits = Begun)]
async fn or_exit(cx: &Cx) {
    sleep(Duration::from_secs(1)).await;
    or_leave();
    cx.emit(Begun);
}

fn or_leave() {
    std::process::exit(0);
}

#[handler(on = Begun, emits = Begun, timeout = "1m")]
async fn in_time(cx: &Cx) {
    sleep(Duration::from_secs(1)).await;
    cx.emit(Begun);
}

#[handler]
async fn stop_later(cx: &Cx) {
    sleep(Duration::from_secs(60)).await;
    cx.stop();
}

#[handler(emits = [Begun, Daemon])]
async fn choose(daemon: bool, cx: &Cx) {
    if daemon {
        cx.emit(Daemon);
    } else {
        cx.emit(Begun);
    }
}

#[handler(on = Daemon, emits = Daemon)]
async fn serve(cx: &Cx) {
    sleep(Duration::from_secs(1)).await;
    cx.emit(Daemon);
}

#[handler]
async fn report() -> u32 {
    1
}

fn main() {
    // The loop ends.
    let _ = flow! { start -> work -> end; when Begun -> heartbeat_until_the_end };
    let _ = flow! { start -> work -> end; when Begun -> heartbeat_that_selects };
    let _ = flow! { state u32; start -> work -> end; when Begun -> counted };
    let _ = flow! { with Probe; start -> work -> end; when Begun -> until_it_fails };
    let _ = flow! { start -> work -> end; when Begun -> or_exit };
    let _ = flow! { start -> work -> end; when Begun -> in_time };
    // Something else ends it.
    let _ = flow! { start -> work -> end now; when Begun -> heartbeat };
    let _ = flow! { start -> work -> end; when Begun -> heartbeat; when Begun -> stop_later };
    let _ = flow! { drain within "10s"; start -> work -> end; when Begun -> heartbeat };
    let _ = flow! { timeout "10s"; start -> work -> end; when Begun -> heartbeat };
    let _ = flow! { max_events 100; start -> work -> end; when Begun -> heartbeat };
    let _ = flow! { external Begun; start -> work -> end; when Begun -> heartbeat };
    // An execution either serves or ends.
    let _ = flow! { start(bool) -> choose; when Begun -> report -> end; when Daemon -> serve };
    // There is no `end` to come to.
    let _ = flow! { start -> work -> ignore; when Begun -> heartbeat };
}
