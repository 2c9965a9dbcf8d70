//! What is outside of an execution: its reader, and its handle.

use std::sync::{Arc, Mutex, Weak};

use crate::case::Way;
use crate::drive::{self, Around};
use crate::interpreter::numbers::Numbers;
use crate::interpreter::questions::ENDED;
use crate::interpreter::{CANCELLED, Execution, Over, lock};
use crate::script::Value;

pub(super) struct Outside<'a> {
    pub(super) around: Around<'a>,
    items: Mutex<Vec<String>>,
    /// The questions that the reader holds.
    held: Mutex<Vec<Held<'a>>>,
    /// The numbers of those that it was told of.
    numbers: Mutex<Vec<u64>>,
    pub(super) questions: Mutex<Numbers<'a>>,
    handle: Mutex<bool>,
    /// How often it was cancelled.
    cancels: Mutex<u8>,
}

/// A question, as the reader holds it.
pub(super) struct Held<'a> {
    pub(super) number: u64,
    pub(super) execution: Weak<Execution<'a>>,
}

/// What goes out through the stream.
pub(super) enum Item<'a> {
    Put(u16),
    Asked(Held<'a>, Value),
}

impl<'a> Outside<'a> {
    pub(super) fn new(around: Around<'a>) -> Self {
        Self {
            around,
            items: Mutex::default(),
            held: Mutex::default(),
            numbers: Mutex::default(),
            questions: Mutex::default(),
            handle: Mutex::new(around.case.way == Way::Spawn),
            cancels: Mutex::default(),
        }
    }

    fn is_read(&self) -> bool {
        self.around.case.way != Way::Run
    }

    /// Without a reader, an item is dropped at once, and a question is.
    pub(super) fn put(&self, item: Item<'a>) {
        if !self.is_read() {
            return;
        }
        let told = match item {
            Item::Put(item) => item.to_string(),
            Item::Asked(held, asked) => {
                let told = format!("question {}: {}", held.number, asked.number);
                lock(&self.numbers).push(held.number);
                lock(&self.held).push(held);
                told
            }
        };
        lock(&self.items).push(told);
    }

    pub(super) fn items(&self) -> Vec<String> {
        lock(&self.items).clone()
    }

    pub(super) fn has_handle(&self) -> bool {
        *lock(&self.handle)
    }

    /// By its number, or by the question itself.
    pub(super) fn can_answer(&self, number: u64) -> bool {
        let held = lock(&self.held);
        self.has_handle() || held.iter().any(|held| held.number == number)
    }
}

impl<'a> Execution<'a> {
    /// An item goes into the stream. An outer execution that is over does not take it.
    pub(super) fn hand_out(&self, item: Item<'a>) {
        self.has_item();
        self.is_active_with_item();
        let outer = self.outer.as_ref().and_then(Weak::upgrade);
        if outer.as_ref().is_some_and(|outer| outer.is_over()) {
            *lock(&self.is_stuck) = true;
            lock(&self.stuck).push(item);
        } else {
            if let Some(outer) = outer {
                outer.is_active_with_item();
            }
            self.outside.put(item);
        }
    }

    /// The question with this number goes out.
    pub(super) fn hand_out_question(&self, number: u64, asked: Value) {
        let execution = self.this.clone();
        self.hand_out(Item::Asked(Held { number, execution }, asked));
    }

    /// Whether the question with this number waits to go out.
    pub(super) fn has_stuck(&self, number: u64) -> bool {
        let stuck = lock(&self.stuck);
        let mut stuck = stuck.iter();
        stuck.any(|item| matches!(item, Item::Asked(held, _) if held.number == number))
    }

    /// Something is there for a reader that polls the execution.
    fn has_item(&self) {
        let is_polled = self.outer.is_some() || self.outside.around.case.way == Way::Stream;
        *lock(&self.has_items) |= is_polled;
        if let Some(outer) = self.outer.as_ref().and_then(Weak::upgrade) {
            outer.has_item();
        }
    }
}

/// The outside of the outermost execution, as it acts.
pub(super) struct Hands<'a>(Arc<Execution<'a>>);

impl<'a> Hands<'a> {
    pub(super) fn new(outermost: &Arc<Execution<'a>>) -> Self {
        Self(Arc::clone(outermost))
    }
}

impl drive::Hands for Hands<'_> {
    fn has_handle(&self) -> bool {
        self.0.outside.has_handle()
    }

    fn externals(&self) -> Vec<usize> {
        self.0.graph.externals.clone()
    }

    fn asked(&self) -> Vec<u64> {
        let held = lock(&self.0.outside.held);
        held.iter().map(|held| held.number).collect()
    }

    fn send(&mut self, event: usize, value: Value) -> String {
        let takes = !self.0.is_over() && !self.0.is_ending();
        if takes && !self.0.has_room() {
            return "it has no room".to_owned();
        }
        if takes {
            self.0.enter(event, value);
        }
        // One too many ends it.
        let takes = takes && !self.0.is_over();
        let came = if takes { "it takes it" } else { "it has ended" };
        came.to_owned()
    }

    fn answer(&mut self, nth: usize, value: Value) -> String {
        let (number, execution) = {
            let held = &lock(&self.0.outside.held)[nth];
            (held.number, held.execution.upgrade())
        };
        match execution {
            Some(execution) => execution.answer(number, value),
            None => ENDED.to_owned(),
        }
    }

    fn numbers(&self) -> usize {
        lock(&self.0.outside.numbers).len()
    }

    fn answer_by_number(&mut self, nth: usize, value: Value) -> String {
        let number = lock(&self.0.outside.numbers)[nth];
        self.0.answer_by_number(number, value)
    }

    fn forget(&mut self, nth: usize) {
        lock(&self.0.outside.held).remove(nth);
    }

    fn cancel(&mut self) {
        let cancels = {
            let mut cancels = lock(&self.0.outside.cancels);
            *cancels += 1;
            *cancels
        };
        // A `finally` is not dropped by the first.
        if *lock(&self.0.finalizing) && cancels < 2 {
            return;
        }
        let cancelled = vec![CANCELLED.to_owned()].into();
        self.0.end(Over::Failed(cancelled, false));
    }

    fn let_go(&mut self) {
        *lock(&self.0.outside.handle) = false;
        self.0.wake_entered();
    }
}
