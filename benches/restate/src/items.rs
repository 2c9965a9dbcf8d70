//! How long items take from the handler to their reader, at the server of Restate and through NATS
//! JetStream.

use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use async_nats::jetstream;
use flow_core::durable::{Executions, Logged};
use flow_core::{Cx, Event, flow, handler};
use flow_restate::{Client, Worker};
use futures::TryStreamExt;
use serde::{Deserialize, Serialize};

use crate::nats::NatsServer;
use crate::server::Server;

#[derive(Clone, Debug, Event, Serialize, Deserialize)]
struct Next(u32);

#[derive(Clone, Debug, Event, Serialize, Deserialize)]
struct Last;

/// In microseconds since 1970.
fn now() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    u64::try_from(since.as_micros()).unwrap()
}

#[handler(on = Next, emits = [Next, Last], streams = u64)]
async fn tick(Next(left): Next, cx: &Cx) {
    tokio::time::sleep(Duration::from_millis(5)).await;
    cx.put(now()).await;
    if left > 1 {
        cx.emit(Next(left - 1));
    } else {
        cx.emit(Last);
    }
}

flow! {
    /// Puts the time, in a call each.
    flow Ticks(u32) streams u64;
    durable;
    start -> |left: u32| Next(left) -> emit;
    when Next -> tick;
    when Last -> ignore;
}

#[handler(streams = u64)]
async fn burst(items: u32, cx: &Cx) {
    for _ in 0..items {
        cx.put(now()).await;
    }
}

flow! {
    /// Puts the time so often, in one call.
    flow Burst(u32) streams u64;
    durable;
    start -> burst;
}

fn worker() -> Worker {
    Worker::new().flow(Ticks::new()).flow(Burst::new())
}

/// The median and the 99th percentile.
fn percentiles(mut times: Vec<u64>) -> (u64, u64) {
    times.sort_unstable();
    (times[times.len() / 2], times[times.len() * 99 / 100])
}

/// Reads all items, and returns when each was put and read.
async fn times(client: &Client, id: &str, ticks: u32) -> Vec<(u64, u64)> {
    let executions: Executions<Ticks> = client.executions();
    let mut items = executions.start(id, ticks).await.unwrap().items(None);
    let mut times = Vec::new();
    while let Some(entry) = items.try_next().await.unwrap() {
        let Logged::Item { item, .. } = entry else {
            panic!("{entry:?}");
        };
        times.push((item, now()));
    }
    times
}

/// Reads the items of many executions that put as fast as they can. Returns how many came in a
/// second.
async fn rate(client: &Client, id: &str) -> f64 {
    let executions: Executions<Burst> = client.executions();
    let begun = Instant::now();
    let all = (0..20).map(async |number| {
        let id = format!("{id}-{number}");
        let execution = executions.start(&id, 1000).await?;
        let items = execution.items(None);
        items.try_fold(0, async |count, _| Ok(count + 1)).await
    });
    let counts = futures::future::try_join_all(all).await.unwrap();
    f64::from(counts.iter().sum::<u32>()) / begun.elapsed().as_secs_f64()
}

pub(crate) async fn measure(server: &Server) {
    println!("\n| items, one each 5 ms | put to read | 99 % | published to read | 99 % |");
    println!("| --- | ---: | ---: | ---: | ---: |");
    let _serving = server.serve(worker()).await;
    let client = server.client();
    for round in 0..3 {
        let times = times(&client, &format!("desk-{round}"), 500).await;
        let (median, slow) = percentiles(times.iter().map(|(put, read)| read - put).collect());
        println!("| at the server of Restate | {median} us | {slow} us | | |");
    }
    let at_desk = rate(&client, "desk").await;

    let nats = NatsServer::start().await;
    let streams = nats.connect().await;
    let _serving = server.serve(worker().streams(streams.clone())).await;
    let client = server.client().streams(streams);
    let stream = jetstream::new(nats.client().await);
    let stream = stream.get_stream("flow").await.unwrap();
    let mut sequence = 0;
    for round in 0..3 {
        let times = times(&client, &format!("nats-{round}"), 500).await;
        let (median, slow) = percentiles(times.iter().map(|(put, read)| read - put).collect());
        // Each item was published alone, and the server of NATS has noted when.
        let mut lags = Vec::new();
        for (_, read) in &times {
            sequence += 1;
            let message = stream.get_raw_message(sequence).await.unwrap();
            let published = message.time.unix_timestamp_nanos() / 1000;
            lags.push(read.saturating_sub(u64::try_from(published).unwrap()));
        }
        let (lag, slow_lag) = percentiles(lags);
        println!("| through NATS | {median} us | {slow} us | {lag} us | {slow_lag} us |");
    }
    let by_nats = rate(&client, "nats").await;
    println!("\n| 20 executions with 1000 items in a call each | items a second |");
    println!("| --- | ---: |");
    println!("| at the server of Restate | {at_desk:.0} |");
    println!("| through NATS | {by_nats:.0} |");
}
