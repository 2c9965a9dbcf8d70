// A10: a resource that the flow declares and was not given.
use flow_core::{Res, flow, handler};

struct Llm;
struct Db;

#[handler]
async fn ask(_llm: Res<Llm>, _db: Res<Db>) {}

fn main() {
    let _ = flow! { with Llm; with Db; start -> ask }.with(Db).stream(());
}
