// A10: a flow as a stage needs a resource that the outer one does not have.
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
