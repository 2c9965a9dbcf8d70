// A handler with a timeout whose error cannot be made from one.
use flow_core::handler;

#[handler(timeout = "30s")]
async fn fetch() -> Result<(), std::num::ParseIntError> {
    "7".parse::<u8>()?;
    Ok(())
}

fn main() {}
