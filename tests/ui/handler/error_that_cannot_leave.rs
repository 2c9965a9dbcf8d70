// An error type that does not convert into `BoxError`.
use flow_core::handler;

struct Oops;

#[handler]
async fn reply() -> Result<(), Oops> {
    Err(Oops)
}

fn main() {}
