//! How the engine runs the random flows.

use std::num::NonZeroUsize;
use std::pin::pin;
use std::sync::{Arc, Mutex};

use flow_core::{
    AnswerError, Asked, Execution, FlowError, FlowTypes, ItemOrOutput, QuestionId, Result, Spawned,
    TryEmitError,
};
use futures::future::BoxFuture;
use futures::{Future, StreamExt};

use crate::drive::{Around, Hands, drive};
use crate::handlers::{Item, Q};
use crate::script::Value;

/// The output of a flow: a value, or nothing.
pub(crate) trait Output: Send + 'static {
    fn into_text(self) -> String;
}

impl Output for () {
    fn into_text(self) -> String {
        "nothing".to_owned()
    }
}

impl Output for Value {
    fn into_text(self) -> String {
        self.number.to_string()
    }
}

/// What a reader has: what it was told of the items, and the questions.
#[derive(Clone, Default)]
pub(crate) struct Reader(Arc<Mutex<Read>>);

#[derive(Default)]
struct Read {
    items: Vec<String>,
    asked: Vec<Asked<Q>>,
    /// Of all questions.
    ids: Vec<QuestionId<Q>>,
}

impl Reader {
    fn take(&self, item: Item) {
        let mut read = self.0.lock().unwrap();
        match item {
            Item::Put(number) => read.items.push(number.to_string()),
            Item::Asked(asked) => {
                let (id, question) = (asked.id, asked.question.0.number);
                read.items.push(format!("question {id}: {question}"));
                read.ids.push(asked.id);
                read.asked.push(asked);
            }
        }
    }

    fn items(&self) -> Vec<String> {
        self.0.lock().unwrap().items.clone()
    }

    fn asked(&self) -> Vec<u64> {
        let read = self.0.lock().unwrap();
        let numbers = read.asked.iter().map(|asked| asked.id.to_string());
        numbers.map(|number| number.parse().unwrap()).collect()
    }

    fn answer(&self, nth: usize, value: Value) -> String {
        answered(self.0.lock().unwrap().asked[nth].answer(value))
    }

    fn id(&self, nth: usize) -> QuestionId<Q> {
        self.0.lock().unwrap().ids[nth]
    }

    fn forget(&self, nth: usize) {
        let asked = self.0.lock().unwrap().asked.remove(nth);
        drop(asked);
    }
}

/// What the outside has of an execution that is no task.
struct NoHandle(Reader);

impl Hands for NoHandle {
    fn has_handle(&self) -> bool {
        false
    }

    fn externals(&self) -> Vec<usize> {
        Vec::new()
    }

    fn asked(&self) -> Vec<u64> {
        self.0.asked()
    }

    fn send(&mut self, _event: usize, _value: Value) -> String {
        unreachable!("there is no handle")
    }

    fn answer(&mut self, nth: usize, value: Value) -> String {
        self.0.answer(nth, value)
    }

    fn forget(&mut self, nth: usize) {
        self.0.forget(nth);
    }

    fn numbers(&self) -> usize {
        0
    }

    fn answer_by_number(&mut self, _nth: usize, _value: Value) -> String {
        unreachable!("there is no handle")
    }

    fn cancel(&mut self) {}

    fn let_go(&mut self) {}
}

/// Answers a question by the handle.
pub(crate) type AnswerBy<F> = fn(&Spawned<F>, QuestionId<Q>, Value) -> String;

pub(crate) fn answered(answered: Result<(), AnswerError<Value>>) -> String {
    answered.map_or_else(|error| error.to_string(), |()| "it takes it".to_owned())
}

/// Sends an event by the handle.
pub(crate) type SendBy<F> = fn(&Spawned<F>, usize, Value) -> String;

/// The outside of an execution that is a task.
struct WithHandle<F: FlowTypes> {
    reader: Reader,
    parts: Arc<Mutex<Parts<F>>>,
    externals: &'static [usize],
    send: SendBy<F>,
    answer: AnswerBy<F>,
}

/// The handle, or the result, for which the handle was given up.
struct Parts<F: FlowTypes> {
    handle: Option<Spawned<F>>,
    output: Option<BoxFuture<'static, Result<F::Output, FlowError>>>,
}

impl<F: FlowTypes> Parts<F> {
    fn let_go(&mut self) {
        if let Some(handle) = self.handle.take() {
            self.output = Some(Box::pin(handle.output()));
        }
    }
}

impl<F: FlowTypes> Hands for WithHandle<F>
where
    F::Output: Output,
{
    fn has_handle(&self) -> bool {
        self.parts.lock().unwrap().handle.is_some()
    }

    fn externals(&self) -> Vec<usize> {
        self.externals.to_vec()
    }

    fn asked(&self) -> Vec<u64> {
        self.reader.asked()
    }

    fn send(&mut self, event: usize, value: Value) -> String {
        let parts = self.parts.lock().unwrap();
        (self.send)(parts.handle.as_ref().unwrap(), event, value)
    }

    fn answer(&mut self, nth: usize, value: Value) -> String {
        self.reader.answer(nth, value)
    }

    fn forget(&mut self, nth: usize) {
        self.reader.forget(nth);
    }

    fn numbers(&self) -> usize {
        self.reader.0.lock().unwrap().ids.len()
    }

    fn answer_by_number(&mut self, nth: usize, value: Value) -> String {
        let parts = self.parts.lock().unwrap();
        (self.answer)(parts.handle.as_ref().unwrap(), self.reader.id(nth), value)
    }

    fn cancel(&mut self) {
        let parts = self.parts.lock().unwrap();
        parts.handle.as_ref().unwrap().cancel();
    }

    fn let_go(&mut self) {
        self.parts.lock().unwrap().let_go();
    }
}

