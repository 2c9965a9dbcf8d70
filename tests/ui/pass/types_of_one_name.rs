// Events that a file imports from around it, where a module of the file has types of the same names.
use flow_core::Event;

#[path = "types_of_one_name/by_name.rs"]
mod by_name;

#[path = "types_of_one_name/by_star.rs"]
mod by_star;

#[derive(Event)]
pub struct Order {
    pub id: u32,
    pub total: u32,
}

#[derive(Event)]
pub struct Paid(pub u32, pub u32);

#[derive(Clone, Event)]
#[event(answer = bool)]
pub struct Review(pub u32);

fn main() {
    by_name::run();
    by_star::run();
}
