// Not `async`.
use flow_core::{Cx, handler};

#[handler]
fn reply(cx: &Cx) {
    cx.stop();
}

fn main() {}
