//! A worker with an identity key takes only what its server has signed.

use std::error::Error;
use std::time::Duration;

use flow_core::durable::Status;
use flow_restate::Worker;

use crate::flows::{Gate, Gated};
use crate::server::Server;

#[tokio::test]
async fn only_requests_that_the_server_has_signed_are_taken() {
    let ((server, key), (other, other_key)) =
        tokio::join!(Server::start_signing(), Server::start_signing());
    assert_ne!(key, other_key);
    let unsigned = Server::start().await;
    let gate = Gate::default();
    let worker = |key: &str| {
        let worker = Worker::new().flow(Gated::new().with(gate.clone()));
        worker.identity_key(key)
    };
    let serving = server.serve(worker(&key)).await;
    let execution = server.client().executions::<Gated>();
    let execution = execution.start("1", 1).await.unwrap();
    gate.begun(1).await;

    // Others are not even told which flows there are.
    let address = format!("http://{}", serving.address());
    for other in [&unsigned, &other] {
        let refused = flow_restate::register(&other.admin(), &address).await;
        let why = refused.unwrap_err().source().unwrap().to_string();
        assert!(why.contains("401"), "{why}");
    }

    // In its place comes one that takes the requests of the other server.
    let address = serving.crash().await;
    let wrong = server.serve_at(worker(&other_key), address);
    server.fails("Gated", "401").await;
    assert_eq!(gate.times(), 1, "its requests were refused");
    wrong.crash().await;
    let serving = server.serve_at(worker(&key), address);
    gate.begun(2).await;
    gate.open();
    assert_eq!(execution.output().await.unwrap(), 1);
    assert!(matches!(execution.status().await.unwrap(), Status::Done(1)));
    drop(serving);
}

#[tokio::test]
async fn what_is_no_key_is_told_at_once() {
    let worker = Worker::new().identity_key("publickeyv1_short");
    let serving = worker.serve("127.0.0.1:0");
    let refused = tokio::time::timeout(Duration::from_secs(10), serving).await;
    let refused = refused.unwrap().unwrap_err().to_string();
    assert!(refused.contains("identity key"), "{refused}");
}
