// A closure takes another type than what arrives.
use flow_core::flow;

fn main() {
    let _ = flow! {
        start(u32) -> |n: String| n.len() -> ignore
    };
}
