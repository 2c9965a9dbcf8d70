// A method of a type that every program knows.
use flow_core::{flow, handler};

#[handler]
async fn text(n: u32) -> String {
    n.to_string()
}

fn main() {
    let _ = flow! { start(u32) -> text -> String::len -> ignore };
}
