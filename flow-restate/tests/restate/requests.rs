//! What a journal does, with nothing changed but the lines that open it.

use std::time::{Duration, Instant};

use flow_core::QuestionId;
use flow_core::durable::{
    Executions, Handle, Happened, HistoryEntry, Logged, Position, Refused, RequestError, Status,
};
use flow_restate::Worker;
use futures::{StreamExt, TryStreamExt};

use crate::flows::{
    Approve, Bank, ChargedAndGated, Count, Gate, Gated, Numbers, Order, Renamed, Signals, Total,
};
use crate::server::Server;

async fn asked(order: &Handle<Order>) -> QuestionId<Approve> {
    let asked = order.items(None).try_next().await.unwrap().unwrap();
    let Logged::Item { item, .. } = asked else {
        panic!("it asks first");
    };
    item.id
}

#[tokio::test]
async fn a_question_is_answered_and_the_output_comes() {
    let server = Server::start().await;
    let bank = Bank::default();
    let worker = Worker::new().flow(Order::new().with(bank.clone()));
    let _serving = server.serve(worker).await;

    let orders = server.client().executions::<Order>();
    let order = orders.start("42", 700).await.unwrap();
    let id = asked(&order).await;
    let questions = orders.by_id().questions("42").await.unwrap();
    assert_eq!(questions.len(), 1);
    assert_eq!(questions[0].name, "Approve");
    order.answer(id, &true).await.unwrap();
    assert_eq!(order.output().await.unwrap(), "shipped for 700");
    assert_eq!(bank.charges(), 1);
    assert!(orders.by_id().questions("42").await.unwrap().is_empty());
}

#[tokio::test]
async fn each_request_may_be_repeated_and_is_done_once() {
    let server = Server::start().await;
    let bank = Bank::default();
    let worker = Worker::new().flow(Order::new().with(bank.clone()));
    let _serving = server.serve(worker.park_after(Duration::ZERO)).await;
    let orders = server.client().executions::<Order>();

    let order = orders.get("42");
    let none = order.status().await.unwrap_err();
    assert!(matches!(none, RequestError::NotFound { .. }), "{none}");
    let none = order.cancel().await.unwrap_err();
    assert!(matches!(none, RequestError::NotFound { .. }), "{none}");

    for _ in 0..3 {
        orders.start("42", 700).await.unwrap();
        let other = orders.start("42", 900).await.unwrap_err();
        assert!(matches!(other, RequestError::OtherInput { .. }), "{other}");
    }
    let id = asked(&order).await;
    assert!(matches!(order.status().await.unwrap(), Status::Unfinished));
    let purge = orders.by_id().purge().unwrap();
    let unfinished = purge.purge("42").await.unwrap_err();
    assert!(
        matches!(unfinished, RequestError::Unfinished { .. }),
        "{unfinished}"
    );
    // Also at the same time.
    let answers = (0..4).map(|_| order.answer(id, &true));
    futures::future::try_join_all(answers).await.unwrap();
    let other = order.answer(id, &false).await.unwrap_err();
    assert!(matches!(other, RequestError::OtherAnswer { .. }), "{other}");
    assert_eq!(order.output().await.unwrap(), "shipped for 700");
    order.answer(id, &true).await.unwrap();
    let other = order.answer(id, &false).await.unwrap_err();
    assert!(matches!(other, RequestError::OtherAnswer { .. }), "{other}");
    let refused = order.cancel().await.unwrap_err();
    assert!(
        matches!(refused, RequestError::Refused(Refused::Ended)),
        "{refused}"
    );
    orders.start("42", 700).await.unwrap();
    assert!(matches!(order.status().await.unwrap(), Status::Done(_)));
    assert_eq!(bank.charges(), 1);

    for _ in 0..2 {
        purge.purge("42").await.unwrap();
    }
    assert!(matches!(order.status().await.unwrap(), Status::Purged));
    let purged = orders.start("42", 700).await.unwrap_err();
    assert!(matches!(purged, RequestError::Purged { .. }), "{purged}");
    let purged = order.items(None).try_next().await.unwrap_err();
    assert!(matches!(purged, RequestError::Purged { .. }), "{purged}");
}

