// `streams` in the first line and as a clause.
use flow_core::{Cx, flow, handler};

#[handler]
async fn begin(cx: &Cx) {
    cx.put("item").await;
}

flow! {
    flow Chat streams String;
    streams String;
    start -> begin
}

fn main() {}
