//! What items and positions mean is the same as without a stream.

use std::time::Duration;

use async_nats::jetstream::{self, stream};
use flow_core::durable::{Executions, Logged, Position, RequestError, Status};
use flow_restate::{Nats, Worker};
use futures::{StreamExt, TryStreamExt};

use crate::flows::{Count, HowMany, Pace, Shown, Steps, Waits};
use crate::nats::NatsServer;
use crate::server::Server;

#[tokio::test]
async fn items_are_read_from_each_position() {
    let (server, nats) = tokio::join!(Server::start(), NatsServer::start());
    let streams = nats.connect().await;
    let worker = Worker::new().flow(Steps::new().with(Pace(Duration::ZERO, None)));
    let _serving = server.serve(worker.streams(streams.clone())).await;
    let executions: Executions<Steps> = server.client().streams(streams).executions();
    // Ids may have what separates words in a subject.
    let execution = executions.start("a.b *>", 300).await.unwrap();
    let mut read = Vec::new();
    let mut position: Option<Position> = None;
    while read.len() < 300 {
        // A reader that begins anew now and then, also while the execution runs.
        let mut items = execution.items(position.clone()).take(70);
        while let Some(entry) = items.try_next().await.unwrap() {
            let Logged::Item { position: at, item } = entry else {
                panic!("no call was repeated: {entry:?}");
            };
            position = Some(at);
            read.push(item);
        }
    }
    assert_eq!(read, (0..300).collect::<Vec<_>>());
    assert_eq!(execution.output().await.unwrap(), 300);
    for after in [0, 1, 31, 64, 150, 298] {
        let after = Position::new(format!("{after:x}"));
        let first = execution.items(Some(after.clone())).try_next().await;
        let Logged::Item { item, .. } = first.unwrap().unwrap() else {
            panic!("an item comes after {after}");
        };
        assert_eq!(format!("{:x}", item - 1), after.as_str());
    }
    let mut rest = execution.items(position);
    assert!(rest.try_next().await.unwrap().is_none());
    let mut beyond = execution.items(Some(Position::new("4000")));
    let beyond = beyond.try_next().await.unwrap().unwrap();
    assert_eq!(beyond, Logged::Restarted { call: None });
    let mut none = execution.items(Some(Position::new("nowhere")));
    assert!(matches!(
        none.try_next().await,
        Err(RequestError::NoPosition(_))
    ));
}

#[tokio::test]
async fn a_reader_that_comes_first_gets_everything() {
    let (server, nats) = tokio::join!(Server::start(), NatsServer::start());
    let streams = nats.connect().await;
    let worker = Worker::new().flow(Waits::new()).streams(streams.clone());
    let _serving = server.serve(worker.park_after(Duration::ZERO)).await;
    let executions: Executions<Waits> = server.client().streams(streams).executions();
    let none = executions.get("1").items(None).try_next().await;
    assert!(matches!(none, Err(RequestError::NotFound { .. })));

    let execution = executions.start("1", 0).await.unwrap();
    let mut items = execution.items(None);
    let asked = items.try_next().await.unwrap().unwrap();
    let Logged::Item {
        item: Shown::Asked(asked),
        ..
    } = asked
    else {
        panic!("it asks first: {asked:?}");
    };
    assert_eq!(asked.question, HowMany);
    execution.answer(asked.id, &1000).await.unwrap();
    for number in 0..1000 {
        let item = items.try_next().await.unwrap().unwrap();
        assert!(
            matches!(item, Logged::Item { item: Shown::Number(item), .. } if item == number),
            "{item:?}"
        );
    }
    assert!(items.try_next().await.unwrap().is_none());
    assert_eq!(execution.output().await.unwrap(), 1000);
}

#[tokio::test]
async fn who_lacks_the_stream_is_told() {
    let (server, nats) = tokio::join!(Server::start(), NatsServer::start());
    let streams = nats.connect().await;
    let worker = || Worker::new().flow(Waits::new()).park_after(Duration::ZERO);
    let with = server.serve(worker().streams(streams.clone())).await;
    let executions: Executions<Waits> = server.client().streams(streams.clone()).executions();
    let execution = executions.start("1", 0).await.unwrap();
    let asked = execution.items(None).try_next().await.unwrap().unwrap();
    let Logged::Item {
        item: Shown::Asked(asked),
        ..
    } = asked
    else {
        panic!("it asks first: {asked:?}");
    };

    // A client without it, and one with a stream of the same name elsewhere.
    let other = NatsServer::start().await;
    let other = server.client().streams(other.connect().await);
    for client in [server.client(), other] {
        let execution = client.executions::<Waits>().get("1");
        let lacks = execution.items(None).try_next().await.unwrap_err();
        assert!(
            matches!(&lacks, RequestError::NoStream { stream } if stream.starts_with("`flow`")),
            "{lacks}"
        );
        assert!(matches!(
            execution.status().await.unwrap(),
            Status::Unfinished
        ));
    }

    // A worker without it leaves the execution as it is.
    let without = server.serve(worker()).await;
    let blocked = execution.answer(asked.id, &3).await.unwrap_err();
    let RequestError::Blocked { reason } = &blocked else {
        panic!("{blocked}");
    };
    let why = std::error::Error::source(reason).unwrap().to_string();
    assert!(why.contains("`flow`"), "{why}");
    let blocked = execution.items(None).try_collect::<Vec<_>>().await;
    assert!(matches!(blocked, Err(RequestError::Blocked { .. })));
    // What is started there has its items at the server of Restate, for both kinds of clients.
    let second = executions.start("2", 0).await.unwrap();
    second.items(None).try_next().await.unwrap().unwrap();
    let plain = server.client().executions::<Waits>().get("2");
    plain.items(None).try_next().await.unwrap().unwrap();

    let _third = server.serve(worker().streams(streams)).await;
    execution.answer(asked.id, &3).await.unwrap();
    assert_eq!(execution.output().await.unwrap(), 3);
    let items: Vec<_> = execution.items(None).try_collect().await.unwrap();
    assert_eq!(items.len(), 4);
    drop((with, without));
}

