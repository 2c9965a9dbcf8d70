//! Executions in the browser: `cargo run --example web`, and open the address that it prints.
//!
//! Each execution is a flow that writes an article, word by word, and asks an editor before it is
//! published. Any number of browsers follow it by server-sent events. A browser that loses the
//! connection resumes where it was, and each of them can answer or cancel. The port is the first
//! argument or `PORT`; it is 3000 by default, and 0 means any free one.
//!
//! The flow is in `article.rs`, its executions are in `executions.rs`, the routes in `server.rs`;
//! the page is `index.html`.

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

/// The time that a word takes.
const PAUSE: Duration = Duration::from_millis(70);

/// How long streams may take to end when the server stops.
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
        // It only ever closes.
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
        // So that Ctrl-C counts before the address is printed.
        biased;
        ended = interrupted => ended,
        ended = serve(stop) => ended,
    };
    examples::exit(ended)
}
