// A closure that stands in takes the value of the stage, but its error arrives.
use flow_core::{Result, flow, handler};

#[handler]
async fn find(n: u32) -> Result<u32> {
    Ok(n)
}

fn main() {
    let _ = flow! {
        start(u32) -> find else |n: u32| n -> ignore
    };
}
