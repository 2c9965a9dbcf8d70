// An event that is not `Send`.
use flow_core::Event;

#[derive(Event)]
struct Shared(std::rc::Rc<u8>);

fn main() {}
