//! Executions in the browser: `cargo run --example web`, and open the address that it prints.
//!
//! Each execution is a flow that writes an article, word by word, and asks an editor before it is
//! published. Any number of browsers follow it by server-sent events; one that loses the connection
//! goes on where it was; any of them answers or cancels. The port is the first argument, or `PORT`:
//! 3000 unless it is said, and 0 for any free one.
//!
//! The flow is in `article.rs`, what the server does with its executions in `executions.rs`, and how
//! that looks from outside in `server.rs`; the page is `index.html`.

mod article;
mod executions;
mod problem;
mod server;

use std::env;
use std::io::{Write, stdout};
use std::net::Ipv4Addr;
use std::time::Duration;

use flow_core::{BoxError, Result};
use tokio::net::TcpListener;
use tokio::sync::watch;

use crate::executions::Executions;

/// How long it takes to write a word.
const PAUSE: Duration = Duration::from_millis(70);

/// How long streams may take to end, when the server is told to.
const LAST_WORDS: Duration = Duration::from_secs(2);

fn port() -> Result<u16> {
    let given = env::args().nth(1).or_else(|| env::var("PORT").ok());
    let Some(given) = given else { return Ok(3000) };
    given.parse().map_err(|_| {
        format!("`{given}` is no port: say a number up to 65535, or 0 for any that is free.").into()
    })
}

async fn serve(mut stop: watch::Receiver<()>) -> Result<()> {
    let port = port()?;
    let listening = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await;
    let listener = listening.map_err(|error| -> BoxError {
        format!(
            "Port {port} cannot be listened at ({error}): say another, or 0 for any that is free."
        )
        .into()
    })?;
    writeln!(stdout(), "Open http://{}", listener.local_addr()?)?;
    let router = server::router(Executions::new(PAUSE), stop.clone());
    let stopped = async move {
        // It changes only by being closed.
        let _ = stop.changed().await;
    };
    Ok(axum::serve(listener, router)
        .with_graceful_shutdown(stopped)
        .await?)
}

#[tokio::main]
async fn main() {
    let (running, stop) = watch::channel(());
    let interrupted = async move {
        let pressed = tokio::signal::ctrl_c().await;
        drop(running);
        writeln!(stdout())?;
        tokio::time::sleep(LAST_WORDS).await;
        Ok(pressed?)
    };
    let ended = tokio::select! {
        // So that Ctrl-C is listened for before the address is there to be read.
        biased;
        ended = interrupted => ended,
        ended = serve(stop) => ended,
    };
    examples::exit(ended)
}
