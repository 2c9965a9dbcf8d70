// The handler of a rescue takes another error than the rescued one returns.
use flow_core::{Failed, flow, handler};

#[handler]
async fn work() -> Result<(), std::fmt::Error> {
    Ok(())
}

#[handler]
async fn log(_failed: Failed<std::io::Error>) {}

fn main() {
    let _ = flow! {
        start -> work;
        rescue work -> log
    };
}
