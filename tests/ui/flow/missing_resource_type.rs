// A resource of a type that does not exist.
use flow_core::{Res, flow, handler};

struct Llm;

#[handler]
async fn ask(_llm: Res<Llm>) {}

fn main() {
    let _ = flow! { with Lml; start -> ask };
}
