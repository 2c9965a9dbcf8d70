//! A handler may fail if its error has values, if it has a timeout, or if it is a flow.
use std::convert::Infallible;

use flow_core::{flow, handler};

#[derive(Debug)]
struct Empty;

impl std::fmt::Display for Empty {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("empty")
    }
}

impl std::error::Error for Empty {}

#[handler]
async fn parse() -> Result<u32, Empty> {
    Ok(1)
}

#[handler(timeout = "1s", retry(attempts = 2))]
async fn slow() -> flow_core::Result<u32> {
    Ok(1)
}

/// Never an error, and used without a rescue.
#[handler]
async fn certain() -> Result<u32, Infallible> {
    Ok(1)
}

#[handler]
async fn gap() -> u32 {
    0
}

#[handler]
async fn log() {}

/// A panic in it is its failure.
flow! {
    flow Panics;
    start -> gap -> ignore;
}

fn main() {
    let _ = flow! { start -> parse -> ignore; rescue parse -> log };
    let _ = flow! { start -> parse else gap -> ignore };
    let _ = flow! { start -> slow -> ignore; rescue -> log };
    let _ = flow! { start -> slow else gap -> ignore };
    let _ = flow! { start -> (certain, certain) -> ignore };
    let _ = flow! { start -> Panics; rescue Panics -> log };
    let _ = flow! { start -> (certain, (certain -> parse_again) else gap) -> ignore };
}

#[handler]
async fn parse_again(n: u32) -> Result<u32, Empty> {
    Ok(n)
}
