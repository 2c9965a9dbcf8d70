// Handlers whose errors have no values.
use std::convert::Infallible;

use flow_core::{flow, handler};

enum Never {}

impl std::fmt::Display for Never {
    fn fmt(&self, _: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match *self {}
    }
}

impl std::fmt::Debug for Never {
    fn fmt(&self, _: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match *self {}
    }
}

impl std::error::Error for Never {}

#[handler]
async fn parse() -> Result<u32, Infallible> {
    Ok(1)
}

type Outcome = Result<u32, Never>;

#[handler]
async fn count() -> Outcome {
    Ok(2)
}

#[handler(retry(attempts = 3))]
async fn repeat() -> Outcome {
    Ok(2)
}

#[handler]
async fn gap() -> u32 {
    0
}

#[handler]
async fn log() {}

#[handler]
async fn double(n: u32) -> Result<u32, Infallible> {
    Ok(2 * n)
}

fn main() {
    let _ = flow! { start -> parse -> ignore; rescue parse -> log };
    let _ = flow! { start -> count -> ignore; rescue -> log };
    let _ = flow! { start -> count else gap -> ignore };
    let _ = flow! { start -> (parse -> double) else gap -> ignore };
    let _ = flow! { start -> repeat -> ignore };
}
