//! Three stages between two others: inline, and as a separate flow.

use std::time::{Duration, Instant};

use flow_core::flow;

use super::{Ping, close, open, pass};

pub(super) async fn inline(times: u32) -> Duration {
    let flow = flow! {
        start(Ping) -> open -> pass -> pass -> pass -> close;
        when Ping -> open -> pass -> pass -> pass -> close
    };
    let start = Instant::now();
    flow.run(Ping(times)).await.expect("no handler fails");
    start.elapsed()
}

flow! {
    /// Three stages as one stage.
    flow Three(u32) -> u32;
    start -> pass -> pass -> pass -> end
}

pub(super) async fn sub_flow(times: u32) -> Duration {
    let flow = flow! {
        start(Ping) -> open -> Three -> close;
        when Ping -> open -> Three -> close
    };
    let start = Instant::now();
    flow.run(Ping(times)).await.expect("no handler fails");
    start.elapsed()
}
