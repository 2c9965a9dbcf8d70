// A declared resource that was not given to the flow.
use flow_core::{Res, flow, handler};

struct Llm;
struct Db;

#[handler]
async fn ask(_llm: Res<Llm>, _db: Res<Db>) {}

fn main() {
    let _ = flow! { with Llm; with Db; start -> ask }.with(Db).stream(());
}
