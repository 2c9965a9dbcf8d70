// The handler of a rescue for all takes the error of one handler.
use flow_core::{Failed, flow, handler};

#[handler]
async fn work() -> Result<(), std::fmt::Error> {
    Ok(())
}

#[handler]
async fn log(_failed: Failed<std::fmt::Error>) {}

fn main() {
    let _ = flow! {
        start -> work;
        rescue -> log
    };
}
