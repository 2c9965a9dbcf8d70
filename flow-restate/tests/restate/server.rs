//! A server of Restate, in a directory of its own.

use std::fs;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use flow_restate::{Client, Worker};
use tempfile::TempDir;
use tokio::task::AbortHandle;

/// Kills the server when it is dropped.
pub(crate) struct Server {
    directory: TempDir,
    process: Option<Child>,
    ingress: u16,
    admin: u16,
    node: u16,
}

/// A port that nothing listens at.
pub(crate) fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.local_addr().unwrap().port()
}

fn program() -> PathBuf {
    if let Some(program) = std::env::var_os("RESTATE_SERVER") {
        return program.into();
    }
    let modules = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/server/node_modules");
    let packages = fs::read_dir(modules.join("@restatedev"));
    let packages = packages.into_iter().flatten().flatten();
    let binaries = packages.map(|package| package.path().join("bin/restate-server"));
    let mut binaries = binaries.filter(|path| {
        // Beside it is a script that starts it, and that is another process.
        fs::metadata(path).is_ok_and(|file| file.len() > 1 << 20)
    });
    binaries.next().unwrap_or_else(|| {
        panic!(
            "there is no server of Restate: run `npm ci --prefix flow-restate/tests/server`, or \
             say where it is with `RESTATE_SERVER`"
        )
    })
}

impl Server {
    pub(crate) async fn start() -> Self {
        let mut server = Self {
            directory: tempfile::tempdir().unwrap(),
            process: None,
            ingress: free_port(),
            admin: free_port(),
            node: free_port(),
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
        let directory = self.directory.path();
        let config = directory.join("config.toml");
        let Self {
            ingress,
            admin,
            node,
            ..
        } = self;
        let text = format!(
            "base-dir = {:?}\n\
             node-name = \"one\"\n\
             bind-address = \"127.0.0.1:{node}\"\n\
             advertised-address = \"http://127.0.0.1:{node}\"\n\
             disable-telemetry = true\n\
             listen-mode = \"tcp\"\n\
             default-num-partitions = 4\n\
             rocksdb-total-memory-size = \"256 MB\"\n\
             log-disable-ansi-codes = true\n\
             [ingress]\n\
             bind-address = \"127.0.0.1:{ingress}\"\n\
             [admin]\n\
             bind-address = \"127.0.0.1:{admin}\"\n",
            directory.join("data")
        );
        fs::write(&config, text).unwrap();
        let log = fs::OpenOptions::new()
            .create(true)
            .append(true)
            .open(directory.join("log"))
            .unwrap();
        let mut command = Command::new(program());
        command
            .arg("--config-file")
            .arg(&config)
            .stdin(Stdio::null())
            .stdout(log.try_clone().unwrap())
            .stderr(log);
        self.process = Some(command.spawn().unwrap());
        let begun = Instant::now();
        for port in [*ingress, *admin] {
            while !is_healthy(port).await {
                assert!(
                    begun.elapsed() < Duration::from_secs(30),
                    "the server does not start: {}",
                    self.log()
                );
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        }
    }

    /// What the server has said.
    pub(crate) fn log(&self) -> String {
        fs::read_to_string(self.directory.path().join("log")).unwrap_or_default()
    }

    pub(crate) fn admin(&self) -> String {
        format!("http://127.0.0.1:{}", self.admin)
    }

    pub(crate) fn ingress(&self) -> String {
        format!("http://127.0.0.1:{}", self.ingress)
    }

    pub(crate) fn client(&self) -> Client {
        Client::new(&self.ingress())
    }

    /// Runs a worker in this process, and registers it.
    pub(crate) async fn serve(&self, worker: Worker) -> Serving {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let task = tokio::spawn(async move { worker.serve_on(listener).await.unwrap() });
        self.register(&format!("http://{address}")).await;
        Serving(task.abort_handle())
    }

    pub(crate) async fn register(&self, worker: &str) {
        let begun = Instant::now();
        while let Err(error) = flow_restate::register(&self.admin(), worker).await {
            assert!(
                begun.elapsed() < Duration::from_secs(20),
                "it is not registered: {error}: {:?}",
                std::error::Error::source(&error)
            );
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }
}

async fn is_healthy(port: u16) -> bool {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    let Ok(mut stream) = tokio::net::TcpStream::connect(("127.0.0.1", port)).await else {
        return false;
    };
    let path = ["/restate/health", "/health"];
    let mut is_healthy = false;
    for path in path {
        let request =
            format!("GET {path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n");
        let mut reply = String::new();
        if stream.write_all(request.as_bytes()).await.is_ok() {
            let _cut = stream.read_to_string(&mut reply).await;
        }
        is_healthy |= reply.starts_with("HTTP/1.1 200");
        match tokio::net::TcpStream::connect(("127.0.0.1", port)).await {
            Ok(again) => stream = again,
            Err(_gone) => return false,
        }
    }
    is_healthy
}

impl Drop for Server {
    fn drop(&mut self) {
        if std::thread::panicking() {
            let log = self.log();
            let from = log.len().saturating_sub(4000);
            eprintln!(
                "the end of the server's log:\n{}",
                log.get(from..).unwrap_or(&log)
            );
        }
        self.kill();
    }
}

/// A worker that runs in this process until this is dropped.
pub(crate) struct Serving(AbortHandle);

impl Drop for Serving {
    fn drop(&mut self) {
        self.0.abort();
    }
}
