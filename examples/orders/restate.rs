//! The same orders on Restate, in as many processes as one likes: `cargo run --example
//! orders-on-restate`. See `RESTATE.md` beside this file.
//!
//! The first argument is the port of the service, 3000 by default. The second is the port at which
//! the server of Restate reaches the workers, 9080 by default: all processes share it. Where the
//! server is, `RESTATE_INGRESS` and `RESTATE_ADMIN` tell. `PACE` is how many milliseconds a charge
//! and a parcel take. `charges.log` in `target/orders` has what the bank was asked for and has
//! done.
//!
//! The flow, what it does to the outside, and the routes are those of the journal.

mod bank;
mod events;
mod order;
mod problem;
mod server;

use std::env;
use std::io::{Write, stdout};
use std::net::Ipv4Addr;
use std::path::Path;
use std::time::Duration;

use flow_core::Result;
use flow_restate::{Client, Worker, register};
use tokio::net::{TcpListener, TcpSocket};
use tokio::sync::watch;

use crate::bank::Bank;
use crate::order::{Pace, Shop};

fn setting(name: &str, otherwise: &str) -> String {
    env::var(name).unwrap_or_else(|_unset| otherwise.to_owned())
}

fn port(argument: usize, otherwise: u16) -> Result<u16> {
    let given = env::args().nth(argument);
    Ok(given.map_or(Ok(otherwise), |port| port.parse())?)
}

/// A listener at a port that several processes have, if the system shares it out.
fn listen(port: u16) -> Result<TcpListener> {
    let socket = TcpSocket::new_v4()?;
    socket.set_reuseaddr(true)?;
    #[cfg(unix)]
    socket.set_reuseport(true)?;
    socket.bind((Ipv4Addr::LOCALHOST, port).into())?;
    Ok(socket.listen(1024)?)
}

async fn serve() -> Result<()> {
    let (port, worker_port) = (port(1, 3000)?, port(2, 9080)?);
    let pace = Duration::from_millis(setting("PACE", "3000").parse()?);
    let directory = Path::new("target/orders");
    tokio::fs::create_dir_all(directory).await?;

    let bank = Bank::new(&directory.join("charges.log"), pace);
    let worker = Worker::new().flow(Shop::new().with(bank).with(Pace(pace)));
    let working = tokio::spawn(worker.serve_on(listen(worker_port)?));
    let admin = setting("RESTATE_ADMIN", "http://127.0.0.1:9070");
    register(&admin, &format!("http://127.0.0.1:{worker_port}")).await?;

    let client = Client::new(&setting("RESTATE_INGRESS", "http://127.0.0.1:8080"));
    let orders = client.admin(&admin).executions::<Shop>();
    // It never tells to stop: such a process may be killed at any time.
    let (_running, stop) = watch::channel(());
    let router = server::router("orders", orders.by_id().clone(), stop);
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await?;
    writeln!(
        stdout(),
        "http://127.0.0.1:{port}/orders, process {}, kept at {admin}",
        std::process::id()
    )?;
    tokio::select! {
        served = axum::serve(listener, router) => served?,
        done = working => done??,
    }
    Ok(())
}

#[tokio::main]
async fn main() {
    examples::exit(serve().await)
}
