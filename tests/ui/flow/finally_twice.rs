// An execution has one `finally`.
use flow_core::{flow, handler};

#[handler]
async fn begin() {}

#[handler]
async fn settle() {}

#[handler]
async fn close() {}

fn main() {
    let _ = flow! {
        start -> begin;
        finally within "30s" -> settle;
        finally within "10s" -> close
    };
}