#[tokio::test]
async fn items_are_read_from_each_position() {
    let server = Server::start().await;
    let _serving = server.serve(Worker::new().flow(Count::new())).await;
    let counts = server.client().executions::<Count>();
    let count = counts.start("many", 1000).await.unwrap();
    let mut read = Vec::new();
    let mut position: Option<Position> = None;
    while read.len() < 1000 {
        // A reader that begins anew now and then.
        let mut items = count.items(position.clone()).take(300);
        while let Some(entry) = items.try_next().await.unwrap() {
            let Logged::Item { position: at, item } = entry else {
                panic!("no call was repeated: {entry:?}");
            };
            position = Some(at);
            read.push(item);
        }
    }
    assert_eq!(read, (0..1000).collect::<Vec<_>>());
    assert_eq!(count.output().await.unwrap(), 1000);
    let mut rest = count.items(position);
    assert!(rest.try_next().await.unwrap().is_none());
    let beyond = count.items(Some(Position::new("4000"))).try_next().await;
    let beyond = beyond.unwrap().unwrap();
    assert_eq!(beyond, Logged::Restarted { call: None });
    let none = count.items(Some(Position::new("nowhere"))).try_next().await;
    assert!(matches!(none, Err(RequestError::NoPosition(_))));
}

/// How long it takes until this returns.
async fn timed<T>(of: impl Future<Output = T>) -> (Duration, T) {
    let begun = Instant::now();
    let result = of.await;
    (begun.elapsed(), result)
}

#[tokio::test]
async fn what_comes_from_outside_takes_effect_while_a_body_runs() {
    let server = Server::start().await;
    let gate = Gate::default();
    let worker = Worker::new().flow(Gated::new().with(gate.clone()));
    let _serving = server.serve(worker).await;
    let gated = server.client().executions::<Gated>();
    let execution = gated.start("1", 1).await.unwrap();
    gate.begun(1).await;

    // A body runs, and the events go to another handler.
    let mut took = Vec::new();
    for number in 0..20_u32 {
        let key = number.to_string();
        let sent = execution.send(&key, Numbers(number));
        let (time, sent) = timed(sent).await;
        sent.unwrap();
        took.push(time);
        // The same one once more is no other one.
        execution
            .send(&number.to_string(), Numbers(number))
            .await
            .unwrap();
    }
    took.sort_unstable();
    println!(
        "an event while a body runs: {:?} at the median, {:?} at most",
        took[10], took[19]
    );
    // A tenth of it, if nothing else runs on the machine.
    assert!(took[10] < Duration::from_millis(500), "{took:?}");
    let items = execution.items(None).take(20);
    let seen: Vec<_> = items.try_collect().await.unwrap();
    let seen = seen.into_iter().map(|entry| match entry {
        Logged::Item { item, .. } => item,
        other => panic!("{other:?}"),
    });
    assert_eq!(seen.collect::<Vec<_>>(), (0..20).collect::<Vec<_>>());
    assert_eq!(gate.times(), 1, "the body was not disturbed");

    gate.open();
    assert_eq!(execution.output().await.unwrap(), 1);
}

#[tokio::test]
async fn a_cancel_stops_a_body_that_runs() {
    let server = Server::start().await;
    let gate = Gate::default();
    let worker = Worker::new().flow(Gated::new().with(gate.clone()));
    let _serving = server.serve(worker).await;
    let gated = server.client().executions::<Gated>();
    let execution = gated.start("1", 1).await.unwrap();
    gate.begun(1).await;
    let (time, cancelled) = timed(execution.cancel()).await;
    cancelled.unwrap();
    println!("a cancel while a body runs: {time:?}");
    let failed = execution.output().await.unwrap_err();
    assert!(matches!(failed, RequestError::Failed(_)), "{failed}");
    execution.cancel().await.unwrap();
    assert_eq!(gate.times(), 1);
}

