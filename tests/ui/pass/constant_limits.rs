//! Limits that are constants, wherever a literal is accepted: no lint.
#![deny(warnings, missing_docs, unreachable_pub)]
#![deny(rust_2018_idioms, unused_qualifications, single_use_lifetimes, unsafe_code)]

use std::time::Duration;

use flow_core::{Answered, Asked, Cx, Event, flow, handler};

const TIMEOUT: Duration = Duration::from_secs(30);
const CALLS: usize = 4;
const ATTEMPTS: u32 = 3;

mod config {
    use std::time::Duration;

    pub(crate) const BACKOFF: Duration = Duration::from_millis(5);
    pub(crate) const JITTER: bool = false;
    pub(crate) const EVENTS: u64 = 1_000;

    pub(crate) const fn minutes(minutes: u64) -> Duration {
        Duration::from_secs(60 * minutes)
    }

    pub(crate) struct Limits;

    impl Limits {
        pub(crate) const ANSWER: Duration = minutes(2);
        pub(crate) const AT_A_TIME: usize = 8;
    }
}

use config::Limits;

#[derive(Clone, Event)]
#[event(answer = bool)]
struct Approve;

#[handler(
    emits = Approve,
    timeout = TIMEOUT,
    retry(
        attempts = ATTEMPTS,
        backoff = config::BACKOFF,
        max = config::minutes(1),
        jitter = config::JITTER
    ),
    concurrency = CALLS * 2
)]
async fn begin(cx: &Cx) -> Vec<u8> {
    cx.emit(Approve);
    vec![1, 2, 3]
}

#[handler(timeout = Duration::from_millis(500), retry(attempts = 2, backoff = TIMEOUT))]
async fn work(_n: u8) {}

#[handler]
async fn decide(_approval: Answered<Approve>) {}

macro_rules! limited {
    ($name:ident, $after:expr, $calls:expr, $path:path) => {
        #[handler(timeout = $after, concurrency = $calls, retry(attempts = $path))]
        async fn $name() {}
    };
}

limited!(by_macro, TIMEOUT, CALLS, ATTEMPTS);

fn local() {
    const TIMEOUT: Duration = Duration::from_secs(7);

    #[handler(timeout = TIMEOUT)]
    async fn inner() {}

    let flow = flow! { timeout TIMEOUT; start -> inner };
    assert_eq!(flow.graph().timeout, Some(TIMEOUT));
    assert_eq!(flow.graph().clauses[0].handlers[0].timeout, Some(TIMEOUT));
}

flow! {
    /// A flow with a name.
    flow Named streams Asked<Approve>;
    timeout config::minutes(5);
    idle_timeout TIMEOUT;
    max_events config::EVENTS;
    max_pending config::EVENTS / 10;
    concurrency Limits::AT_A_TIME / 2;
    start -> begin -> each work[Limits::AT_A_TIME] -> ignore;
    ask Approve within Limits::ANSWER -> decide else -> by_macro
}

fn main() {
    local();
    let graph = Named::new().graph();
    assert_eq!(graph.timeout, Some(Duration::from_secs(300)));
    assert_eq!(graph.idle_timeout, Some(TIMEOUT));
    assert_eq!(graph.max_events, Some(1_000));
    assert_eq!(graph.max_pending, Some(100));
    assert_eq!(graph.concurrency, Some(4));
    let begin = graph.clauses[0].handlers[0];
    assert_eq!(begin.timeout, Some(TIMEOUT));
    assert_eq!((begin.attempts, begin.concurrency), (3, Some(8)));
    let question = Named::new().blocking_iter(()).next().unwrap().unwrap();
    assert_eq!(question.within, Some(Duration::from_secs(120)));
}
