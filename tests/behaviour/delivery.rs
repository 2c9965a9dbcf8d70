//! Which handler receives which event, and when.

use std::sync::Mutex;
use std::time::Duration;

use flow_core::{Cx, Event, Res, flow, handler};
use tokio::time::{Instant, sleep};

use crate::{Ping, Pong, all};

#[handler(emits = ["Ping", "Pong"])]
async fn emit_in_turn(cx: &Cx) {
    for n in 1..=3 {
        cx.emit(Ping(n));
        cx.emit(Pong(n));
    }
}

#[handler(on = "Ping")]
async fn tell_ping(Ping(n): Ping, cx: &Cx) {
    cx.put(format!("ping {n}")).await;
}

#[handler(on = "Pong")]
async fn tell_pong(Pong(n): Pong, cx: &Cx) {
    cx.put(format!("pong {n}")).await;
}

#[tokio::test]
async fn events_go_out_in_the_order_in_which_they_were_emitted() {
    let flow = flow! { start -> emit_in_turn; when Ping -> tell_ping; when Pong -> tell_pong };
    let items = all(flow.stream(())).await;
    assert_eq!(
        items,
        ["ping 1", "pong 1", "ping 2", "pong 2", "ping 3", "pong 3"]
    );
}

#[handler(on = "Ping")]
async fn tell_ping_too(Ping(n): Ping, cx: &Cx) {
    cx.put(format!("ping {n} too")).await;
}

#[tokio::test]
async fn every_clause_that_names_an_event_gets_it_in_the_order_of_the_clauses() {
    let flow = flow! {
        start -> emit_in_turn;
        when Ping -> tell_ping;
        ignore Pong;
        when Ping -> tell_ping_too
    };
    let items = all(flow.stream(())).await;
    assert_eq!(
        items,
        [
            "ping 1",
            "ping 1 too",
            "ping 2",
            "ping 2 too",
            "ping 3",
            "ping 3 too"
        ]
    );
}

#[handler(emits = "Ping")]
async fn emit_and_go_on(cx: &Cx) {
    cx.emit(Ping(1));
    cx.put("emitted").await;
    sleep(Duration::from_secs(1)).await;
    cx.put("ended").await;
}

#[tokio::test(start_paused = true)]
async fn emit_does_not_wait_for_listeners() {
    let flow = flow! { start -> emit_and_go_on; when Ping -> tell_ping };
    let items = all(flow.stream(())).await;
    assert_eq!(items, ["emitted", "ping 1", "ended"]);
}

#[handler(emits = "Ping")]
async fn emit_a_hundred(cx: &Cx) {
    for n in 0..100 {
        cx.emit(Ping(n));
    }
}

#[handler(on = "Ping")]
async fn wait_a_second(_ping: Ping) {
    sleep(Duration::from_secs(1)).await;
}

#[tokio::test(start_paused = true)]
async fn handlers_run_concurrently() {
    let start = Instant::now();
    flow! { start -> emit_a_hundred; when Ping -> wait_a_second }
        .run(())
        .await
        .unwrap();
    assert_eq!(start.elapsed(), Duration::from_secs(1));
}

#[handler(emits = "Ping")]
async fn emit_from_a_task(cx: &Cx) {
    let cx = cx.clone();
    tokio::spawn(async move {
        for n in 1..=3 {
            sleep(Duration::from_secs(1)).await;
            cx.emit(Ping(n));
            cx.put(format!("sent {n}")).await;
        }
    });
}

#[tokio::test(start_paused = true)]
async fn a_clone_of_the_context_emits_and_puts_from_a_task_of_its_own() {
    let flow = flow! { start -> emit_from_a_task; when Ping -> tell_ping };
    let mut items = all(flow.stream(())).await;
    items.sort();
    assert_eq!(
        items,
        ["ping 1", "ping 2", "ping 3", "sent 1", "sent 2", "sent 3"]
    );
}

/// Either of two events, for a handler that is `on` both.
enum Either {
    Ping(u32),
    Pong(u32),
}

impl From<Ping> for Either {
    fn from(Ping(n): Ping) -> Self {
        Self::Ping(n)
    }
}

impl From<Pong> for Either {
    fn from(Pong(n): Pong) -> Self {
        Self::Pong(n)
    }
}

#[handler(on = ["Ping", "Pong"])]
async fn tell_either(event: Either, cx: &Cx) {
    match event {
        Either::Ping(n) => cx.put(format!("ping {n}")).await,
        Either::Pong(n) => cx.put(format!("pong {n}")).await,
    }
}

#[tokio::test]
async fn a_handler_on_several_events_gets_what_they_convert_into() {
    let flow = flow! { start -> emit_in_turn; when Ping -> tell_either; when Pong -> tell_either };
    let items = all(flow.stream(())).await;
    assert_eq!(items.len(), 6);
    assert_eq!(items[..2], ["ping 1", "pong 1"]);
}

struct Received(Mutex<Vec<u32>>);

#[handler(on = "Ping", emits = "Ping")]
async fn count_down(Ping(n): Ping, cx: &Cx, seen: Res<Received>) {
    seen.0.lock().unwrap().push(n);
    cx.put(format!("{:?}", seen.0.lock().unwrap())).await;
    if n > 0 {
        cx.emit(Ping(n - 1));
    }
}

#[tokio::test]
async fn the_executions_of_a_flow_share_its_resources() {
    let flow = flow! { with Received; start(Ping) -> count_down; when Ping -> count_down }
        .with(Received(Mutex::default()));
    assert_eq!(all(flow.stream(Ping(1))).await, ["[1]", "[1, 0]"]);
    assert_eq!(all(flow.stream(Ping(0))).await, ["[1, 0, 0]"]);
}

#[derive(Event)]
enum Command {
    Say(&'static str),
}

#[handler(on = "Command")]
async fn obey(command: Command, cx: &Cx) {
    let Command::Say(words) = command;
    cx.put(words).await;
}

#[tokio::test]
async fn events_are_accepted_from_outside_until_the_handle_is_dropped() {
    #[handler]
    async fn begin() {}

    let mut execution = flow! { external Command; start -> begin; when Command -> obey }.spawn(());
    for words in ["one", "two"] {
        execution.emit(Command::Say(words)).await.unwrap();
        let item = futures::StreamExt::next(&mut execution.items()).await;
        assert_eq!(item.unwrap().unwrap(), words);
    }
    execution.output().await.unwrap();
}
