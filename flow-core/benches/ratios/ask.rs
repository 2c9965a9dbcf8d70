//! A question in a stage that is answered at once.

use std::hint::black_box;

use flow_core::{Answered, Asked, Event, flow, handler};
use futures::TryStreamExt;
use tokio::sync::{mpsc, oneshot};

use crate::measure::{Row, compare, current_thread, timed};

const QUESTIONS: u32 = 50_000;

#[derive(Clone, Event)]
#[event(answer = u32)]
struct Question(u32);

#[handler]
async fn questions() -> Vec<Question> {
    (0..QUESTIONS).map(Question).collect()
}

#[handler]
async fn check(answered: Answered<Question>) {
    assert_eq!(answered.question.0, answered.answer);
}

async fn by_oneshot() {
    let (asks, mut asked) = mpsc::channel(64);
    let asking = async move {
        for n in 0..QUESTIONS {
            let (answer, answered) = oneshot::channel();
            if asks.send((black_box(n), answer)).await.is_err() {
                return;
            }
            assert_eq!(answered.await, Ok(n));
        }
    };
    let answering = async move {
        while let Some((n, answer)) = asked.recv().await {
            let _ = answer.send(black_box(n));
        }
    };
    futures::future::join(asking, answering).await;
}

pub(crate) fn rows() -> Vec<Row> {
    let runtime = current_thread();
    let asking = flow! {
        streams Asked<Question>;
        start -> questions -> each (ask Question -> check)[1] -> ignore
    };
    vec![compare(
        "a question in a stage, answered at once, against mpsc(64) and a oneshot",
        3.0,
        QUESTIONS,
        || {
            let mut asked = asking.stream(());
            timed(|| {
                runtime.block_on(async {
                    while let Some(asked) = asked.try_next().await.expect("no stage fails") {
                        let answer = black_box(asked.question.0);
                        asked.answer(answer).expect("it waits");
                    }
                });
            })
        },
        || timed(|| runtime.block_on(by_oneshot())),
    )]
}
