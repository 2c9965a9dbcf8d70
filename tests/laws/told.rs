//! A failure is told with the clause that it came from, wherever it goes.

use std::time::Duration;

use flow_core::{Failed, Res, Result, flow, handler};

use crate::Log;

#[handler]
async fn seven() -> u32 {
    7
}

#[handler]
async fn fails() -> Result<()> {
    Err("no network".into())
}

/// Tells what it takes, and fails as well.
#[handler]
async fn give_up(failed: Failed, log: Res<Log>) -> Result<()> {
    log.add(failed.to_string());
    Err("nothing to do".into())
}

/// Tells what it stands in for.
#[handler]
async fn note(failed: Failed, log: Res<Log>) {
    log.add(failed.to_string());
}

#[tokio::test]
async fn a_failure_of_finally_that_its_rescue_takes() {
    let flow = flow! {
        with Log;
        start -> seven -> end;
        finally within "30s" -> fails;
        rescue fails -> give_up
    };
    let log = Log::default();
    let error = flow.with(log.clone()).run(()).await.unwrap_err();
    assert_eq!(
        log.lines(),
        ["handler `fails` failed in `finally`: no network"]
    );
    assert_eq!(
        format!("{error:#}"),
        "handler `give_up` failed in a rescue: nothing to do; \
         it was called because handler `fails` failed in `finally`: no network"
    );
}

#[tokio::test(start_paused = true)]
async fn a_failure_of_every_that_its_rescue_takes() {
    const SECOND: Duration = Duration::from_secs(1);
    let flow = flow! {
        with Log;
        start -> seven -> ignore;
        every SECOND -> fails;
        rescue fails -> give_up
    };
    let log = Log::default();
    let error = flow.with(log.clone()).run(()).await.unwrap_err();
    assert_eq!(
        log.lines(),
        ["handler `fails` failed in `every`: no network"]
    );
    assert_eq!(
        format!("{error:#}"),
        "handler `give_up` failed in a rescue: nothing to do; \
         it was called because handler `fails` failed in `every`: no network"
    );
}

#[handler]
async fn breaks() {
    panic!("a handler of a test panics")
}

#[tokio::test]
async fn a_panic_of_finally_after_that_of_a_rescue_is_not_because_of_what_the_rescue_took() {
    #[handler]
    async fn break_down(_failed: Failed) {
        panic!("a handler of a test panics")
    }

    let flow = flow! {
        start -> fails;
        rescue fails -> break_down;
        finally within "30s" -> breaks
    };
    assert_eq!(
        format!("{:#}", flow.run(()).await.unwrap_err()),
        "handler `break_down` panicked in a rescue: a handler of a test panics; \
         it was called because handler `fails` failed on start: no network; \
         then handler `breaks` panicked in `finally`: a handler of a test panics"
    );
}

#[tokio::test(start_paused = true)]
async fn a_failure_that_a_stand_in_takes() {
    #[handler]
    async fn charge() -> Result<()> {
        Err("declined".into())
    }

    #[handler]
    async fn done() {}

    let flow = flow! {
        with Log;
        start -> charge;
        every "1s" -> fails else note -> seven -> end;
        rescue charge -> fails else note;
        finally within "30s" -> fails else note
    };
    let log = Log::default();
    assert_eq!(flow.with(log.clone()).run(()).await.unwrap(), 7);
    let places = ["in a rescue", "in `every`", "in `finally`"];
    let lines = places.map(|place| format!("handler `fails` failed {place}: no network"));
    assert_eq!(log.lines(), lines);

    let flow = flow! { with Log; start -> (fails -> done) else note };
    let log = Log::default();
    flow.with(log.clone()).run(()).await.unwrap();
    assert_eq!(log.lines(), ["handler `fails` failed on start: no network"]);
}

#[tokio::test]
async fn a_rescue_that_panics_again_in_finally_is_because_of_what_it_took_there() {
    #[handler]
    async fn lost() -> Result<()> {
        Err("the key is gone".into())
    }

    #[handler]
    async fn breaks(_failed: Failed) {
        panic!("a handler of a test panics")
    }

    let flow = flow! {
        start -> fails;
        finally within "30s" -> lost;
        rescue fails | lost -> breaks
    };
    let error = flow.run(()).await.unwrap_err();
    assert_eq!(
        format!("{error:#}"),
        "handler `breaks` panicked in a rescue: a handler of a test panics; \
         it was called because handler `fails` failed on start: no network; \
         then handler `breaks` panicked in a rescue: a handler of a test panics; \
         it was called because handler `lost` failed in `finally`: the key is gone"
    );
}
