// A flow as a stage takes a resource that the outer flow does not declare.
use flow_core::{Res, flow, handler};

struct Llm;

#[handler]
async fn ask(_llm: Res<Llm>) {}

flow! {
    flow Inner;
    with Llm;
    start -> ask
}

fn main() {
    let _ = flow! { start -> Inner };
}
