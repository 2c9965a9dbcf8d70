//! Calls of handlers, and what these have of their execution.

use std::pin::Pin;

use crate::graph::QUESTION;
use crate::interpreter::data::Data;
use crate::interpreter::failure::{Failure, Stop};
use crate::interpreter::outside::Item;
use crate::interpreter::{Execution, Over};
use crate::script::{Outcome, Surroundings, Value};

impl Execution<'_> {
    pub(super) async fn attempt(
        &self,
        handler: &str,
        data: &Data,
        number: u32,
    ) -> Result<Data, Stop> {
        let (input, fuel) = data.told(handler);
        let emits =
            handler.starts_with(['v', 'e', 'p', 'r', 'q', 'k', 'n', 'z']) || handler == "settle";
        let (call, outcome) = if emits {
            self.outside
                .around
                .world
                .call(handler, &input, fuel, &Loud(self, number))
                .await
        } else {
            self.outside
                .around
                .world
                .call(handler, &input, fuel, &Quiet(self, number))
                .await
        };
        let failure = |error, panicked| {
            Stop::Failed(Failure {
                panicked,
                ..Failure::of(handler, error)
            })
        };
        match outcome {
            Outcome::Value(which) => {
                self.outside
                    .around
                    .world
                    .note(format!("{} returns", call.name));
                let world = self.outside.around.world;
                Ok(match handler {
                    "split" => {
                        Data::Several(call.parts(which).into_iter().map(Data::One).collect())
                    }
                    "source" => Data::Stream(call, which),
                    "draft" => Data::Event(QUESTION, call.value()),
                    "open0" | "open1" => Data::One(call.value()),
                    "m_one" => Data::Returned(vec![(0, call.one())]),
                    _ if handler.starts_with(['m', 'o', 'x']) => {
                        Data::Returned(kinds(handler, &world.returned(&call, which)))
                    }
                    "choose" => Data::Choice(usize::from(which % 3), call.value()),
                    _ => Data::One(call.value()),
                })
            }
            Outcome::Fail => {
                self.outside
                    .around
                    .world
                    .note(format!("{} fails", call.name));
                Err(failure(format!("at {}", call.number), false))
            }
            Outcome::Panic => {
                self.outside
                    .around
                    .world
                    .note(format!("{} panics", call.name));
                Err(failure("planned".to_owned(), true))
            }
        }
    }

    /// After the end, an item is dropped, and the handler waits to be dropped, too.
    fn put(&self, item: u16) -> Pin<Box<dyn Future<Output = ()> + Send>> {
        if self.is_over() {
            return Box::pin(std::future::pending());
        }
        self.hand_out(Item::Put(item));
        Box::pin(std::future::ready(()))
    }
}

/// The events that a handler returns, with these values.
fn kinds(handler: &str, values: &[Value]) -> Vec<(usize, Value)> {
    let kind = |nth: usize, value: &Value| match handler {
        // An `Option`, which holds the first.
        "m_opt" | "o_opt" => (nth == 0).then_some(1),
        "m_any" => (nth == 0).then_some([0, 1, QUESTION][usize::from(value.number % 3)]),
        // A tuple of an `Option` and a `Vec`.
        "m_two" => Some(if nth == 0 { 3 } else { 0 }),
        "m_vec" | "x_vec" => Some(2),
        _ => unreachable!("{handler}"),
    };
    let values = values.iter().enumerate();
    let events = values.filter_map(|(nth, value)| Some((kind(nth, value)?, *value)));
    events.collect()
}

/// What an attempt has, if its handler may emit.
struct Loud<'b, 'a>(&'b Execution<'a>, u32);

/// What an attempt has whose handler emits nothing.
struct Quiet<'b, 'a>(&'b Execution<'a>, u32);

impl Surroundings for Loud<'_, '_> {
    fn may_emit(&self) -> bool {
        true
    }

    fn attempt(&self) -> u32 {
        self.1
    }

    fn emit(&self, event: usize, value: Value) {
        self.0.emit(event, value);
    }

    fn put(&self, item: u16) -> Pin<Box<dyn Future<Output = ()> + Send + '_>> {
        self.0.put(item)
    }

    fn stop(&self) {
        self.0.end(Over::Stopped);
    }
}

impl Surroundings for Quiet<'_, '_> {
    fn may_emit(&self) -> bool {
        false
    }

    fn may_put(&self) -> bool {
        self.0.is_open()
    }

    fn attempt(&self) -> u32 {
        self.1
    }

    fn emit(&self, _event: usize, _value: Value) {}

    fn put(&self, item: u16) -> Pin<Box<dyn Future<Output = ()> + Send + '_>> {
        self.0.put(item)
    }

    fn stop(&self) {
        self.0.end(Over::Stopped);
    }
}