#[tokio::test]
async fn a_long_chain_of_fast_calls_does_not_wait_for_a_slow_one() {
    let server = Server::start().await;
    let gate = Gate::default();
    let worker = Worker::new().flow(Total::new().with(gate.clone()));
    let _serving = server.serve(worker).await;
    let totals = server.client().executions::<Total>();
    let total = totals.start("1", 200).await.unwrap();
    gate.begun(1).await;
    let items = total.items(None).take(200);
    let seen = items.try_collect::<Vec<_>>().await.unwrap();
    assert_eq!(seen.len(), 200);
    assert_eq!(gate.times(), 1, "the slow one still runs, undisturbed");
    gate.open();
    assert_eq!(total.output().await.unwrap(), 1);
}

#[tokio::test]
async fn an_unanswered_question_and_a_clock_take_effect_when_nothing_runs() {
    let server = Server::start().await;
    let worker = Worker::new()
        .flow(Signals::new())
        .park_after(Duration::ZERO);
    let _serving = server.serve(worker).await;
    let signals = server.client().executions::<Signals>();
    let (time, output) = timed(async { signals.start("1", 6).await?.output().await }).await;
    assert_eq!(output.unwrap(), "late");
    assert!(
        time > Duration::from_secs(6) && time < Duration::from_secs(8),
        "{time:?}"
    );
}

#[tokio::test]
async fn many_executions_wait_and_hold_nothing() {
    let server = Server::start().await;
    let bank = Bank::default();
    let worker = Worker::new().flow(Order::new().with(bank.clone()));
    let _serving = server.serve(worker.park_after(Duration::ZERO)).await;
    let orders: Executions<Order> = server.client().executions();
    let all = futures::stream::iter(0..100).map(async |number: u32| {
        let order = orders.start(&number.to_string(), number).await?;
        let id = asked(&order).await;
        order.answer(id, &number.is_multiple_of(2)).await?;
        order.output().await
    });
    let outputs: Vec<_> = all.buffered(20).try_collect().await.unwrap();
    for (number, output) in outputs.iter().enumerate() {
        let verb = if number % 2 == 0 {
            "shipped"
        } else {
            "refused"
        };
        assert_eq!(*output, format!("{verb} for {number}"));
    }
    assert_eq!(bank.charges(), 100);
}

#[tokio::test]
async fn a_long_execution_goes_on_in_new_invocations() {
    let server = Server::start().await;
    let gate = Gate::default();
    let worker = Worker::new().flow(Total::new().with(gate.clone()));
    let _serving = server.serve(worker).await;
    let totals = server.client().executions::<Total>();
    // It does not wait, so no call runs between two steps.
    gate.open();
    let total = totals.start("1", 1000).await.unwrap();
    let items = total.items(None).try_collect::<Vec<_>>();
    let items = items.await.unwrap().into_iter().map(|entry| match entry {
        Logged::Item { item, .. } => item,
        other => panic!("{other:?}"),
    });
    assert_eq!(
        items.collect::<Vec<_>>(),
        (1..=1000).rev().collect::<Vec<_>>()
    );
    assert_eq!(total.output().await.unwrap(), 1);
}

#[tokio::test]
async fn a_call_that_takes_longer_than_the_server_waits_is_made_once() {
    // The server of the tests gives up what it has not heard of for two seconds.
    let server = Server::start().await;
    let gate = Gate::default();
    let worker = Worker::new().flow(Gated::new().with(gate.clone()));
    let _serving = server.serve(worker).await;
    let gated = server.client().executions::<Gated>();
    let execution = gated.start("1", 1).await.unwrap();
    tokio::time::sleep(Duration::from_secs(4)).await;
    gate.open();
    assert_eq!(execution.output().await.unwrap(), 1);
    assert_eq!(gate.times(), 1);
}

