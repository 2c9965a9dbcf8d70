// A trait object as a resource, whose trait says nothing of threads.
use flow_core::{Res, flow, handler};

trait Llm {
    fn ask(&self) -> u32;
}

#[handler]
async fn ask(llm: Res<dyn Llm>) -> u32 {
    llm.ask()
}

fn main() {
    let _ = flow! { with dyn Llm; start -> ask -> end };
}
