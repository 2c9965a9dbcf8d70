// A condition of `retry` that takes another error.
use flow_core::handler;
use std::num::{ParseFloatError, ParseIntError};

fn is_transient(_error: &ParseFloatError) -> bool {
    true
}

#[handler(retry(attempts = 3, if = is_transient))]
async fn fetch() -> Result<(), ParseIntError> {
    "7".parse::<u8>()?;
    Ok(())
}

fn main() {}