#[tokio::test]
async fn an_execution_waits_for_a_program_that_can_go_on_with_it() {
    let server = Server::start().await;
    let bank = Bank::default();
    let old = Worker::new().flow(Order::new().with(bank.clone()));
    let old = server.serve(old.park_after(Duration::ZERO)).await;
    let orders = server.client().executions::<Order>();
    let order = orders.start("42", 700).await.unwrap();
    let id = asked(&order).await;
    assert!(
        orders.by_id().list().is_none(),
        "not without the admin interface"
    );

    // Under the same name, the flow is another one, at another address.
    let other = Worker::new().flow_as("Order", Renamed::new());
    let other = server.serve(other).await;
    let blocked = order.answer(id, &true).await.unwrap_err();
    assert!(matches!(blocked, RequestError::Blocked { .. }), "{blocked}");
    let blocked = order.output().await.unwrap_err();
    assert!(matches!(blocked, RequestError::Blocked { .. }), "{blocked}");
    let client = server.client().admin(&server.admin());
    let listing = client.executions::<Order>();
    let list = listing.by_id().list().unwrap();
    let listed = list.list(None, 10).await.unwrap();
    assert_eq!(listed.len(), 1);
    assert_eq!(listed[0].id, "42");
    assert!(matches!(listed[0].status, Status::Blocked { .. }));
    let retried = list.retry("42").await.unwrap_err();
    assert!(matches!(retried, RequestError::Blocked { .. }), "{retried}");

    // The same program as before, at a third address.
    let worker = Worker::new().flow(Order::new().with(bank.clone()));
    let _third = server.serve(worker).await;
    list.retry("42").await.unwrap();
    assert!(matches!(order.status().await.unwrap(), Status::Unfinished));
    order.answer(id, &true).await.unwrap();
    assert_eq!(order.output().await.unwrap(), "shipped for 700");
    assert_eq!(bank.charges(), 1);
    assert!(list.list(Some("42"), 10).await.unwrap().is_empty());
    drop((old, other));
}

#[tokio::test]
async fn a_page_of_executions_is_full_unless_it_is_the_last() {
    let server = Server::start().await;
    let _serving = server.serve(Worker::new().flow(Count::new())).await;
    let client = server.client().admin(&server.admin());
    let counts = client.executions::<Count>();
    // These were never started, and the server knows their names.
    for never in ["a", "b", "d"] {
        let none = counts.get(never).cancel().await.unwrap_err();
        assert!(matches!(none, RequestError::NotFound { .. }), "{none}");
    }
    for id in ["c", "e"] {
        let count = counts.start(id, 1).await.unwrap();
        assert_eq!(count.output().await.unwrap(), 1);
    }
    let list = counts.by_id().list().unwrap();
    let page = async |after, at_most| {
        let page = list.list(after, at_most).await.unwrap();
        page.into_iter().map(|listed| listed.id).collect::<Vec<_>>()
    };
    assert_eq!(page(None, 1).await, ["c"]);
    assert_eq!(page(Some("c"), 1).await, ["e"]);
    assert_eq!(page(None, 10).await, ["c", "e"]);
    assert!(page(Some("e"), 1).await.is_empty());
    assert!(page(None, 0).await.is_empty());
}

#[tokio::test]
async fn a_worker_is_registered_twice_and_its_invocation_is_not_the_execution() {
    let server = Server::start().await;
    let gate = Gate::default();
    let worker = Worker::new().flow(Gated::new().with(gate.clone()));
    let serving = server.serve(worker).await;
    server
        .register(&format!("http://{}", serving.address()))
        .await;
    let gated = server.client().executions::<Gated>();
    let execution = gated.start("1", 1).await.unwrap();
    gate.begun(1).await;
    // Through the tools of the server, somebody cancels or kills what runs.
    server.end_invocations("Gated", "cancel").await;
    gate.begun(2).await;
    server.end_invocations("Gated", "kill").await;
    // A request finds that nobody runs it any more.
    execution.send("1", Numbers(1)).await.unwrap();
    gate.open();
    assert_eq!(execution.output().await.unwrap(), 1);
}

#[tokio::test]
async fn a_kill_of_an_invocation_takes_what_nobody_has_seen_and_a_cancel_nothing() {
    let server = Server::start().await;
    let (bank, gate) = (Bank::default(), Gate::default());
    let flow = ChargedAndGated::new().with(bank.clone()).with(gate.clone());
    let _serving = server.serve(Worker::new().flow(flow)).await;
    let executions = server.client().executions::<ChargedAndGated>();
    let execution = executions.start("1", 700).await.unwrap();
    gate.begun(1).await;
    server.end_invocations("ChargedAndGated", "cancel").await;
    gate.begun(2).await;
    assert_eq!(bank.charges(), 1);

    // The charge was written when the invocation before was cancelled.
    server.end_invocations("ChargedAndGated", "kill").await;
    execution.send("1", Numbers(1)).await.unwrap();
    gate.begun(3).await;
    assert_eq!(bank.charges(), 1);

    let unseen = executions.start("2", 700).await.unwrap();
    gate.begun(4).await;
    server.end_invocations("ChargedAndGated", "kill").await;
    unseen.send("1", Numbers(2)).await.unwrap();
    gate.begun(5).await;
    assert_eq!(bank.charges(), 3, "the second charge is made again");

    // Its item and the reply to its request were seen.
    let mut items = unseen.items(None);
    let shown = items.try_next().await.unwrap();
    assert!(matches!(shown, Some(Logged::Item { item: 2, .. })));
    gate.open();
    assert_eq!(unseen.output().await.unwrap(), 700);
    assert_eq!(bank.charges(), 3);
}

