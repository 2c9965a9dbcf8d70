//! A limit in a stage may be a cap, and what waits no longer than the flow is in time.
use flow_core::{Asked, Event, Result, flow, handler};

#[derive(Clone, Event)]
#[event(answer = bool)]
struct Approve;

#[handler]
async fn wrote() -> Approve {
    Approve
}

flow! {
    flow Approved streams Asked<Approve>;
    timeout "72h";
    start -> wrote -> ask Approve within "2h" -> ignore;
}

flow! {
    flow AnsweredAtAnyTime streams Asked<Approve>;
    start -> wrote -> ask Approve -> ignore;
}

#[handler(timeout = "5m")]
async fn slow() -> Result<()> {
    Ok(())
}

flow! {
    flow Slow;
    start -> slow;
}

/// Its waits are random, so that they may be short.
#[handler(retry(attempts = 3, backoff = "2m"))]
async fn fetch() -> Result<()> {
    Ok(())
}

#[handler(retry(attempts = 4, backoff = "10s", max = "20s", jitter = false))]
async fn fetch_steadily() -> Result<()> {
    Ok(())
}

fn main() {
    let _ = flow! { streams Asked<Approve>; timeout "2h"; start -> Approved };
    let _ = flow! { streams Asked<Approve>; idle_timeout "1h"; start -> Approved };
    let _ = flow! { streams Asked<Approve>; timeout "1m"; start -> AnsweredAtAnyTime };
    let _ = flow! { timeout "1m"; start -> Slow };
    let _ = flow! { timeout "90s"; start -> fetch };
    let _ = flow! { timeout "30s"; start -> fetch_steadily };
}
