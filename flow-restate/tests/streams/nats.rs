//! A server of NATS with JetStream, in a directory of its own.

use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use flow_restate::Nats;
use tempfile::TempDir;
use tokio::time::sleep;

use crate::server::free_port;

/// Kills the server when it is dropped.
pub(crate) struct NatsServer {
    directory: TempDir,
    process: Option<Child>,
    port: u16,
}

impl NatsServer {
    pub(crate) async fn start() -> Self {
        let mut server = Self {
            directory: tempfile::tempdir().unwrap(),
            process: None,
            port: free_port(),
        };
        server.restart().await;
        server
    }

    /// Kills it, as a crash does.
    pub(crate) fn kill(&mut self) {
        if let Some(mut process) = self.process.take() {
            process.kill().unwrap();
            process.wait().unwrap();
        }
    }

    /// Starts it again, in the same directory.
    pub(crate) async fn restart(&mut self) {
        self.kill();
        let program = std::env::var_os("NATS_SERVER").unwrap_or_else(|| "nats-server".into());
        let mut command = Command::new(&program);
        command
            .args(["--addr", "127.0.0.1", "--port", &self.port.to_string()])
            .arg("--jetstream")
            .arg("--store_dir")
            .arg(self.directory.path())
            .arg("--log")
            .arg(self.directory.path().join("log"))
            .stdin(Stdio::null());
        let process = command.spawn().unwrap_or_else(|error| {
            panic!(
                "there is no server of NATS ({error}): install `nats-server`, or say where it is \
                 with `NATS_SERVER`"
            )
        });
        self.process = Some(process);
        let begun = Instant::now();
        while let Err(error) = Nats::connect(&self.address()).await {
            assert!(
                begun.elapsed() < Duration::from_secs(30),
                "the server does not start: {error:?}"
            );
            sleep(Duration::from_millis(20)).await;
        }
    }

    pub(crate) fn address(&self) -> String {
        format!("nats://127.0.0.1:{}", self.port)
    }

    pub(crate) async fn connect(&self) -> Nats {
        Nats::connect(&self.address()).await.unwrap()
    }

    /// A connection of the client's own.
    pub(crate) async fn client(&self) -> async_nats::Client {
        async_nats::connect(self.address()).await.unwrap()
    }
}

impl Drop for NatsServer {
    fn drop(&mut self) {
        self.kill();
    }
}
