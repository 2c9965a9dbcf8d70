//! How the flows run in memory, and in a store.

use std::collections::BTreeMap;
use std::pin::pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use flow_core::durable::{ExecutionsById, Happened, Host, Logged, RequestError};
use flow_core::{Asked, FlowError, FlowTypes, Spawned};
use futures::future::{BoxFuture, Either, ready, select};
use futures::{FutureExt, StreamExt};
use serde::Serialize;
use serde_json::json;
use tokio::time::sleep;

use crate::client::{Client, Hands, Lost, Question, Request};
use crate::graph::EVENTS;
use crate::handlers::{Item, Q};
use crate::parts::without_names;
use crate::script::{Value, World};

/// What an execution has come to.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Outcome {
    pub(crate) output: String,
    pub(crate) items: Vec<String>,
    /// How often readers were told that a call is repeated.
    pub(crate) restarted: usize,
    /// The calls that were recorded, in the order of their commits. Empty in memory.
    pub(crate) calls: Vec<String>,
}

/// What runs a flow.
#[derive(Clone, Copy)]
pub(crate) struct Runner {
    /// The events that it takes from outside.
    pub(crate) externals: &'static [usize],
    pub(crate) in_memory: fn(World, &'static [usize]) -> BoxFuture<'static, Outcome>,
    pub(crate) register: fn(&Host, World) -> Arc<dyn ExecutionsById>,
}

/// A runner of the flow, with the events that it takes from outside, and its question.
macro_rules! runner {
    ($flow:ident, [$($external:ident)*], [$($question:ident)?]) => {
        $crate::engine::Runner {
            externals: &[$($crate::handlers::Kind::$external as usize),*],
            in_memory: |world, externals| {
                let input = $crate::engine::input(&world);
                let handle = $flow::new()
                    .with(world.clone())
                    .capacity($crate::engine::CAPACITY)
                    .spawn(input);
                ::std::boxed::Box::pin($crate::engine::in_memory(
                    handle,
                    |_handle, _event, _value| {
                        $(if _event == $crate::handlers::Kind::$external as usize {
                            // It may be over.
                            let _sent = _handle.try_emit($external(_value));
                        })*
                    },
                    world,
                    externals,
                ))
            },
            register: |host, world| {
                let executions = host.register_as("F", $flow::new().with(world));
                ::std::sync::Arc::clone(executions.by_id())
            },
        }
    };
}
pub(crate) use runner;

/// So many items that no `put` waits.
pub(crate) const CAPACITY: std::num::NonZeroUsize = std::num::NonZeroUsize::new(1 << 16).unwrap();

pub(crate) fn input(world: &World) -> Value {
    Value {
        number: 0,
        fuel: world.plan().fuel,
    }
}

/// The outside of an execution without a store.
struct InMemory<F: FlowTypes> {
    world: World,
    handle: Mutex<Option<Spawned<F>>>,
    asked: Mutex<Vec<Asked<Q>>>,
    send: fn(&Spawned<F>, usize, Value),
}

impl<F: FlowTypes> Hands for InMemory<F> {
    fn questions(&self) -> BoxFuture<'_, Result<Vec<Question>, Lost>> {
        let asked = lock(&self.asked);
        // Some of them wait no more.
        let questions = asked.iter().map(|asked| Question {
            number: asked.id.to_string().parse().unwrap(),
            of: asked.question.0.number,
        });
        ready(Ok(questions.collect())).boxed()
    }

    fn request<'a>(&'a self, request: &'a Request) -> BoxFuture<'a, Result<(), Lost>> {
        let value = request.value(&self.world);
        match request {
            Request::Answer(Question { number, .. }) => {
                let number = number.to_string();
                let mut asked = lock(&self.asked);
                let at = asked
                    .iter()
                    .position(|asked| asked.id.to_string() == number);
                let question = asked.remove(at.expect("it was asked"));
                drop(asked);
                // Its branch may have lost.
                let _answered = question.answer(value);
            }
            Request::Send(event, _) => {
                let handle = lock(&self.handle);
                let handle = handle.as_ref().expect("it takes events");
                (self.send)(handle, *event, value);
            }
            Request::Cancel => {
                let handle = lock(&self.handle);
                handle.as_ref().expect("it takes events").cancel();
            }
        }
        ready(Ok(())).boxed()
    }
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

pub(crate) async fn in_memory<F: FlowTypes<Item = Item>>(
    mut handle: Spawned<F>,
    send: fn(&Spawned<F>, usize, Value),
    world: World,
    externals: &[usize],
) -> Outcome
where
    F::Output: Serialize,
{
    let mut items = handle.take_items();
    // One without events from outside would wait for its handle, and not end.
    let (handle, mut output) = if externals.is_empty() {
        (None, Some(handle.output()))
    } else {
        (Some(handle), None)
    };
    let hands = InMemory {
        world: world.clone(),
        handle: Mutex::new(handle),
        asked: Mutex::default(),
        send,
    };
    let mut read = Vec::new();
    let execution = async {
        while let Some(Ok(item)) = items.next().await {
            read.push(json!(item).to_string());
            if let Item::Asked(asked) = item {
                lock(&hands.asked).push(asked);
            }
        }
        let handle = lock(&hands.handle).take();
        let output = output.take().or_else(|| handle.map(Spawned::output));
        output.expect("it is taken once").await
    };
    let mut client = Client::default();
    let client = client.act(&world, externals, &hands);
    let output = match select(pin!(execution), pin!(client)).await {
        Either::Left((output, _)) => output,
        Either::Right(_) => unreachable!("the client acts until it is dropped"),
    };
    let output = output.map(|output| json!(output).to_string());
    Outcome {
        output: told(output),
        items: read,
        ..Outcome::default()
    }
}

fn told(output: Result<String, FlowError>) -> String {
    output.unwrap_or_else(|error| without_names(&format!("{error:#}")))
}

/// The outside of an execution in a store.
pub(crate) struct InStore<'a> {
    pub(crate) by_id: &'a dyn ExecutionsById,
    pub(crate) world: &'a World,
}

