//! Durable orders over HTTP: `cargo run --example orders`. Kill it anywhere and start it again:
//! see `README.md`.
//!
//! The port is the first argument or `PORT`; it is 3000 by default, and 0 means any free one. The
//! second argument is a directory, by default `target/orders`: `journal` in it has the orders, and
//! `charges.log` what the bank was asked for and has done. `PACE` is how many milliseconds a charge
//! and a parcel take.
//!
//! The flow is in `order.rs`, what it does to the outside in `bank.rs`. The routes in `server.rs`
//! and `events.rs` know nothing of it.

mod bank;
mod events;
mod order;
mod problem;
mod server;

use std::env;
use std::io::{Write, stdout};
use std::net::Ipv4Addr;
use std::path::PathBuf;
use std::time::Duration;

use flow_core::durable::Unavailable;
use flow_core::{BoxError, Result};
use flow_journal::Journal;
use tokio::net::TcpListener;
use tokio::sync::watch;

use crate::bank::Bank;
use crate::order::{Pace, Shop};
use crate::problem::with_sources;

/// How long the process before this one may take to end.
const TAKE_OVER: Duration = Duration::from_secs(10);

/// How long responses, and then calls, may take to end when the program stops.
const LAST_WORDS: Duration = Duration::from_secs(2);

/// The time that a charge and a parcel take: long enough to kill the program meanwhile.
const PACE: Duration = Duration::from_secs(3);

fn port() -> Result<u16> {
    let given = env::args().nth(1).or_else(|| env::var("PORT").ok());
    let Some(given) = given else { return Ok(3000) };
    given.parse().map_err(|_| {
        format!("`{given}` is no port: say a number up to 65535, or 0 for any that is free.").into()
    })
}

fn pace() -> Result<Duration> {
    let Ok(given) = env::var("PACE") else {
        return Ok(PACE);
    };
    let pace = given.parse().map(Duration::from_millis);
    pace.map_err(|_| format!("`{given}` is no pace: say a number of milliseconds.").into())
}

fn directory() -> PathBuf {
    let given = env::args_os().nth(2);
    given.map_or_else(|| "target/orders".into(), PathBuf::from)
}

async fn serve() -> Result<()> {
    // Before anything else, so that Ctrl-C closes the journal from now on.
    let stop = told_to_stop()?;
    let (port, pace, directory) = (port()?, pace()?, directory());
    // The process before this one has the port as well, until it has ended.
    let journal = Journal::open(directory.join("journal"))
        .wait(TAKE_OVER)
        .await?;
    let listening = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await;
    let listener = listening.map_err(|error| -> BoxError {
        format!(
            "Port {port} cannot be listened at ({error}): say another, or 0 for any that is free."
        )
        .into()
    })?;
    let bank = Bank::new(&directory.join("charges.log"), pace);
    let orders = journal.register(Shop::new().with(bank).with(Pace(pace)));
    let router = server::router("orders", orders.by_id().clone(), stop.clone());
    let address = listener.local_addr()?;
    writeln!(
        stdout(),
        "http://{address}/orders, kept in {}",
        directory.display()
    )?;

    let mut told = stop.clone();
    let serving = axum::serve(listener, router).with_graceful_shutdown(async move {
        // It only ever closes.
        let _closed = told.changed().await;
    });
    let mut told = stop;
    let stopped = async move {
        let _closed = told.changed().await;
        tokio::time::sleep(LAST_WORDS).await;
    };
    tokio::select! {
        served = serving => served?,
        // A connection is still open.
        () = stopped => {}
        failure = journal.failed() => return Err(stopped_because(&failure)),
    }
    let closed = journal.close(LAST_WORDS).await;
    let have_ended = closed.map_err(|failure| stopped_because(&failure))?;
    if !have_ended {
        writeln!(
            stdout(),
            "A call was interrupted, and is made again at the next start."
        )?;
    }
    Ok(())
}

/// A service does best to end then, and to be started again.
fn stopped_because(failure: &Unavailable) -> BoxError {
    format!("The journal has stopped: {}", with_sources(failure)).into()
}

/// Closes when the program is told to stop: by Ctrl-C, or by SIGTERM, as services are.
fn told_to_stop() -> Result<watch::Receiver<()>> {
    let (running, stop) = watch::channel(());
    let interrupted = interrupted()?;
    tokio::spawn(async move {
        interrupted.await;
        drop(running);
    });
    Ok(stop)
}

#[cfg(unix)]
fn interrupted() -> Result<impl Future<Output = ()> + Send> {
    use tokio::signal::unix::{SignalKind, signal};

    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    })
}

#[cfg(not(unix))]
fn interrupted() -> Result<impl Future<Output = ()> + Send> {
    Ok(async {
        // If it cannot be waited for, it ends the process by itself.
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending().await
        }
    })
}

#[tokio::main]
async fn main() {
    examples::exit(serve().await)
}
