//! Executions that run one another, in a thread with the stack that threads have by default.

use std::error::Error;
use std::pin::Pin;
use std::task::{Context, Poll, Waker};

use flow_core::{FlowError, FlowErrorKind, Result, flow, handler};
use futures::executor::block_on;

/// The stack of a thread, if nothing else is asked for.
const STACK: usize = 2 << 20;

flow! { flow Down(u32) -> u32; start -> down -> end }

flow! { flow Hang(u32) -> u32; start -> hang -> end }

type Run = Pin<Box<dyn Future<Output = std::result::Result<u32, FlowError>> + Send>>;

/// Runs an execution with as many others within it.
fn run(others: u32) -> Run {
    Box::pin(Down::new().run(others))
}

#[handler]
async fn down(others: u32) -> Result<u32> {
    match others.checked_sub(1) {
        Some(others) => Ok(run(others).await? + 1),
        None => Ok(0),
    }
}

fn run_hanging(others: u32) -> Run {
    Box::pin(Hang::new().run(others))
}

#[handler]
async fn hang(others: u32) -> Result<u32> {
    match others.checked_sub(1) {
        Some(others) => Ok(run_hanging(others).await?),
        None => std::future::pending().await,
    }
}

fn on_a_thread<T: Send + 'static>(run: impl FnOnce() -> T + Send + 'static) -> T {
    let thread = std::thread::Builder::new().stack_size(STACK);
    thread.spawn(run).unwrap().join().unwrap()
}

/// The first cause of an error.
fn first<'a>(error: &'a (dyn Error + 'static)) -> &'a (dyn Error + 'static) {
    let mut first = error;
    while let Some(source) = first.source() {
        first = source;
    }
    first
}

#[test]
fn two_hundred_executions_run_within_one_another() {
    assert_eq!(on_a_thread(|| block_on(run(200))).unwrap(), 200);
}

#[test]
fn more_than_the_stack_holds_is_an_error_and_no_overflow() {
    for others in [10_000, 100_000] {
        let error = on_a_thread(move || block_on(run(others))).unwrap_err();
        assert_eq!(error.kind(), FlowErrorKind::Failed);
        let why = first(&error).to_string();
        assert!(why.contains("nested in one another"), "{why}");
        assert!(why.contains("`spawn`"), "{why}");
    }
}

#[test]
fn after_the_error_the_thread_runs_further_executions() {
    on_a_thread(|| {
        block_on(run(100_000)).unwrap_err();
        assert_eq!(block_on(run(200)).unwrap(), 200);
    });
}

#[test]
fn nested_executions_that_wait_can_be_dropped() {
    on_a_thread(|| {
        let mut execution = run_hanging(200);
        let polled = execution
            .as_mut()
            .poll(&mut Context::from_waker(Waker::noop()));
        assert!(matches!(polled, Poll::Pending));
        drop(execution);
    });
}
