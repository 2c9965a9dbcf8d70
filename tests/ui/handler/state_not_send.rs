// A state that is not `Send`.
use flow_core::{State, handler};

#[handler]
async fn add(_total: State<std::rc::Rc<u32>>) {}

fn main() {}
