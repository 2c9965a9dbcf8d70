use flow_core::{flow, handler};

#[handler]
async fn begin() {}

fn main() {
    let _ = flow! {
        crate;
        start -> begin
    };
    let _ = flow! {
        crate flow_core;
        start -> begin
    };
    let _ = flow! {
        crate = flow_core;
        crate = flow_core;
        start -> begin
    };
}
