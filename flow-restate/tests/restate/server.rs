//! A server of Restate, in a directory of its own.

use std::fs;
use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU16, Ordering};
use std::time::{Duration, Instant};

use flow_restate::{Client, Worker};
use tempfile::TempDir;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpSocket, TcpStream};
use tokio::task::JoinHandle;

/// Where `npm` puts the server, from a package of the repository.
const MODULES: &str = if cfg!(test) {
    "tests/server/node_modules"
} else {
    "../../flow-restate/tests/server/node_modules"
};

/// The file of the key with which a server signs its requests.
const KEY: &str = "key.pem";

/// Kills the server when it is dropped.
pub(crate) struct Server {
    directory: TempDir,
    process: Option<Child>,
    ingress: u16,
    admin: u16,
    node: u16,
    /// The ports of all nodes of its cluster, of which the first founds it.
    cluster: Vec<u16>,
}

/// A port that nothing listens at, now and when its server is started again: connections begin at
/// higher ones, and no two tests get the same.
pub(crate) fn free_port() -> u16 {
    static GIVEN: AtomicU16 = AtomicU16::new(0);
    let first = u16::try_from(std::process::id() % 1000).unwrap() * 10;
    loop {
        let given = GIVEN.fetch_add(1, Ordering::Relaxed);
        let port = 20_000 + (first + given) % 12_000;
        if TcpListener::bind(("127.0.0.1", port)).is_ok() {
            return port;
        }
    }
}

/// An Ed25519 key as the server reads it: PKCS #8 in PEM.
fn private_key(seed: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    const BEFORE: [u8; 16] = [
        0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04,
        0x20,
    ];
    let bytes = [&BEFORE, seed].concat();
    let digits = bytes.chunks(3).flat_map(|three| {
        let bits = three
            .iter()
            .fold(0, |bits, byte| bits << 8 | usize::from(*byte));
        [18, 12, 6, 0].map(|shift| char::from(DIGITS[bits >> shift & 63]))
    });
    let digits: String = digits.collect();
    format!("-----BEGIN PRIVATE KEY-----\n{digits}\n-----END PRIVATE KEY-----\n")
}

