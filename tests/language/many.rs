//! Flows with many clauses or many events. The macro expands these differently (single-handler
//! clauses become types, and events are looked up in groups), and the difference must not show.

use flow_core::lifecycle::LifecycleKind;
use flow_core::{Cx, Event, Failed, Result, flow, handler};
use futures::StreamExt;

use super::items;

#[derive(Clone, Event)]
struct Call(u32);

#[derive(Event)]
struct Hard(u32);

macro_rules! listeners {
    ($($name:ident $number:literal)*) => {
        $(
            #[handler(on = "Call", streams = "String")]
            async fn $name(Call(n): Call, cx: &Cx) {
                cx.put(format!("{n} {}", $number)).await;
            }
        )*
        const LISTENERS: &[u32] = &[$($number),*];
    };
}

listeners!(
    l1 1 l2 2 l3 3 l4 4 l5 5 l6 6 l7 7 l8 8 l9 9 l10 10 l11 11 l12 12 l13 13 l14 14 l15 15 l16 16
    l17 17 l18 18 l19 19 l20 20 l21 21 l22 22 l23 23 l24 24 l25 25 l26 26 l27 27 l28 28 l29 29 l30 30
    l31 31 l32 32 l33 33
);

#[handler(emits = "Call")]
async fn call(cx: &Cx) {
    cx.emit(Call(1));
}

#[handler(streams = "String")]
async fn shout(Call(n): Call, cx: &Cx) -> u32 {
    cx.put(format!("{n} aloud")).await;
    n
}

#[handler(emits = "Hard")]
async fn go_on(n: u32, cx: &Cx) {
    cx.emit(Hard(n));
}

#[handler(on = "Hard")]
async fn fail(Hard(n): Hard) -> Result<()> {
    Err(format!("{n} is too hard").into())
}

#[handler(streams = "String")]
async fn comfort(failed: Failed, cx: &Cx) {
    cx.put(failed.error.to_string()).await;
}

macro_rules! with_listeners {
    ($($listener:ident)*) => {
        flow! {
            streams String;
            start -> call;
            // This clause is expanded as code, between others that become types.
            when Call -> shout -> go_on;
            $(when Call -> $listener;)*
            when Hard -> fail;
            rescue fail -> comfort
        }
    };
}

macro_rules! many {
    () => {
        with_listeners!(
            l1 l2 l3 l4 l5 l6 l7 l8 l9 l10 l11 l12 l13 l14 l15 l16 l17 l18 l19 l20 l21 l22 l23 l24 l25
            l26 l27 l28 l29 l30 l31 l32 l33
        )
    };
}

#[tokio::test(start_paused = true)]
async fn each_clause_runs_with_its_own_handler_in_the_order_of_the_text() {
    let told = items(many!().stream(())).await;
    let listened = LISTENERS.iter().map(|number| format!("1 {number}"));
    let expected = std::iter::once("1 aloud".to_owned())
        .chain(listened)
        .chain(["1 is too hard".to_owned()]);
    assert_eq!(told, expected.collect::<Vec<_>>());
}

#[tokio::test(start_paused = true)]
async fn an_observer_is_told_the_clause_and_the_handler_that_run() {
    let mut execution = many!().stream(());
    let events = execution.lifecycle();
    while execution.next().await.is_some() {}
    let (mut clauses, mut handlers) = (Vec::new(), Vec::new());
    for event in events.collect::<Vec<_>>().await {
        match event.kind {
            LifecycleKind::ClauseEntered { clause, .. } => clauses.push(clause.get()),
            LifecycleKind::HandlerStarted { handler } => handlers.push(handler),
            _ => {}
        }
    }
    // `start`, one `when Call` for each handler, `when Hard`, and the rescue.
    assert_eq!(clauses, (0..LISTENERS.len() + 4).collect::<Vec<_>>());
    let listeners = LISTENERS.iter().map(|number| format!("l{number}"));
    let expected = ["call".to_owned(), "shout".to_owned(), "go_on".to_owned()]
        .into_iter()
        .chain(listeners)
        .chain(["fail".to_owned(), "comfort".to_owned()]);
    assert_eq!(handlers, expected.collect::<Vec<_>>());
}

macro_rules! passed_on {
    ($($handler:ident: $event:ident -> $next:ident),*) => {
        $(
            #[derive(Event)]
            struct $event(u32);

            #[handler(on = $event, emits = $next)]
            async fn $handler($event(n): $event, cx: &Cx) {
                cx.emit($next(n + 1));
            }
        )*
    };
}

passed_on!(
    p0: E0 -> E1, p1: E1 -> E2, p2: E2 -> E3, p3: E3 -> E4, p4: E4 -> E5, p5: E5 -> E6, p6: E6 -> E7,
    p7: E7 -> E8, p8: E8 -> E9, p9: E9 -> E10, p10: E10 -> E11, p11: E11 -> E12, p12: E12 -> E13,
    p13: E13 -> E14, p14: E14 -> E15, p15: E15 -> E16, p16: E16 -> E17, p17: E17 -> Last
);

#[derive(Clone, Event)]
struct Last(u32);

#[derive(Event)]
struct Half(u32);

#[derive(Event)]
struct OtherHalf(u32);

#[handler(emits = "Half", streams = "String")]
async fn halve(Last(n): Last, cx: &Cx) {
    cx.put("halved").await;
    cx.emit(Half(n / 2));
}

#[handler(emits = "OtherHalf")]
async fn halve_too(Last(n): Last, cx: &Cx) {
    cx.emit(OtherHalf(n / 2));
}

#[handler]
async fn add((Half(a), OtherHalf(b)): (Half, OtherHalf)) -> u32 {
    a + b
}

#[tokio::test(start_paused = true)]
async fn each_of_many_events_goes_to_its_own_clauses() {
    let flow = flow! {
        flow -> u32;
        streams String;
        start(E0) -> p0;
        when E1 -> p1;
        when E2 -> p2;
        when E3 -> p3;
        when E4 -> p4;
        when E5 -> p5;
        when E6 -> p6;
        when E7 -> p7;
        when E8 -> p8;
        when E9 -> p9;
        when E10 -> p10;
        when E11 -> p11;
        when E12 -> p12;
        when E13 -> p13;
        when E14 -> p14;
        when E15 -> p15;
        when E16 -> p16;
        when E17 -> p17;
        when Last -> halve;
        when Half & OtherHalf -> add -> end;
        when Last -> halve_too
    };
    assert_eq!(flow.run(E0(2)).await.unwrap(), 20);
    assert_eq!(items(flow.stream(E0(0))).await, ["halved"]);
}
