// A12: a state that cannot be sent.
use flow_core::{State, handler};

#[handler]
async fn add(_total: State<std::rc::Rc<u32>>) {}

fn main() {}
