//! Events from outside, and stages that end as they come.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use flow_core::{Cx, Event, FlowErrorKind, Res, flow, handler};
use tokio::time::sleep;

use crate::Log;

const SECOND: Duration = Duration::from_secs(1);

#[derive(Clone, Debug, Event)]
struct Note(u32);
#[derive(Clone, Debug, Event)]
struct Work;

#[handler]
async fn nothing() {}

#[handler]
async fn hear(Note(n): Note, log: Res<Log>) {
    log.add(format!("heard {n}"));
}

#[handler]
async fn hear_late(Note(n): Note, log: Res<Log>) {
    log.add(format!("heard {n} after the end"));
}

#[handler(emits = Work)]
async fn seven(cx: &Cx) -> u32 {
    cx.emit(Work);
    7
}

#[handler(on = Work)]
async fn go_on(_work: Work) {
    sleep(2 * SECOND).await;
}

flow! { flow Notes; with Log; external Note; start -> nothing; when Note -> hear }

flow! {
    /// Has decided its end, and goes on for two seconds.
    flow Closing -> u32;
    with Log;
    external Note;
    start -> seven -> end;
    when Work -> go_on;
    when Note -> hear_late
}

#[tokio::test(start_paused = true)]
async fn an_event_that_some_stages_take_is_not_left_over_because_the_last_refuses_it() {
    #[handler]
    async fn two((_notes, seven): ((), u32)) -> u32 {
        seven
    }
    #[handler]
    async fn three((_one, _other, seven): ((), (), u32)) -> u32 {
        seven
    }

    let log = Log::default();
    let flow = flow! { with Log; external Note; start -> (Notes, Closing) -> two -> end };
    let execution = flow.with(log.clone()).spawn(());
    sleep(SECOND).await;
    execution.emit(Note(1)).await.unwrap();
    assert_eq!(execution.output().await.unwrap(), 7);
    assert_eq!(log.lines(), ["heard 1"]);

    let log = Log::default();
    let flow = flow! { with Log; external Note; start -> (Notes, Notes, Closing) -> three -> end };
    let execution = flow.with(log.clone()).spawn(());
    sleep(SECOND).await;
    execution.emit(Note(2)).await.unwrap();
    assert_eq!(execution.output().await.unwrap(), 7);
    assert_eq!(log.lines(), ["heard 2", "heard 2"]);
}

#[tokio::test(start_paused = true)]
async fn a_stage_that_has_stopped_takes_no_event() {
    type SendNote = Box<dyn FnOnce(Note) + Send>;

    /// Sends an event to the outermost execution, once.
    #[derive(Clone, Default)]
    struct Outside(Arc<Mutex<Option<SendNote>>>);

    #[handler]
    async fn stop(cx: &Cx, outside: Res<Outside>) {
        sleep(SECOND).await;
        cx.stop();
        let send = outside.0.lock().unwrap().take().unwrap();
        send(Note(3));
    }

    flow! {
        flow Stopping;
        with Log;
        with Outside;
        external Note;
        start -> stop;
        when Note -> hear
    }

    let (log, outside) = (Log::default(), Outside::default());
    let flow = flow! { with Log; with Outside; external Note; start -> Stopping };
    let execution = flow.with(log.clone()).with(outside.clone()).spawn(());
    let sender = execution.sender();
    let send = move |note| sender.try_emit(note).unwrap();
    *outside.0.lock().unwrap() = Some(Box::new(send));
    let error = execution.output().await.unwrap_err();
    assert_eq!(error.kind(), FlowErrorKind::LeftOver, "{error}");
    assert_eq!(log.lines(), [""; 0]);
}
