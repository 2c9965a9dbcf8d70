//! A network that is cut, and a server that is gone when a time comes.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use flow_core::durable::Logged;
use flow_restate::Worker;
use futures::TryStreamExt;
use tokio::io::copy_bidirectional;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};

use crate::flows::{Anyone, Gate, Gated, Numbers, Signals};
use crate::server::Server;

/// A limit for what hangs.
const GUARD: Duration = Duration::from_secs(60);

/// A part of the network between the server and a worker.
struct Network {
    address: SocketAddr,
    /// How often it was cut.
    cuts: Arc<watch::Sender<u32>>,
    #[allow(dead_code, reason = "its drop closes the connections")]
    connections: JoinSet<()>,
}

impl Network {
    async fn to(worker: SocketAddr) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let cuts = Arc::new(watch::Sender::new(0));
        let mut connections = JoinSet::new();
        connections.spawn({
            let cuts = Arc::clone(&cuts);
            async move {
                let mut pairs = JoinSet::new();
                while let Ok((mut server, _)) = listener.accept().await {
                    let mut cuts = cuts.subscribe();
                    pairs.spawn(async move {
                        let mut worker = TcpStream::connect(worker).await.unwrap();
                        tokio::select! {
                            _closed = copy_bidirectional(&mut server, &mut worker) => {}
                            _cut = cuts.changed() => {
                                // Nothing comes through, and neither side is told.
                                sleep(GUARD).await;
                            }
                        }
                    });
                }
            }
        });
        Self {
            address,
            cuts,
            connections,
        }
    }

    /// What is connected hears nothing of the other side any more. New connections work.
    fn cut(&self) {
        self.cuts.send_modify(|cuts| *cuts += 1);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_worker_that_is_cut_off_runs_a_call_that_runs_elsewhere_and_the_flow_takes_one() {
    let server = Server::start().await;
    let gate = Gate::default();
    let worker = Worker::new().flow(Gated::new().with(gate.clone()));
    let serving = server.serve_at(worker, ([127, 0, 0, 1], 0).into());
    let network = Network::to(serving.address()).await;
    server
        .register(&format!("http://{}", network.address))
        .await;
    let gated = server.client().executions::<Gated>();
    let execution = gated.start("1", 1).await.unwrap();
    gate.begun(1).await;

    network.cut();
    let cut = Instant::now();
    timeout(GUARD, gate.begun(2))
        .await
        .expect("it is made again");
    println!("the call was made again {:?} after the cut", cut.elapsed());
    // Both run now. The one that the server knows goes on, also with what comes from outside.
    execution.send("a", Numbers(7)).await.unwrap();
    gate.open();
    let output = timeout(GUARD, execution.output()).await.unwrap();
    assert_eq!(output.unwrap(), 1);
    assert_eq!(gate.times(), 2);
    let items = execution.items(None).try_collect::<Vec<_>>().await.unwrap();
    let items = items.into_iter().filter_map(|entry| match entry {
        Logged::Item { item, .. } => Some(item),
        _ => None,
    });
    assert_eq!(items.collect::<Vec<_>>(), [7]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_time_that_passes_while_the_server_is_down_comes_when_it_is_back() {
    let mut server = Server::start().await;
    let within = Duration::from_secs(2);
    let flow = Signals::new().within_of::<Anyone>(within);
    let _serving = server
        .serve(Worker::new().flow(flow).park_after(Duration::ZERO))
        .await;
    let signals = server.client().executions::<Signals>();
    let execution = signals.start("1", 2).await.unwrap();
    while signals.by_id().questions("1").await.unwrap().is_empty() {
        sleep(Duration::from_millis(10)).await;
    }
    server.kill();
    sleep(2 * within).await;
    server.restart().await;
    let back = Instant::now();
    let output = timeout(GUARD, execution.output()).await.unwrap();
    assert_eq!(output.unwrap(), "late");
    println!("it came {:?} after the server was back", back.elapsed());
}