#[tokio::test]
async fn what_an_execution_has_done_is_told_if_it_is_kept() {
    let server = Server::start().await;
    let bank = Bank::default();
    let worker = || Worker::new().flow(Order::new().with(bank.clone()));
    let _without = server.serve(worker().park_after(Duration::ZERO)).await;
    let orders = server.client().executions::<Order>();
    let order = orders.start("without", 700).await.unwrap();
    let history = orders.by_id().history().unwrap();
    let none = history.history("never", None, 10).await.unwrap_err();
    assert!(matches!(none, RequestError::NotFound { .. }), "{none}");
    asked(&order).await;
    let none = history.history("without", None, 10).await.unwrap_err();
    assert!(matches!(none, RequestError::NoHistory { .. }), "{none}");

    let _with = server.serve(worker().history(1000)).await;
    let order = orders.start("with", 700).await.unwrap();
    let id = asked(&order).await;
    order.answer(id, &true).await.unwrap();
    order.output().await.unwrap();
    let mut entries: Vec<HistoryEntry> = Vec::new();
    let all = async {
        // The last entry comes to the desk at the same time as the end.
        let is_end = |what: &Happened| matches!(what, Happened::Over);
        let is_over = |entry: &HistoryEntry| entry.what.iter().any(is_end);
        while !entries.last().is_some_and(is_over) {
            let after = entries.last().map(|entry| entry.position.clone());
            entries.extend(history.history("with", after, 2).await.unwrap());
        }
    };
    tokio::time::timeout(Duration::from_secs(20), all)
        .await
        .unwrap();
    assert!(entries.is_sorted_by_key(|entry| entry.at));
    let what = entries.iter().flat_map(|entry| &entry.what);
    let what = what.filter_map(|what| match what {
        Happened::Called {
            handler, result, ..
        } => Some(format!("{handler}: {}", result.is_ok())),
        Happened::Asked { name, .. } => Some(format!("asked {name}")),
        Happened::Answered { number, .. } => Some(format!("answered {number}")),
        Happened::Put { position } => Some(format!("put {position}")),
        Happened::Over => Some("over".to_owned()),
        _ => None,
    });
    let expected = [
        "charge: true",
        "asked Approve",
        "put 0",
        "answered 0",
        "ship: true",
        "over",
    ];
    assert_eq!(what.collect::<Vec<_>>(), expected);

    orders.by_id().purge().unwrap().purge("with").await.unwrap();
    let purged = history.history("with", None, 10).await.unwrap_err();
    assert!(matches!(purged, RequestError::Purged { .. }), "{purged}");
}

#[tokio::test]
async fn only_the_last_of_a_long_history_is_kept() {
    let server = Server::start().await;
    let gate = Gate::default();
    let worker = Worker::new().flow(Total::new().with(gate.clone()));
    let _serving = server.serve(worker.history(20)).await;
    gate.open();
    let totals = server.client().executions::<Total>();
    let total = totals.start("1", 100).await.unwrap();
    total.output().await.unwrap();
    let history = totals.by_id().history().unwrap();
    let entries = async {
        loop {
            let entries = history.history("1", None, 1000).await.unwrap();
            let last = entries.last().unwrap();
            if last.what.iter().any(|what| matches!(what, Happened::Over)) {
                return entries;
            }
        }
    };
    let entries = tokio::time::timeout(Duration::from_secs(20), entries).await;
    assert_eq!(entries.unwrap().len(), 20);
}
