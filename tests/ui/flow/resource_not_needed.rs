// A resource is given to a flow that does not declare it.
use flow_core::{Res, flow, handler};

struct Llm;
struct Db;

#[handler]
async fn ask(_llm: Res<Llm>) {}

fn main() {
    let _ = flow! { with Llm; start -> ask }.with(Llm).with(Db);
}
