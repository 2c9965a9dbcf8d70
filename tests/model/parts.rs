//! What handlers have, take and come to, whoever runs their flow.

use std::future::Future;
use std::pin::Pin;

use serde::{Deserialize, Serialize};

/// What goes from stage to stage. Its number tells where it comes from.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Value {
    pub(crate) number: u16,
    /// How many events may follow one from another.
    pub(crate) fuel: u8,
}

impl Value {
    pub(crate) fn is_odd(self) -> bool {
        self.number % 2 == 1
    }

    /// What a closure makes of it.
    pub(crate) fn next(self) -> Self {
        let number = self.number.wrapping_add(1);
        Self { number, ..self }
    }
}

/// A call that has begun.
#[derive(Clone, Debug)]
pub(crate) struct Call {
    pub(crate) name: String,
    pub(crate) number: u16,
    pub(crate) fuel: u8,
}

/// How a call comes out.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Outcome {
    /// It returns, and the number chooses what.
    Value(u8),
    Fail,
    Panic,
}

/// The payload of a planned panic, which is not printed.
pub(crate) const PLANNED: &str = "planned";

/// What a handler has of its execution.
pub(crate) trait Surroundings: Sync {
    /// Whether it may emit.
    fn may_emit(&self) -> bool;
    fn may_put(&self) -> bool {
        true
    }
    /// Which attempt of the call it is, from 1.
    fn attempt(&self) -> u32;
    fn emit(&self, event: usize, value: Value);
    fn put(&self, item: u16) -> Pin<Box<dyn Future<Output = ()> + Send + '_>>;
    fn stop(&self);
}

/// The error of a time limit names what was running, which the model does not.
pub(crate) fn without_names(error: &str) -> String {
    let named = [
        ("took longer than ", ": "),
        ("after its `end`", ": "),
        ("was idle for ", " while "),
    ];
    let parts = error.split("; ").map(|part| {
        let from = named.map(|(text, names)| {
            let at = part.find(text)?;
            let end = at + text.len();
            Some(end + part[end..].find(names)?)
        });
        let from = from.into_iter().flatten().min();
        &part[..from.unwrap_or(part.len())]
    });
    parts.collect::<Vec<_>>().join("; ")
}
