//! Best effort: `read else gap` continues with the value of `gap` where `read` fails.
//!
//! Four sources are read at the same time. Two fail, and the others go on. What stands in for a
//! stage may take the error, and what arrived at the stage. `else skip` leaves an item of an `each`
//! out.
//!
//! `cargo run --example 14_else` prints
//!
//! ```text
//! thorough: birds, the copy of fish, nothing on snakes (`read` took longer than 10s), whales
//! quick: birds, whales
//! ```

use std::future::pending;

use flow_core::{BoxError, Cx, Failed, Result, flow, handler};
use futures::TryStreamExt;

#[derive(Clone, Copy)]
struct Source(&'static str);

#[handler]
async fn plan() -> [Source; 4] {
    ["birds", "fish", "snakes", "whales"].map(Source)
}

#[handler(timeout = "10s")]
async fn read(Source(name): Source) -> Result<String> {
    match name {
        "fish" => Err("the server is down".into()),
        "snakes" => pending().await,
        name => Ok(name.to_owned()),
    }
}

#[handler]
async fn read_the_copy(failed: Failed<BoxError, Source>) -> Result<String> {
    match failed.cause {
        Source("fish") => Ok("the copy of fish".to_owned()),
        _ => Err(failed.error),
    }
}

#[handler]
async fn gap(failed: Failed<BoxError, Source>) -> String {
    format!("nothing on {} ({})", failed.cause.0, failed.error)
}

#[handler]
async fn report(findings: Vec<String>, cx: &Cx) {
    cx.put(findings.join(", ")).await;
}

#[tokio::main(flavor = "current_thread", start_paused = true)]
async fn main() -> Result<()> {
    let thorough = flow! {
        start -> plan -> each (read else read_the_copy else gap)[8] -> report
    };
    let quick = flow! {
        start -> plan -> each (read else skip)[8] -> report
    };

    let lines: Vec<_> = thorough.stream(()).try_collect().await?;
    println!("thorough: {}", lines.join("\n"));
    let lines: Vec<_> = quick.stream(()).try_collect().await?;
    println!("quick: {}", lines.join("\n"));
    Ok(())
}
