// A10: a resource that the flow does not declare.
use flow_core::{Res, flow, handler};

struct Llm;
struct Db;

#[handler]
async fn ask(_llm: Res<Llm>) {}

fn main() {
    let _ = flow! { with Llm; start -> ask }.with(Llm).with(Db);
}
