//! An answer that comes when an execution was just loaded, and its question was not come to again.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use flow_core::durable::Logged;
use flow_restate::{Client, Worker};
use futures::TryStreamExt;
use tokio::io::{AsyncReadExt, AsyncWriteExt, copy};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;
use tokio::task::JoinSet;
use tokio::time::timeout;

use crate::flows::{Beside, Gate, Gated};
use crate::server::Server;

/// A limit for what hangs.
const GUARD: Duration = Duration::from_secs(60);

/// What is asked of executions, between a client and the server.
struct Wire {
    address: SocketAddr,
    /// How many requests there were that ask something of an execution.
    asks: Arc<AtomicUsize>,
    #[allow(dead_code, reason = "its drop closes the connections")]
    connections: JoinSet<()>,
}

impl Wire {
    async fn to(ingress: String) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let asks = Arc::new(AtomicUsize::new(0));
        let mut connections = JoinSet::new();
        connections.spawn({
            let asks = Arc::clone(&asks);
            async move {
                let mut pairs = JoinSet::new();
                while let Ok((client, _)) = listener.accept().await {
                    let server = TcpStream::connect(&ingress).await.unwrap();
                    let asks = Arc::clone(&asks);
                    pairs.spawn(async move {
                        let (mut requests, mut to_client) = client.into_split();
                        let (mut responses, mut to_server) = server.into_split();
                        let requests = async move {
                            let mut read = vec![0; 1 << 16];
                            while let Ok(length @ 1..) = requests.read(&mut read).await {
                                let text = String::from_utf8_lossy(&read[..length]);
                                let count = text.matches("/ask HTTP/1.1").count();
                                asks.fetch_add(count, Ordering::Relaxed);
                                to_server.write_all(&read[..length]).await.unwrap();
                            }
                        };
                        let responses = copy(&mut responses, &mut to_client);
                        let ((), _closed) = futures::join!(requests, responses);
                    });
                }
            }
        });
        Self {
            address,
            asks,
            connections,
        }
    }

    fn asks(&self) -> usize {
        self.asks.load(Ordering::Relaxed)
    }
}

#[tokio::test]
async fn an_answer_that_comes_before_its_question_is_come_to_again_is_repeated() {
    let server = Server::start().await;
    let (gate, other_gate) = (Gate::default(), Gate::default());
    let worker = || {
        let worker = Worker::new().flow(Beside::new().with(gate.clone()));
        worker.flow(Gated::new().with(other_gate.clone()))
    };
    let (stop, stopped) = oneshot::channel();
    let closes = async {
        let _stopped = stopped.await;
    };
    let first = server.serve(worker().close_on(closes, GUARD)).await;
    let ingress = server.ingress().trim_start_matches("http://").to_owned();
    let wire = Wire::to(ingress).await;
    let client = Client::new(&format!("http://{}", wire.address));
    let other = client.executions::<Gated>().start("1", 1).await.unwrap();
    let execution = client.executions::<Beside>().start("1", 1).await.unwrap();
    let asked = execution.items(None).try_next().await.unwrap();
    let Some(Logged::Item { item: asked, .. }) = asked else {
        panic!("it asks first: {asked:?}");
    };
    gate.begun(1).await;
    other_gate.begun(1).await;

    // The worker closes, and the execution leaves it between the end of a stage and what follows
    // from that. For the other execution, the desks are still served.
    stop.send(()).unwrap();
    gate.open();
    server.fails("Beside", "this worker closes").await;
    let before = wire.asks();
    let answering = tokio::spawn({
        let execution = execution.clone();
        async move { execution.answer(asked.id, &true).await }
    });
    server.has_row("Beside.desk", "request/").await;
    // The next worker has the answer as it loads the execution. The question waits there until it
    // is recorded that the other stage is over.
    other_gate.open();
    let address = timeout(GUARD, first.closed()).await.expect("it closes");
    let _next = server.serve_at(worker(), address);
    timeout(GUARD, answering).await.unwrap().unwrap().unwrap();
    let times = wire.asks() - before;
    assert!(times > 1, "it has not come too early");
    assert!(execution.output().await.unwrap());
    assert_eq!(other.output().await.unwrap(), 1);
    assert_eq!((gate.times(), other_gate.times()), (1, 1));
}