const ID: &str = "x";

/// How long it takes until a request is repeated.
const MOMENT: Duration = Duration::from_millis(10);

impl InStore<'_> {
    /// What became of a request. Refusals are answers: it is over, or the question is gone.
    async fn done(&self, result: Result<(), RequestError>) -> Result<(), Lost> {
        match result {
            Ok(()) | Err(RequestError::Refused(_) | RequestError::OtherAnswer { .. }) => Ok(()),
            Err(error) => {
                self.go_on(error).await?;
                Err(Lost)
            }
        }
    }

    /// Has an execution go on that was not to blame for the crashes.
    async fn go_on(&self, error: RequestError) -> Result<(), Lost> {
        match error {
            RequestError::Unavailable(_) => Ok(()),
            RequestError::Poisoned { .. } => {
                let list = self.by_id.list().expect("a host lists");
                list.retry(ID).await.map_err(|_unavailable| Lost)
            }
            error => panic!("{error:?}"),
        }
    }

    /// Starts the execution, unless that is done.
    pub(crate) async fn start(&self) {
        let input = input(self.world);
        let input = json!(input);
        while let Err(error) = self.by_id.start(ID, input.clone().into()).await {
            let _lost = self.go_on(error).await;
            sleep(MOMENT).await;
        }
    }

    /// Waits for its end.
    pub(crate) async fn output(&self) -> String {
        loop {
            match self.by_id.output(ID).await {
                Ok(output) => return output.to_json().unwrap().to_string(),
                Err(RequestError::Failed(error)) => return told(Err(error)),
                Err(error) => {
                    let _lost = self.go_on(error).await;
                    sleep(MOMENT).await;
                }
            }
        }
    }

    /// What else is kept of an execution that is over.
    pub(crate) async fn outcome(&self, output: String) -> Outcome {
        loop {
            match self.kept(&output).await {
                Ok(outcome) => return outcome,
                Err(error) => {
                    let _lost = self.go_on(error).await;
                    sleep(MOMENT).await;
                }
            }
        }
    }

    async fn kept(&self, output: &str) -> Result<Outcome, RequestError> {
        let mut outcome = Outcome {
            output: output.to_owned(),
            ..Outcome::default()
        };
        let mut log = self.by_id.items(ID, None);
        while let Some(entry) = log.next().await {
            match entry {
                Ok(Logged::Item { item, .. }) => {
                    outcome.items.push(item.to_json().unwrap().to_string());
                }
                Ok(Logged::Restarted { .. }) => outcome.restarted += 1,
                Err(RequestError::Failed(_)) => break,
                Err(error) => return Err(error),
                entry => panic!("{entry:?}"),
            }
        }
        let history = self.by_id.history().expect("a host keeps it");
        for entry in history.history(ID, None, usize::MAX).await? {
            outcome.calls.extend(entry.what.iter().filter_map(call));
        }
        Ok(outcome)
    }
}

/// A call that has ended, with its result.
fn call(happened: &Happened) -> Option<String> {
    match happened {
        Happened::Called {
            activation,
            handler,
            path,
            result,
        } => Some(format!("{activation} {path} {handler}: {result:?}")),
        Happened::InStage { stage, what } => Some(format!("{stage}: {}", call(what)?)),
        _ => None,
    }
}

/// How often each of them is there.
pub(crate) fn counted(all: &[String]) -> BTreeMap<&str, usize> {
    let mut counted = BTreeMap::new();
    for one in all {
        *counted.entry(&**one).or_default() += 1;
    }
    counted
}

impl Hands for InStore<'_> {
    fn questions(&self) -> BoxFuture<'_, Result<Vec<Question>, Lost>> {
        async {
            let open = match self.by_id.questions(ID).await {
                Ok(open) => open,
                Err(error) => {
                    self.go_on(error).await?;
                    return Err(Lost);
                }
            };
            let questions = open.iter().map(|open| {
                let question = open.question.to_json().unwrap();
                Question {
                    number: open.number,
                    of: question["number"].as_u64().unwrap().try_into().unwrap(),
                }
            });
            Ok(questions.collect())
        }
        .boxed()
    }

    fn request<'a>(&'a self, request: &'a Request) -> BoxFuture<'a, Result<(), Lost>> {
        async move {
            let value = json!(request.value(self.world));
            let result = match request {
                Request::Answer(question) => {
                    self.by_id.answer(ID, question.number, value.into()).await
                }
                Request::Send(event, nth) => {
                    let (event, key) = (EVENTS[*event], format!("{event} {nth}"));
                    self.by_id.send(ID, event, value.into(), &key).await
                }
                Request::Cancel => self.by_id.cancel(ID).await,
            };
            self.done(result).await
        }
        .boxed()
    }
}
