// A12: an error that is not one.
use flow_core::handler;

struct Oops;

#[handler]
async fn reply() -> Result<(), Oops> {
    Err(Oops)
}

fn main() {}
