//! A hundred tasks that each answer with their input. All answers go through one channel.

use std::time::{Duration, Instant};

use tokio::sync::mpsc;

use crate::arrived;

pub(super) async fn join(times: u32) -> Duration {
    let (answer, mut answers) = mpsc::unbounded_channel();
    let branches: Vec<_> = (0..100)
        .map(|_| {
            let (call, mut calls) = mpsc::unbounded_channel::<u32>();
            let answer = answer.clone();
            tokio::spawn(async move {
                while let Some(left) = calls.recv().await {
                    if answer.send(left).is_err() {
                        return;
                    }
                }
            });
            call
        })
        .collect();
    let caller = tokio::spawn(async move {
        let mut results = Vec::with_capacity(100);
        let mut left = times;
        while left > 0 {
            for branch in &branches {
                branch.send(left).expect("the branches listen");
            }
            results.clear();
            while results.len() < 100 {
                let missing = 100 - results.len();
                answers.recv_many(&mut results, missing).await;
            }
            left = arrived::joined(&results) - 1;
        }
    });

    let start = Instant::now();
    caller.await.expect("no task fails");
    start.elapsed()
}
