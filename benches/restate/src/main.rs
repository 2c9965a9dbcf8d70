//! Steps of a flow on Restate, beside the same loop by hand on Restate's own SDK, in one run and on
//! one server, and how long items take to their reader: `npm ci --prefix
//! flow-restate/tests/server`, install `nats-server`, then
//! `cargo run --release --manifest-path benches/restate/Cargo.toml`.
//!
//! Server, worker and client share the processors, so the rates are lower bounds. The server syncs
//! its log to the disk for each step.

#[path = "../../../flow-restate/tests/restate/server.rs"]
#[allow(dead_code, reason = "the tests use the rest")]
mod server;

mod items;
#[path = "../../../flow-restate/tests/streams/nats.rs"]
mod nats;

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use flow_core::{Cx, Event, Res, flow, handler};
use flow_restate::Worker;
use futures::StreamExt;
use futures::stream::FuturesUnordered;
use hyper_util::rt::{TokioExecutor, TokioIo};
use restate_sdk::prelude::*;
use serde::{Deserialize, Serialize};

use crate::server::Server;

/// When each body has begun, and ended.
#[derive(Clone, Default)]
struct Times(Arc<Mutex<Vec<(Instant, Instant)>>>);

impl Times {
    /// A body.
    fn step(&self) {
        let begun = Instant::now();
        self.0.lock().unwrap().push((begun, Instant::now()));
    }

    /// From the end of one body to the begin of the next, at the median and at the 99th percentile.
    fn between(&self) -> (Duration, Duration) {
        let times = std::mem::take(&mut *self.0.lock().unwrap());
        let mut between: Vec<_> = times.windows(2).map(|pair| pair[1].0 - pair[0].1).collect();
        between.sort_unstable();
        (
            between[between.len() / 2],
            between[between.len() * 99 / 100],
        )
    }
}

#[derive(Clone, Debug, Event, Serialize, Deserialize)]
struct Step(u32);

#[derive(Clone, Debug, Event, Serialize, Deserialize)]
struct Over(u32);

#[handler]
async fn begin(steps: u32) -> Step {
    Step(steps)
}

#[handler(on = Step, emits = [Step, Over])]
async fn step(Step(left): Step, times: Res<Times>, cx: &Cx) {
    times.step();
    if left > 1 {
        cx.emit(Step(left - 1));
    } else {
        cx.emit(Over(0));
    }
}

flow! {
    flow Loop(u32) -> u32;
    durable;
    with Times;
    start -> begin -> emit;
    when Step -> step;
    when Over -> |Over(left): Over| left -> end;
}

/// The same by hand: an object that keeps what is left, and a new invocation every 64 steps.
struct Bare(Times);

#[restate_sdk::object]
impl Bare {
    #[handler]
    async fn run(&self, ctx: ObjectContext<'_>, left: u32) -> HandlerResult<()> {
        let mut left = left;
        for _ in 0..64 {
            let times = self.0.clone();
            let step = async move || -> HandlerResult<u32> {
                times.step();
                Ok(left - 1)
            };
            left = ctx.run(step).await?;
            ctx.set("left", left);
            if left == 0 {
                return Ok(());
            }
        }
        ctx.object_client::<BareClient>(ctx.key()).run(left).send();
        Ok(())
    }

    #[handler]
    async fn left(&self, ctx: SharedObjectContext<'_>) -> HandlerResult<u32> {
        Ok(ctx.get("left").await?.unwrap_or(u32::MAX))
    }
}

async fn serve_bare(server: &Server, times: Times) {
    let endpoint = Endpoint::builder().bind(Bare(times)).build();
    let endpoint = restate_sdk::hyper::HyperEndpoint::new(endpoint);
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        loop {
            let (stream, _) = listener.accept().await.unwrap();
            stream.set_nodelay(true).unwrap();
            let mut http = hyper::server::conn::http2::Builder::new(TokioExecutor::new());
            http.initial_connection_window_size(64 << 20)
                .initial_stream_window_size(16 << 20);
            tokio::spawn(http.serve_connection(TokioIo::new(stream), endpoint.clone()));
        }
    });
    server.register(&format!("http://{address}")).await;
}

/// Runs one execution of the loop by hand.
async fn bare(server: &Server, key: &str, steps: u32) {
    let at = |handler: &str| format!("/Bare/{key}/{handler}");
    server.post(&at("run/send"), &steps.to_string()).await;
    while server.post(&at("left"), "").await != "0" {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

#[tokio::main(flavor = "multi_thread", worker_threads = 2)]
async fn main() {
    let server = Server::start().await;
    let (by_flow, by_hand) = (Times::default(), Times::default());
    let worker = Worker::new().flow(Loop::new().with(by_flow.clone()));
    let _serving = server.serve(worker).await;
    serve_bare(&server, by_hand.clone()).await;
    let loops = server.client().executions::<Loop>();
    let run = async |id: String, steps: u32| {
        let execution = loops.start(&id, steps).await.unwrap();
        execution.output().await.unwrap();
    };

    println!("| round | a lone step | by hand | ratio | 99 % | by hand |");
    println!("| --- | ---: | ---: | ---: | ---: | ---: |");
    for round in 0..6 {
        run(format!("lone-{round}"), 1000).await;
        let (flow, slow_flow) = by_flow.between();
        bare(&server, &format!("lone-{round}"), 1000).await;
        let (hand, slow_hand) = by_hand.between();
        println!(
            "| {round} | {flow:.2?} | {hand:.2?} | {:.2} | {slow_flow:.2?} | {slow_hand:.2?} |",
            flow.as_secs_f64() / hand.as_secs_f64()
        );
    }

    println!("\n| round | calls a second, 50 executions | by hand |");
    println!("| --- | ---: | ---: |");
    let (executions, steps) = (50, 200);
    for round in 0..4 {
        let begun = Instant::now();
        let mut all: FuturesUnordered<_> = (0..executions)
            .map(|number| run(format!("{round}-{number}"), steps))
            .collect();
        while all.next().await.is_some() {}
        let flow = f64::from(executions * steps) / begun.elapsed().as_secs_f64();
        let begun = Instant::now();
        let keys: Vec<_> = (0..executions)
            .map(|number| format!("{round}-{number}"))
            .collect();
        let mut all: FuturesUnordered<_> =
            keys.iter().map(|key| bare(&server, key, steps)).collect();
        while all.next().await.is_some() {}
        let hand = f64::from(executions * steps) / begun.elapsed().as_secs_f64();
        println!("| {round} | {flow:.0} | {hand:.0} |");
    }
    items::measure(&server).await;
}