fn program() -> PathBuf {
    if let Some(program) = std::env::var_os("RESTATE_SERVER") {
        return program.into();
    }
    let modules = Path::new(env!("CARGO_MANIFEST_DIR")).join(MODULES);
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
        let mut server = Self::new();
        server.restart().await;
        server
    }

    /// One that signs its requests. Returns the key to check them.
    pub(crate) async fn start_signing() -> (Self, String) {
        let mut server = Self::new();
        let seed: Vec<u8> = std::iter::repeat_with(|| fastrand::u8(..))
            .take(32)
            .collect();
        fs::write(server.directory.path().join(KEY), private_key(&seed)).unwrap();
        server.restart().await;
        let log = server.log();
        let begin = log.find("publickeyv1_").expect(&log);
        let key = log[begin..].split(|end: char| end != '_' && !end.is_ascii_alphanumeric());
        let key = key.into_iter().next().unwrap().to_owned();
        (server, key)
    }

    fn new() -> Self {
        Self {
            directory: tempfile::tempdir().unwrap(),
            process: None,
            ingress: free_port(),
            admin: free_port(),
            node: free_port(),
            cluster: Vec::new(),
        }
    }

    /// Three servers that are one, and go on without one of them.
    pub(crate) async fn start_cluster() -> [Self; 3] {
        let mut nodes = [Self::new(), Self::new(), Self::new()];
        let cluster: Vec<_> = nodes.iter().map(|node| node.node).collect();
        for node in &mut nodes {
            node.cluster.clone_from(&cluster);
            node.spawn();
        }
        for node in &nodes {
            node.is_ready().await;
        }
        nodes
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
        self.spawn();
        self.is_ready().await;
    }

    fn spawn(&mut self) {
        self.kill();
        let directory = self.directory.path();
        let config = directory.join("config.toml");
        let Self {
            ingress,
            admin,
            node,
            cluster,
            ..
        } = &*self;
        let key = directory.join(KEY);
        let key = if key.exists() {
            format!(
                "request-identity-private-key-pem-file = '{}'\n",
                key.display()
            )
        } else {
            String::new()
        };
        let addresses = |cluster: &[u16]| {
            let addresses = cluster.iter();
            let addresses = addresses.map(|node| format!("\"http://127.0.0.1:{node}\""));
            addresses.collect::<Vec<_>>().join(", ")
        };
        let (mut of_cluster, mut metadata) = (String::new(), String::new());
        if let Some(founder) = cluster.first() {
            of_cluster = format!(
                "cluster-name = \"three\"\n\
                 auto-provision = {}\n\
                 default-replication = 2\n",
                founder == node
            );
            metadata = format!("[metadata-client]\naddresses = [{}]\n", addresses(cluster));
        }
        // Short of attempts and of time, unless a worker says how it is to be treated.
        let text = format!(
            "{key}\
             base-dir = '{}'\n\
             node-name = \"node-{node}\"\n\
             {of_cluster}\
             bind-address = \"127.0.0.1:{node}\"\n\
             advertised-address = \"http://127.0.0.1:{node}\"\n\
             disable-telemetry = true\n\
             listen-mode = \"tcp\"\n\
             default-num-partitions = 4\n\
             rocksdb-total-memory-size = \"256 MB\"\n\
             log-disable-ansi-codes = true\n\
             {metadata}\
             [default-retry-policy]\n\
             initial-interval = \"50ms\"\n\
             max-attempts = 3\n\
             on-max-attempts = \"pause\"\n\
             [worker.invoker]\n\
             inactivity-timeout = \"1s\"\n\
             abort-timeout = \"1s\"\n\
             http2-keep-alive-interval = \"1s\"\n\
             http2-keep-alive-timeout = \"1s\"\n\
             [ingress]\n\
             bind-address = \"127.0.0.1:{ingress}\"\n\
             [admin]\n\
             bind-address = \"127.0.0.1:{admin}\"\n",
            directory.join("data").display()
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
    }

    async fn is_ready(&self) {
        let begun = Instant::now();
        for port in [self.ingress, self.admin] {
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

    /// What the server measures under this name: the sum, if there are several.
    async fn measures(&self, name: &str) -> Option<f64> {
        let (_, metrics) = http(self.node, "GET", "/metrics", "").await.ok()?;
        let lines = metrics.lines().filter_map(|line| line.strip_prefix(name));
        let values = lines.filter_map(|rest| match rest.as_bytes().first()? {
            b' ' | b'{' => rest.rsplit(' ').next()?.parse::<f64>().ok(),
            _ => None,
        });
        values.reduce(|sum, value| sum + value)
    }

    /// Waits until this node of a cluster knows what the others do, and has all partitions.
    pub(crate) async fn catches_up(&self, others: &[&Self]) {
        const METADATA: &str = "restate_metadata_server_replicated";
        let begun = Instant::now();
        loop {
            let mut known = Vec::new();
            for other in others {
                known.push(other.measures(&format!("{METADATA}_committed_lsn")).await);
            }
            let known = known.into_iter().flatten().reduce(f64::max);
            let own = self.measures(&format!("{METADATA}_applied_lsn")).await;
            let leader = self.measures(&format!("{METADATA}_leader_id")).await;
            let unknown = "restate_partition_num_unknown_applied_lsn_lag";
            let unknown = self.measures(unknown).await;
            if own.is_some_and(|own| known.is_some_and(|known| own >= known))
                && leader.is_some_and(|leader| leader > 0.0)
                && unknown == Some(0.0)
            {
                return;
            }
            assert!(
                begun.elapsed() < Duration::from_secs(60),
                "it stays behind: {own:?} of {known:?}, leader {leader:?}, partitions {unknown:?}"
            );
            tokio::time::sleep(Duration::from_millis(20)).await;
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
        let serving = self.serve_at(worker, ([127, 0, 0, 1], 0).into());
        self.register(&format!("http://{}", serving.address)).await;
        serving
    }

    /// Runs a worker in this process, where one was before.
    pub(crate) fn serve_at(&self, worker: Worker, address: SocketAddr) -> Serving {
        let socket = TcpSocket::new_v4().unwrap();
        socket.set_reuseaddr(true).unwrap();
        socket.bind(address).unwrap();
        let listener = socket.listen(1024).unwrap();
        let address = listener.local_addr().unwrap();
        let serves = async move { worker.serve_on(listener).await.unwrap() };
        Serving {
            address,
            task: Some(tokio::spawn(serves)),
        }
    }

    /// The response of the ingress.
    pub(crate) async fn post(&self, path: &str, body: &str) -> String {
        let (status, reply) = http(self.ingress, "POST", path, body).await.unwrap();
        assert!((200..300).contains(&status), "{path}: {status}: {reply}");
        reply
    }

    /// What the server knows of invocations that have not ended.
    pub(crate) async fn invocations(&self) -> String {
        let query = "{\"query\":\"SELECT target, status, retry_count, last_failure, created_at \
                     FROM sys_invocation WHERE status != 'completed'\"}";
        http(self.admin, "POST", "/query", query).await.unwrap().1
    }

    /// Waits until an invocation of this object has failed for such a reason.
    pub(crate) async fn fails(&self, object: &str, why: &str) {
        let query = format!(
            "SELECT last_failure FROM sys_invocation WHERE target_service_name = '{object}'"
        );
        self.finds(&query, why).await;
    }

    /// Waits until the state of this object has a row whose key contains this.
    pub(crate) async fn has_row(&self, object: &str, key: &str) {
        let query = format!("SELECT key FROM state WHERE service_name = '{object}'");
        self.finds(&query, key).await;
    }

    /// Waits until the server finds this.
    async fn finds(&self, query: &str, what: &str) {
        let query = serde_json::json!({ "query": query }).to_string();
        let begun = Instant::now();
        loop {
            let (_, found) = http(self.admin, "POST", "/query", &query).await.unwrap();
            if found.contains(what) {
                return;
            }
            assert!(begun.elapsed() < Duration::from_secs(20), "{found}");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// Ends the invocations of this object that run: by `cancel` or by `kill`.
    pub(crate) async fn end_invocations(&self, object: &str, how: &str) {
        let query = format!(
            "{{\"query\":\"SELECT id FROM sys_invocation WHERE target_service_name = '{object}' \
             AND status = 'running'\"}}"
        );
        let (_, found) = http(self.admin, "POST", "/query", &query).await.unwrap();
        let found: serde_json::Value = serde_json::from_str(&found).expect(&found);
        let rows = found["rows"].as_array().unwrap();
        assert!(!rows.is_empty(), "something runs");
        for row in rows {
            let path = format!("/invocations/{}/{how}", row["id"].as_str().unwrap());
            let (status, reply) = http(self.admin, "PATCH", &path, "").await.unwrap();
            assert!((200..300).contains(&status), "{reply}");
        }
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

/// The body of the response to this request.
async fn http(port: u16, method: &str, path: &str, body: &str) -> std::io::Result<(u16, String)> {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).await?;
    let content = match body {
        "" => String::new(),
        _ => format!(
            "accept: application/json\r\ncontent-type: application/json\r\ncontent-length: {}\r\n",
            body.len()
        ),
    };
    // In a later version, the body may come in chunks.
    let request = format!("{method} {path} HTTP/1.0\r\nhost: localhost\r\n{content}\r\n{body}");
    stream.write_all(request.as_bytes()).await?;
    let mut reply = String::new();
    stream.read_to_string(&mut reply).await?;
    let status = reply
        .split(' ')
        .nth(1)
        .and_then(|status| status.parse().ok());
    let body = reply
        .split_once("\r\n\r\n")
        .map(|(_, body)| body.to_owned());
    Ok((status.unwrap_or_default(), body.unwrap_or_default()))
}

async fn is_healthy(port: u16) -> bool {
    for path in ["/restate/health", "/health"] {
        if let Ok((200, _)) = http(port, "GET", path, "").await {
            return true;
        }
    }
    false
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
pub(crate) struct Serving {
    address: SocketAddr,
    task: Option<JoinHandle<()>>,
}

impl Serving {
    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    /// Waits until it has closed.
    pub(crate) async fn closed(mut self) -> SocketAddr {
        if let Some(task) = self.task.take() {
            task.await.unwrap();
        }
        self.address
    }

    /// Stops it, as a crash does, and returns when its listener is closed.
    pub(crate) async fn crash(mut self) -> SocketAddr {
        if let Some(task) = self.task.take() {
            task.abort();
            let _aborted = task.await;
        }
        self.address
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        if let Some(task) = &self.task {
            task.abort();
        }
    }
}
