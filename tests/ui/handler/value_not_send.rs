// A handler returns a value that is not `Send`.
use flow_core::handler;

#[handler]
async fn count() -> std::rc::Rc<u32> {
    std::rc::Rc::new(1)
}

fn main() {}
