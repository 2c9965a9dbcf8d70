//! Calls of handlers, and what these have of their execution.

use std::pin::Pin;
use std::sync::Weak;

use crate::graph::EVENTS;
use crate::interpreter::failure::{Failure, Stop};
use crate::interpreter::{Data, Execution, Over, lock};
use crate::script::{Outcome, Surroundings, Value};

impl Execution<'_> {
    pub(super) async fn attempt(
        &self,
        handler: &str,
        data: &Data,
        number: u32,
    ) -> Result<Data, Stop> {
        let takes_nothing = handler == "s3";
        let (input, fuel) = match data {
            _ if takes_nothing => (String::new(), 1),
            Data::One(value) => (value.number.to_string(), value.fuel),
            // It takes the event alone.
            Data::Event(_, value) if handler == "q1" => (value.number.to_string(), value.fuel),
            Data::Event(event, value) => {
                (format!("{} {}", EVENTS[*event], value.number), value.fuel)
            }
            Data::Several(values) => {
                let numbers: Vec<_> = values
                    .iter()
                    .map(|value| value.number.to_string())
                    .collect();
                let fuel = values.iter().map(|value| value.fuel).min();
                (numbers.join(" "), fuel.unwrap_or(0))
            }
            Data::Failed(failed) => {
                let failure = format!("{} {}", failed.handler, failed.told);
                match failed.cause {
                    Some(cause) if matches!(handler, "s0" | "s1") => {
                        (format!("{failure}: {}", cause.number), cause.fuel)
                    }
                    _ => (failure, 1),
                }
            }
            Data::Answered(question, answer) => (
                format!("Q {}: {}", question.number, answer.number),
                answer.fuel,
            ),
            Data::Ending(ending) => ((*ending).to_owned(), 2),
            Data::Tick(count) => (count.to_string(), 2),
            Data::Reminder(_, asked, count) => (format!("{} {count}", asked.number), asked.fuel),
            Data::Choice(..) => unreachable!("it is matched"),
        };
        let emits = handler.starts_with(['v', 'e', 'p', 'r', 'q', 'k', 'n']) || handler == "settle";
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
                Ok(match handler {
                    "split" => Data::Several(call.parts(which)),
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
        let outer = self.outer.as_ref().and_then(Weak::upgrade);
        if outer.is_some_and(|outer| outer.is_over()) {
            *lock(&self.is_stuck) = true;
        } else {
            self.outside.put(item.to_string());
        }
        Box::pin(std::future::ready(()))
    }
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