#[tokio::test]
async fn what_the_stream_has_dropped_is_missed() {
    let (server, nats) = tokio::join!(Server::start(), NatsServer::start());
    let client = nats.client().await;
    let limited = stream::Config {
        name: "few".to_owned(),
        subjects: vec!["few.*.*".to_owned()],
        max_messages_per_subject: 5,
        ..stream::Config::default()
    };
    let few = jetstream::new(client.clone()).create_stream(limited).await;
    let few = few.unwrap();
    let streams = Nats::new(client, "few").await.unwrap();
    let worker = Worker::new().flow(Steps::new().with(Pace(Duration::ZERO, None)));
    let _serving = server.serve(worker.streams(streams.clone())).await;
    let executions: Executions<Steps> = server.client().streams(streams).executions();
    let execution = executions.start("1", 40).await.unwrap();
    assert_eq!(execution.output().await.unwrap(), 40);

    let after_first = Some(Position::new("0"));
    for after in [None, after_first] {
        let mut items = execution.items(after);
        assert_eq!(items.try_next().await.unwrap(), Some(Logged::Missed));
        let rest: Vec<_> = items.try_collect().await.unwrap();
        let last = rest.into_iter().map(|entry| match entry {
            Logged::Item { item, .. } => item,
            other => panic!("{other:?}"),
        });
        let last: Vec<_> = last.collect();
        let first = *last.first().unwrap();
        assert!(first > 1, "something was dropped: {last:?}");
        assert_eq!(last, (first..40).collect::<Vec<_>>());
    }
    // All of it.
    few.purge().await.unwrap();
    let all: Vec<_> = execution.items(None).try_collect().await.unwrap();
    assert_eq!(all, [Logged::Missed]);
    let later = Some(Position::new("10"));
    let rest: Vec<_> = execution.items(later).try_collect().await.unwrap();
    assert!(matches!(rest[..], [Logged::Missed]), "{rest:?}");
}

#[tokio::test]
async fn a_purge_removes_the_log_and_a_stream_that_does_not_fit_is_refused() {
    let (server, nats) = tokio::join!(Server::start(), NatsServer::start());
    let streams = nats.connect().await;
    let worker = Worker::new().flow(Count::new()).streams(streams.clone());
    let _serving = server.serve(worker).await;
    let executions: Executions<Count> = server.client().streams(streams.clone()).executions();
    let context = jetstream::new(nats.client().await);
    let messages = async || {
        let mut stream = context.get_stream("flow").await.unwrap();
        stream.info().await.unwrap().state.messages
    };
    for id in ["1", "2"] {
        let execution = executions.start(id, 10).await.unwrap();
        assert_eq!(execution.output().await.unwrap(), 10);
    }
    let before = messages().await;
    executions
        .by_id()
        .purge()
        .unwrap()
        .purge("1")
        .await
        .unwrap();
    let purged = executions.get("1").items(None).try_next().await;
    assert!(matches!(purged, Err(RequestError::Purged { .. })));
    let after = messages().await;
    assert!(0 < after && after < before, "{before}, {after}");
    let items = executions.get("2").items(None).count().await;
    assert_eq!(items, 10);

    let too_large = Worker::new().flow(Count::new()).max_value(2 << 20);
    let refused = too_large.streams(streams).serve("127.0.0.1:0").await;
    let refused = refused.unwrap_err().to_string();
    assert!(refused.contains("max_value"), "{refused}");
    for (name, subject, retention) in [
        ("other", "other", stream::RetentionPolicy::Limits),
        ("queue", "queue.*.*", stream::RetentionPolicy::WorkQueue),
    ] {
        let config = stream::Config {
            name: name.to_owned(),
            subjects: vec![subject.to_owned()],
            retention,
            ..stream::Config::default()
        };
        context.create_stream(config).await.unwrap();
        let refused = Nats::new(nats.client().await, name).await.unwrap_err();
        let why = std::error::Error::source(&refused).unwrap().to_string();
        assert!(why.contains(name), "{why}");
    }
}
