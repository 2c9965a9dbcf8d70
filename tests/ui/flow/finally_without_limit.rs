// A `finally` without a time limit could keep an execution open for ever.
use flow_core::{flow, handler};

#[handler]
async fn begin() {}

#[handler]
async fn settle() {}

fn main() {
    let _ = flow! {
        start -> begin;
        finally -> settle
    };
}
