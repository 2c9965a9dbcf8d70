// An event that cannot be sent.
use flow_core::Event;

#[derive(Event)]
struct Shared(std::rc::Rc<u8>);

fn main() {}
