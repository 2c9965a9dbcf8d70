// A rescue that leads to a handler that does not exist.
use flow_core::{Failed, flow, handler};
use std::fmt::Error;

#[handler]
async fn ask() -> Result<(), Error> {
    Err(Error)
}

#[handler]
async fn apologise(_failed: Failed<Error>) {}

fn main() {
    let _ = flow! {
        start -> ask;
        rescue ask -> apologize
    };
}
