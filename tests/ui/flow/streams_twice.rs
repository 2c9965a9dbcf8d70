// A13: the first line says what is streamed, and another one, too.
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
