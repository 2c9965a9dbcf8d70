// An event with type arguments.
use flow_core::{flow, handler};

#[handler]
async fn begin() {}

#[handler]
async fn take(_many: Vec<u8>) {}

fn main() {
    let _ = flow! {
        start -> begin;
        when Vec<u8> -> take
    };
}
