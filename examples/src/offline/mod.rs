//! A small model that runs inside the program, behind a real HTTP server that
//! speaks the `OpenAI` protocol on the loopback interface.
//!
//! It follows rules and always answers the same conversation alike, so the
//! examples can be tried and tested without a key or a network.

mod arithmetic;
mod jokes;
mod names;
mod notices;
mod protocol;
mod reflect;
mod rules;
mod server;
mod text;

use std::io;
use std::net::{Ipv4Addr, SocketAddr};

use tokio::net::TcpListener;
use tokio::task::JoinHandle;

/// The running offline model; its server stops when this is dropped.
#[derive(Debug)]
pub struct OfflineModel {
    address: SocketAddr,
    server: JoinHandle<()>,
}

impl OfflineModel {
    /// The name under which the server lists its model.
    pub const NAME: &str = "offline";

    /// Starts the server on a free port of the loopback interface.
    ///
    /// # Errors
    ///
    /// If no port can be opened.
    pub async fn start() -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let address = listener.local_addr()?;
        let server = tokio::spawn(async move {
            // It ends only when the task is aborted.
            let _ = axum::serve(listener, server::router()).await;
        });
        Ok(Self { address, server })
    }

    /// The address to give to a client: `http://127.0.0.1:…/v1`.
    #[must_use]
    pub fn base_url(&self) -> String {
        format!("http://{}/v1", self.address)
    }
}

impl Drop for OfflineModel {
    fn drop(&mut self) {
        self.server.abort();
    }
}
