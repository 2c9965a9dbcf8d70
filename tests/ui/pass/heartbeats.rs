//! Heartbeats that are over at some time after the `end`, and services that have none.
use std::time::Duration;

use flow_core::{Cx, Event, Result, flow, handler};
use tokio::time::sleep;

#[derive(Clone, Event)]
struct Begun;

#[handler(emits = Begun)]
async fn work(n: u32, cx: &Cx) -> u32 {
    cx.emit(Begun);
    n
}

#[handler(on = Begun)]
async fn beat(cx: &Cx) {
    loop {
        sleep(Duration::from_secs(1)).await;
        cx.put("still at work".to_owned()).await;
    }
}

#[handler(on = Begun)]
async fn beat_until_the_end(cx: &Cx) {
    loop {
        tokio::select! {
            () = cx.ending() => return,
            () = sleep(Duration::from_secs(1)) => cx.put("still at work".to_owned()).await,
        }
    }
}

#[handler(on = Begun, timeout = "1h")]
async fn beat_for_an_hour(cx: &Cx) {
    loop {
        sleep(Duration::from_secs(1)).await;
        cx.put("still at work".to_owned()).await;
    }
}

#[handler(on = Begun)]
async fn beat_while_it_can(cx: &Cx) -> Result<()> {
    loop {
        sleep(Duration::from_secs(1)).await;
        std::env::var("HEARTBEAT")?;
        cx.put("still at work".to_owned()).await;
    }
}

#[handler(on = Begun)]
async fn wait() {
    sleep(Duration::from_secs(60)).await;
}

#[handler]
async fn plain(n: u32) -> u32 {
    n
}

#[handler(emits = Begun)]
async fn settle(cx: &Cx) {
    cx.emit(Begun);
}

#[handler(on = Begun)]
async fn watch(cx: &Cx) {
    loop {
        sleep(Duration::from_secs(1)).await;
        if std::env::args().len() > 1 {
            cx.stop();
        }
    }
}

fn main() {
    let _ = flow! { start(u32) -> work -> end; when Begun -> beat_until_the_end };
    let _ = flow! { start(u32) -> work -> end; when Begun -> beat_for_an_hour };
    let _ = flow! { start(u32) -> work -> end; when Begun -> beat_while_it_can };
    let _ = flow! { start(u32) -> work -> end; when Begun -> watch };
    let _ = flow! { start(u32) -> work -> end now; when Begun -> beat };
    let _ = flow! { drain within "10s"; start(u32) -> work -> end; when Begun -> beat };
    let _ = flow! { timeout "1h"; start(u32) -> work -> end; when Begun -> beat };
    let _ = flow! { start(u32) -> work -> ignore; when Begun -> beat };
    // The winner drops it.
    let _ = flow! { start(u32) -> work -> end; when Begun -> first (beat, wait) -> ignore };
    // Its limit drops it.
    let _ = flow! {
        start(u32) -> plain -> end;
        finally within "10s" -> settle;
        when Begun -> beat
    };
}
