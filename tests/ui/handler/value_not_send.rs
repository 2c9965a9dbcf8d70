// A12: a handler returns what cannot go to another thread.
use flow_core::handler;

#[handler]
async fn count() -> std::rc::Rc<u32> {
    std::rc::Rc::new(1)
}

fn main() {}
