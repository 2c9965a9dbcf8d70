//! The replacement of a handler asks for a state and a resource that the flow does not declare.

use flow_core::{flow, handler};

struct Total;

struct Llm;

#[handler]
async fn count(text: String) {
    drop(text);
}

fn main() {
    let flow = flow! { start(String) -> count };
    let _ = flow.replace::<count>().by(async |_: String, cx| {
        drop(cx.state::<Total>());
        drop(cx.resource::<Llm>());
    });
}