/// Reads the items of a task to their end, and returns them and the result.
pub(crate) fn task<F: FlowTypes<Item = Item>>(
    mut handle: Spawned<F>,
    (externals, send, answer): (&'static [usize], SendBy<F>, AnswerBy<F>),
    around: Around<'_>,
) -> (Vec<String>, String)
where
    F::Output: Output,
{
    let reader = Reader::default();
    let mut items = handle.take_items();
    let parts = Arc::new(Mutex::new(Parts {
        handle: Some(handle),
        output: None,
    }));
    let mut hands = WithHandle {
        reader: reader.clone(),
        parts: Arc::clone(&parts),
        externals,
        send,
        answer,
    };
    let execution = async {
        while let Some(Ok(item)) = items.next().await {
            reader.take(item);
        }
        let output = {
            let mut parts = parts.lock().unwrap();
            parts.let_go();
            parts.output.take().unwrap()
        };
        output.await
    };
    let result = drive(around, &mut hands, execution);
    (reader.items(), told(result))
}

/// Reads the stream of the execution to its end, and returns the items and the result.
pub(crate) fn read<O: Output>(
    execution: Execution<Item, O>,
    around: Around<'_>,
) -> (Vec<String>, String) {
    let reader = Reader::default();
    let stream = execution.with_output();
    let execution = async {
        let mut stream = pin!(stream);
        loop {
            match stream.next().await {
                Some(ItemOrOutput::Item(item)) => reader.take(item),
                Some(ItemOrOutput::Output(result)) => return result,
                None => unreachable!("the result comes first"),
            }
        }
    };
    let result = drive(around, &mut NoHandle(reader.clone()), execution);
    (reader.items(), told(result))
}

/// As [`read`], without the items.
pub(crate) fn wait<O: Output>(
    execution: impl Future<Output = Result<O, FlowError>>,
    around: Around<'_>,
) -> (Vec<String>, String) {
    let result = drive(around, &mut NoHandle(Reader::default()), execution);
    (Vec::new(), told(result))
}

fn told<O: Output>(result: Option<Result<O, FlowError>>) -> String {
    match result {
        None => "it hangs, or was dropped".to_owned(),
        Some(Ok(output)) => format!("ends with {}", output.into_text()),
        Some(Err(error)) => {
            let kept = error.take_output::<Value>().map(|value| value.number);
            format!("{error:#}; kept {kept:?}")
        }
    }
}

/// So many items that no `put` waits: what else runs meanwhile is not decided by the laws.
pub(crate) const CAPACITY: NonZeroUsize = NonZeroUsize::new(1 << 16).unwrap();

/// Runs one flow by a case.
pub(crate) type Runner = fn(Around<'_>) -> (Vec<String>, String);

/// A runner of the flow, with the events that it takes from outside, and its question.
macro_rules! runner {
    ($flow:ident, [$($external:ident)*], [$($question:ident)?]) => {
        |around| {
            let case = around.case;
            let flow = $flow::new()
                .with(around.world.clone())
                .capacity($crate::engine::CAPACITY)
                .max_events(case.max_events)
                .max_pending(case.max_pending);
            let input = $crate::script::Value {
                number: 0,
                fuel: case.fuel,
            };
            match case.way {
                $crate::case::Way::Run => $crate::engine::wait(flow.run(input), around),
                $crate::case::Way::Stream => $crate::engine::read(flow.stream(input), around),
                $crate::case::Way::Spawn => $crate::engine::task(
                    flow.spawn(input),
                    (&[$($crate::handlers::Kind::$external as usize),*], |_handle, event, _value| {
                        $(if event == $crate::handlers::Kind::$external as usize {
                            return $crate::engine::sent(&_handle.try_emit($external(_value)));
                        })*
                        unreachable!("event {event}")
                    }, |_handle, _id, _value| {
                        let answered: Option<String> = None;
                        $(let answered = answered.or_else(|| {
                            let answer = _handle.answer::<$crate::handlers::$question>(_id, _value);
                            Some($crate::engine::answered(answer))
                        });)?
                        answered.expect("it asks")
                    }),
                    around,
                ),
            }
        }
    };
}
pub(crate) use runner;

pub(crate) fn sent<E>(result: &Result<(), TryEmitError<E>>) -> String {
    let came = match result {
        Ok(()) => "it takes it",
        Err(TryEmitError::Full(_)) => "it has no room",
        Err(_) => "it has ended",
    };
    came.to_owned()
}
