// A9: a flow as a stage puts what the stream of the outer one does not take.
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
