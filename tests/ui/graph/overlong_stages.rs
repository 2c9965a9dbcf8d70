// A question in a stage, and a wait between two attempts, that are longer than the flow runs.
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
    start -> wrote -> ask Approve within "2h" -> ignore;
}

flow! {
    flow Ordered streams Asked<Approve>;
    start -> Approved;
}

#[handler(retry(attempts = 3, backoff = "2m", jitter = false))]
async fn fetch() -> Result<()> {
    Ok(())
}

fn main() {
    let _ = flow! { streams Asked<Approve>; timeout "1h"; start -> Approved };
    let _ = flow! { streams Asked<Approve>; timeout "90m"; start -> Ordered };
    let _ = flow! { timeout "90s"; start -> fetch };
}
