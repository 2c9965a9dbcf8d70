//! A task that chooses one of ten others by a value. The chosen one requests the next value.

use std::time::{Duration, Instant};

use tokio::sync::mpsc;

use crate::arrived;

pub(super) async fn choice(times: u32) -> Duration {
    let (again, mut values) = mpsc::unbounded_channel();
    let arms: Vec<_> = (0..10)
        .map(|own| {
            let (call, mut calls) = mpsc::unbounded_channel::<u32>();
            let again = again.clone();
            tokio::spawn(async move {
                while let Some(left) = calls.recv().await {
                    arrived::chosen(left, own);
                    if again.send(left - 1).is_err() {
                        return;
                    }
                }
            });
            call
        })
        .collect();
    let chooser = tokio::spawn(async move {
        while let Some(left @ 1..) = values.recv().await {
            let arm = arms.get(left as usize % 10).expect("there are ten");
            arm.send(left).expect("the arms listen");
        }
    });

    let start = Instant::now();
    again.send(times).expect("the chooser listens");
    chooser.await.expect("no task fails");
    start.elapsed()
}
