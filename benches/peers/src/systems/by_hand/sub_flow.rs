//! Three tasks in a row. Another task sends them a value, waits for the result, and passes it on.

use std::iter;
use std::time::{Duration, Instant};

use tokio::sync::{mpsc, oneshot};

use crate::arrived;

/// A value, and the channel for the result of the last task.
type Request = (u32, oneshot::Sender<u32>);

/// Starts the three tasks, and returns the sender of the first.
fn three() -> mpsc::UnboundedSender<Request> {
    let (last, mut requests) = mpsc::unbounded_channel::<Request>();
    tokio::spawn(async move {
        while let Some((left, answer)) = requests.recv().await {
            arrived::one();
            if answer.send(left).is_err() {
                return;
            }
        }
    });
    let before = |next: mpsc::UnboundedSender<Request>| {
        let (stage, mut requests) = mpsc::unbounded_channel();
        tokio::spawn(async move {
            while let Some(request) = requests.recv().await {
                arrived::one();
                if next.send(request).is_err() {
                    return;
                }
            }
        });
        stage
    };
    iter::successors(Some(last), |next| Some(before(next.clone())))
        .nth(2)
        .expect("the last, and two before it")
}

pub(super) async fn sub_flow(times: u32) -> Duration {
    let (open, mut opening) = mpsc::unbounded_channel();
    let (close, mut closing) = mpsc::unbounded_channel();
    let first = three();
    tokio::spawn(async move {
        while let Some(left) = opening.recv().await {
            arrived::one();
            let (answer, answered) = oneshot::channel();
            first.send((left, answer)).expect("the three listen");
            let left = answered.await.expect("the three answer");
            if close.send(left).is_err() {
                return;
            }
        }
    });
    let again = open.clone();
    let last = tokio::spawn(async move {
        while let Some(left) = closing.recv().await {
            arrived::one();
            if left == 1 || again.send(left - 1).is_err() {
                return;
            }
        }
    });

    let start = Instant::now();
    open.send(times).expect("the first task listens");
    last.await.expect("no task fails");
    start.elapsed()
}
