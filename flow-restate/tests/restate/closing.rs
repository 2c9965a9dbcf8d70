//! Workers that close in peace.

use std::time::{Duration, Instant};

use flow_restate::Worker;
use futures::TryStreamExt;
use tokio::sync::oneshot;
use tokio::time::timeout;

use crate::flows::{Bank, Gate, Gated, Numbers, Order, Total};
use crate::server::Server;

/// A limit for what hangs.
const GUARD: Duration = Duration::from_secs(30);

/// The worker closes within this time after the sender is used.
fn closing(worker: Worker, within: Duration) -> (Worker, oneshot::Sender<()>) {
    let (stop, stops) = oneshot::channel();
    let stops = async {
        let _dropped = stops.await;
    };
    (worker.close_on(stops, within), stop)
}

#[tokio::test]
async fn a_call_that_runs_is_finished_and_the_rest_goes_on_elsewhere() {
    let server = Server::start().await;
    let gate = Gate::default();
    let bank = Bank::default();
    let worker = || {
        let worker = Worker::new().flow(Gated::new().with(gate.clone()));
        worker.flow(Order::new().with(bank.clone()))
    };
    let (first, stop) = closing(worker(), GUARD);
    let first = server.serve(first).await;
    let gated = server.client().executions::<Gated>();
    let execution = gated.start("1", 1).await.unwrap();
    gate.begun(1).await;
    // One that is parked, and still in the memory of the worker.
    let orders = server.client().executions::<Order>();
    let order = orders.start("42", 700).await.unwrap();
    let asked = order.items(None).try_next().await.unwrap().unwrap();
    let flow_core::durable::Logged::Item { item: asked, .. } = asked else {
        panic!("it asks first");
    };

    stop.send(()).unwrap();
    // What comes from outside is taken also now, by the execution that runs there.
    execution.send("1", Numbers(1)).await.unwrap();
    gate.open();
    let address = timeout(GUARD, first.closed())
        .await
        .expect("it does not close");
    assert!(
        tokio::net::TcpStream::connect(address).await.is_err(),
        "nothing listens any more"
    );

    // Another one comes in its place.
    let _second = server.serve_at(worker(), address);
    assert_eq!(execution.output().await.unwrap(), 1);
    assert_eq!(gate.times(), 1, "the call was not made again");
    order.answer(asked.id, &true).await.unwrap();
    assert_eq!(order.output().await.unwrap(), "shipped for 700");
    assert_eq!(bank.charges(), 1);
}

#[tokio::test]
async fn an_execution_with_many_calls_to_make_leaves_between_two_of_them() {
    let server = Server::start().await;
    let gate = Gate::default();
    gate.open();
    let worker = || Worker::new().flow(Total::new().with(gate.clone()));
    let (first, stop) = closing(worker(), GUARD);
    let first = server.serve(first).await;
    let totals = server.client().executions::<Total>();
    let total = totals.start("1", 400).await.unwrap();
    let mut items = total.items(None);
    for _ in 0..10 {
        items.try_next().await.unwrap().unwrap();
    }
    let begun = Instant::now();
    stop.send(()).unwrap();
    let address = timeout(GUARD, first.closed())
        .await
        .expect("it does not close");
    println!("closed after {:?}", begun.elapsed());
    let _second = server.serve_at(worker(), address);
    let rest: Vec<_> = items.try_collect().await.unwrap();

    assert_eq!(rest.len(), 390, "no call was made again");
    assert_eq!(total.output().await.unwrap(), 1);
}

#[tokio::test]
async fn a_call_that_takes_too_long_is_made_again() {
    let server = Server::start().await;
    let gate = Gate::default();
    let worker = || Worker::new().flow(Gated::new().with(gate.clone()));
    let (first, stop) = closing(worker(), Duration::from_millis(300));
    let first = server.serve(first).await;
    let gated = server.client().executions::<Gated>();
    let execution = gated.start("1", 1).await.unwrap();
    gate.begun(1).await;
    let begun = Instant::now();
    stop.send(()).unwrap();
    let address = timeout(GUARD, first.closed())
        .await
        .expect("it does not close");
    assert!(begun.elapsed() >= Duration::from_millis(300));
    let _second = server.serve_at(worker(), address);
    gate.begun(2).await;
    gate.open();
    assert_eq!(execution.output().await.unwrap(), 1);
}
