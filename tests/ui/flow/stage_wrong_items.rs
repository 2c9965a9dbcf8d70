// A flow as a stage puts items that the stream of the outer flow does not take.
use flow_core::{Cx, flow, handler};

struct Token;

#[handler(streams = "Token")]
async fn speak(cx: &Cx) {
    cx.put(Token).await;
}

flow! {
    flow Inner streams Token;
    start -> speak
}

fn main() {
    let _ = flow! { start -> Inner };
}
