// The type of a resource and that of a state do not exist.
use flow_core::{Res, State, handler};

struct Llm;
struct History;

#[handler]
async fn reply(_llm: Res<Lml>, _history: State<Histroy>) {}

fn main() {}
