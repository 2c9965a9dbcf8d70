use std::time::Duration;

use flow_core::{flow, handler};

const NEVER: Duration = Duration::ZERO;

#[handler]
async fn begin() {}

#[handler]
async fn beat() {}

fn main() {
    let _ = flow! {
        start -> begin;
        every NEVER -> beat
    };
}
