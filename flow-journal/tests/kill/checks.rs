//! What holds for the log of processes, however they were killed.

use std::collections::{BTreeMap, HashMap, HashSet};

use crate::flows::{Output, elements, expected};
use crate::log::Line;
use crate::victim::Begun;

/// The log, read so far.
#[derive(Default)]
pub(crate) struct Checked {
    /// Executions of which a start was begun, and whether it has returned.
    begun: BTreeMap<u32, bool>,
    pub(crate) over: BTreeMap<u32, Output>,
    pub(crate) retried: usize,
    pub(crate) effects: usize,
    /// Calls that were made more than once.
    pub(crate) repeated: HashSet<String>,
    /// By which process a call was made last.
    made: HashMap<String, u32>,
    recorded: HashSet<String>,
    items: HashMap<(u32, String), String>,
    answers: HashMap<u32, u32>,
    /// The position from which another process may read on.
    read: HashMap<u32, String>,
}

impl Checked {
    /// Adds a line, and panics if it must not follow those before it.
    pub(crate) fn add(&mut self, process: u32, line: Line) {
        match line {
            Line::Starting(id) => {
                let before = self.begun.insert(id, false);
                assert_eq!(before, None, "{id} is new");
            }
            Line::Started(id) => {
                self.begun.insert(id, true);
            }
            Line::Effect(key) => {
                self.effects += 1;
                assert!(
                    !self.recorded.contains(&key),
                    "the call {key} was made again, although its result was recorded"
                );
                if let Some(before) = self.made.insert(key.clone(), process) {
                    assert!(
                        before < process,
                        "the call {key} was made twice by one process"
                    );
                    self.repeated.insert(key);
                }
            }
            Line::Recorded(key) => {
                assert!(
                    self.made.contains_key(&key),
                    "the call {key} has a result, and was not made"
                );
                self.recorded.insert(key);
            }
            Line::Item(id, position, item) => {
                // After the question, something is left to do until it is answered.
                if !item.starts_with("{\"HowMuch\"") || self.answers.contains_key(&id) {
                    self.read.insert(id, position.clone());
                }
                let before = self.items.insert((id, position), item.clone());
                if let Some(before) = before {
                    assert_eq!(before, item, "an item of {id} has changed");
                }
            }
            Line::Answered(id, answer) => {
                let before = self.answers.insert(id, answer);
                if let Some(before) = before {
                    assert_eq!(before, answer, "the answer to {id} has changed");
                }
            }
            Line::Over(id, output) => {
                let output = serde_json::from_str(&output).unwrap();
                self.check_output(id, &output);
                let before = self.over.insert(id, output.clone());
                if let Some(before) = before {
                    assert_eq!(before, output, "the output of {id} has changed");
                }
            }
            Line::Retried(_) => self.retried += 1,
        }
    }

    /// Whether an output is right: it is known from the number of the execution, but for the answer
    /// that it was given and the keys of its calls.
    pub(crate) fn check_output(&self, id: u32, output: &Output) {
        let answer = self.answers.get(&id).copied();
        let answer = answer.unwrap_or_else(|| panic!("{id} is over without an answer"));
        let mut expected = expected(id, answer);
        expected.keys.clone_from(&output.keys);
        assert_eq!(*output, expected, "the output of {id}");
        let keys: HashSet<_> = output.keys.iter().collect();
        let calls = elements(id) as usize + 1;
        assert_eq!(keys.len(), calls, "each call of {id} has a key of its own");
        for key in keys {
            assert!(self.made.contains_key(key), "{id} has made the call {key}");
        }
    }

    /// Executions that are to be gone on with.
    pub(crate) fn open(&self) -> Vec<Begun> {
        let begun = self.begun.iter();
        let open = begun.filter(|(id, _)| !self.over.contains_key(id));
        let open = open.map(|(id, was_started)| Begun {
            number: *id,
            was_started: *was_started,
            read: self.read.get(id).cloned(),
        });
        open.collect()
    }

    pub(crate) fn count(&self) -> usize {
        self.begun.len()
    }

    /// The number of an execution that nobody has begun.
    pub(crate) fn next(&self) -> u32 {
        self.begun.keys().next_back().map_or(0, |last| last + 1)
    }
}
