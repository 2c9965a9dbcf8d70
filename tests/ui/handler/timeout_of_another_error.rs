// A handler with a timeout whose error type is not `From<TimedOut>`.
use flow_core::handler;

#[handler(timeout = "30s")]
async fn fetch() -> Result<(), std::num::ParseIntError> {
    "7".parse::<u8>()?;
    Ok(())
}

fn main() {}
