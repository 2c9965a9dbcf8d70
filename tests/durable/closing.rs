//! A host that is closed in peace.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use flow_core::durable::{Host, MemoryStore, RequestError};
use flow_core::{Res, flow, handler};
use tokio::time::sleep;

/// Counts the calls that have begun, and those that have ended.
#[derive(Clone, Default)]
struct Calls(Arc<(AtomicU32, AtomicU32)>);

impl Calls {
    fn begun(&self) -> u32 {
        self.0.0.load(Ordering::Relaxed)
    }

    fn ended(&self) -> u32 {
        self.0.1.load(Ordering::Relaxed)
    }
}

#[handler]
async fn work(number: u32, calls: Res<Calls>) -> u32 {
    calls.0.0.fetch_add(1, Ordering::Relaxed);
    sleep(Duration::from_secs(10)).await;
    calls.0.1.fetch_add(1, Ordering::Relaxed);
    number + 1
}

flow! {
    flow Works(u32) -> u32;
    durable;
    with Calls;
    start -> work -> work -> work -> end;
}

#[tokio::test(start_paused = true)]
async fn calls_that_run_end_and_no_further_one_begins() {
    let (store, calls) = (MemoryStore::new(), Calls::default());
    let host = Host::new(store.clone());
    let works = host.register(Works::new().with(calls.clone()));
    works.start("a", 0).await.unwrap();
    sleep(Duration::from_secs(5)).await;
    assert!(host.close(Duration::from_secs(30)).await);
    assert_eq!((calls.begun(), calls.ended()), (1, 1));
    let error = works.start("b", 0).await.unwrap_err();
    assert!(matches!(error, RequestError::Closed), "{error}");
    drop((host, works));

    let works = Host::new(store.reopen()).register(Works::new().with(calls.clone()));
    assert_eq!(works.get("a").output().await.unwrap(), 3);
    assert_eq!((calls.begun(), calls.ended()), (3, 3));
}

#[tokio::test(start_paused = true)]
async fn a_call_that_takes_longer_is_made_again() {
    let (store, calls) = (MemoryStore::new(), Calls::default());
    let host = Host::new(store.clone());
    let works = host.register(Works::new().with(calls.clone()));
    works.start("a", 0).await.unwrap();
    sleep(Duration::from_secs(5)).await;
    assert!(!host.close(Duration::from_secs(1)).await);
    drop((host, works));

    let works = Host::new(store.reopen()).register(Works::new().with(calls.clone()));
    assert_eq!(works.get("a").output().await.unwrap(), 3);
    assert_eq!((calls.begun(), calls.ended()), (4, 3));
}

#[tokio::test(start_paused = true)]
async fn closing_is_no_crash_however_often() {
    let (store, calls) = (MemoryStore::new(), Calls::default());
    for _ in 0..10 {
        let host = Host::new(store.clone());
        let works = host.register(Works::new().with(calls.clone()));
        works.start("a", 0).await.unwrap();
        // It is loaded, and its call runs.
        sleep(Duration::from_secs(1)).await;
        assert!(!host.close(Duration::from_secs(1)).await);
    }
    let works = Host::new(store.clone()).register(Works::new().with(calls));
    assert_eq!(works.get("a").output().await.unwrap(), 3);
}

#[tokio::test(start_paused = true)]
async fn those_who_wait_are_told_when_the_last_call_has_ended() {
    let host = Host::new(MemoryStore::new());
    let works = host.register(Works::new().with(Calls::default()));
    let work = works.start("a", 0).await.unwrap();
    let (output, ended) = tokio::join!(work.output(), host.close(Duration::from_secs(30)));
    assert!(matches!(output, Err(RequestError::Closed)), "{output:?}");
    assert!(ended);
}

#[tokio::test(start_paused = true)]
async fn all_who_close_it_are_told_when_the_last_call_has_ended() {
    let host = Host::new(MemoryStore::new());
    let works = host.register(Works::new().with(Calls::default()));
    works.start("a", 0).await.unwrap();
    sleep(Duration::from_secs(5)).await;
    let begun = tokio::time::Instant::now();
    let long = Duration::from_secs(3600);
    let closed = tokio::join!(host.close(long), host.close(long));
    assert_eq!(closed, (true, true));
    assert!(begun.elapsed() < Duration::from_secs(30));
}
