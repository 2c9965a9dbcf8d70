//! The clause and the handler that an error and an observer name if no handler runs.

use std::sync::{Arc, Mutex};

use flow_core::lifecycle::LifecycleKind;
use flow_core::{Answered, Asked, Cx, Event, FlowErrorKind, flow, handler};

use crate::Ping;

#[handler(emits = Ping)]
async fn send(pings: u32, cx: &Cx) {
    for ping in 0..pings {
        cx.emit(Ping(ping));
    }
}

#[handler]
async fn note(_ping: Ping) {}

#[handler(on = Ping)]
async fn other(_ping: Ping) {}

#[tokio::test]
async fn a_panic_of_a_condition_names_the_event_and_no_handler() {
    let flow = flow! {
        start(u32) -> send;
        when Ping(n) if 1 / n == 1 -> note else -> ignore;
        when Ping -> other
    };
    let error = flow.run(1).await.unwrap_err();
    assert_eq!(error.kind(), FlowErrorKind::Panicked);
    assert_eq!((error.event(), error.handler()), (Some("Ping"), None));
    assert_eq!(error.to_string(), "a clause panicked on `Ping`");
}

#[tokio::test]
async fn a_panic_of_a_condition_after_a_handler_does_not_name_it() {
    #[handler]
    async fn parse(n: u32) -> u32 {
        n
    }

    #[handler]
    async fn even() {}

    #[handler]
    async fn odd() {}

    let flow = flow! {
        start(u32) -> parse -> match {
            n if 1 / n == 1 => even,
            _ => odd,
        }
    };
    let error = flow.run(0).await.unwrap_err();
    assert_eq!(error.kind(), FlowErrorKind::Panicked);
    assert_eq!((error.event(), error.handler()), (None, None));
    assert_eq!(error.to_string(), "a clause panicked on start");
}

#[tokio::test]
async fn a_panic_of_an_iterator_in_each_names_no_handler() {
    struct Faulty;

    impl Iterator for Faulty {
        type Item = u32;

        fn next(&mut self) -> Option<u32> {
            panic!("an iterator of a test panics")
        }
    }

    #[handler]
    async fn many() -> Faulty {
        Faulty
    }

    #[handler]
    async fn one(n: u32) -> u32 {
        n
    }

    let flow = flow! { start -> many -> each one -> ignore };
    let error = flow.run(()).await.unwrap_err();
    assert_eq!((error.event(), error.handler()), (None, None));
}

#[tokio::test]
async fn max_events_names_the_last_event_and_the_handler_that_emitted_it() {
    #[derive(Debug, Event)]
    struct Quit;

    #[handler(emits = [Ping, Quit])]
    async fn both(cx: &Cx) {
        cx.emit(Ping(1));
        cx.emit(Quit);
    }

    let flow = flow! {
        start -> both;
        when Ping -> other;
        when Quit -> end
    };
    let error = flow.max_events(1).run(()).await.unwrap_err();
    assert_eq!(error.kind(), FlowErrorKind::TooManyEvents);
    let at = (error.event(), error.handler());
    assert_eq!(at, (Some("Quit"), Some("both")));
    assert_eq!(
        error.to_string(),
        "the execution exceeded its `max_events` of 1; the last event was `Quit`"
    );
}

#[tokio::test]
async fn an_error_in_a_rescue_names_no_event() {
    #[handler]
    async fn work() -> flow_core::Result<()> {
        Err("it rains".into())
    }

    #[handler]
    async fn refund() -> flow_core::Result<()> {
        Err("there is no money".into())
    }

    let flow = flow! { start -> work; rescue work -> refund };
    let error = flow.run(()).await.unwrap_err();
    assert_eq!((error.event(), error.handler()), (None, Some("refund")));
    assert_eq!(
        format!("{error:#}"),
        "handler `refund` failed in a rescue: there is no money; \
         it was called because handler `work` failed on start: it rains"
    );
}

#[tokio::test]
async fn a_question_that_cannot_be_cloned_fails_in_the_clause_that_asks() {
    #[derive(Event)]
    #[event(answer = "bool")]
    struct Review;

    impl Clone for Review {
        fn clone(&self) -> Self {
            panic!("a clone of a test panics")
        }
    }

    #[handler(emits = Review)]
    async fn draft(cx: &Cx) {
        cx.emit(Review);
    }

    #[handler]
    async fn decide(_answered: Answered<Review>) {}

    let flow = flow! { streams Asked<Review>; start -> draft; ask Review -> decide };
    let error = flow.run(()).await.unwrap_err();
    assert_eq!((error.event(), error.handler()), (Some("Review"), None));
}

#[tokio::test]
async fn each_handler_is_reported_once_even_around_a_condition() {
    #[handler]
    async fn parse(n: u32) -> u32 {
        n
    }

    #[handler]
    async fn even() {}

    #[handler]
    async fn odd() {}

    let told = Arc::new(Mutex::new(Vec::new()));
    let sink = Arc::clone(&told);
    let flow = flow! {
        start(u32) -> parse -> match {
            n if n % 2 == 0 => even,
            _ => odd,
        }
    }
    .observe(move |event| match event.kind {
        LifecycleKind::HandlerStarted { handler } => {
            sink.lock().unwrap().push(format!("{handler} started"));
        }
        LifecycleKind::HandlerFinished { handler } => {
            sink.lock().unwrap().push(format!("{handler} finished"));
        }
        _ => {}
    });
    flow.run(3).await.unwrap();
    assert_eq!(
        *told.lock().unwrap(),
        [
            "parse started",
            "parse finished",
            "odd started",
            "odd finished"
        ]
    );
}
