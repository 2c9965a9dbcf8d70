//! What failed, and how it is told.

use crate::interpreter::asking::ASK;
use crate::interpreter::questions::time;
use crate::script::Value;

/// A failure of a handler, or of a flow that is a stage.
#[derive(Clone, Debug)]
pub(super) struct Failure {
    pub(super) handler: String,
    /// Its error, as it tells it alone.
    pub(super) told: String,
    /// Its error, and the causes of that.
    pub(super) error: Vec<String>,
    pub(super) panicked: bool,
    /// Its last attempt took longer than this.
    pub(super) late: Option<u64>,
    /// The error of the execution that a rescue prevents.
    pub(super) prevented: Vec<String>,
    /// What arrived at the stage that an `else` stands in for.
    pub(super) cause: Option<Value>,
    /// Of a stand-in: the failure that it had taken.
    pub(super) taken: Option<Box<Failure>>,
}

impl Failure {
    /// A failure with an error that has no causes.
    pub(super) fn of(handler: &str, error: String) -> Self {
        Self {
            handler: handler.to_owned(),
            told: error.clone(),
            error: vec![error],
            panicked: false,
            late: None,
            prevented: Vec::new(),
            cause: None,
            taken: None,
        }
    }

    /// The error of an execution that fails with it, at this place.
    pub(super) fn at(&self, place: &str) -> Vec<String> {
        // That a question is given up is told only of what an `else` takes.
        if self.handler == ASK && !self.is_given_up() {
            return self.error.clone();
        }
        let message = match self.late {
            None => format!("handler `{}` failed {place}", self.handler),
            Some(after) => {
                let after = time(after);
                format!("handler `{}` timed out {place} after {after}", self.handler)
            }
        };
        [vec![message], self.error.clone()].concat()
    }
}

/// Why the rest of a clause does not run.
pub(super) enum Stop {
    Failed(Failure),
    /// The item of the innermost `each` is left out.
    Skip,
}

/// An error and its causes, and the same of the `finally` that failed afterwards.
#[derive(Clone, Default)]
pub(super) struct Failed {
    pub(super) error: Vec<String>,
    /// What the rescue had taken that failed.
    pub(super) because: Vec<String>,
    pub(super) then: Option<Box<Failed>>,
    /// A time limit is over.
    pub(super) is_late: bool,
}

impl From<Vec<String>> for Failed {
    fn from(error: Vec<String>) -> Self {
        Self {
            error,
            ..Self::default()
        }
    }
}

impl Failed {
    pub(super) fn text(&self) -> String {
        let mut parts = vec![self.error.join(": ")];
        parts.extend(because(&self.because.join(": ")));
        parts.extend(
            self.then
                .as_ref()
                .map(|then| format!("then {}", then.text())),
        );
        parts.join("; ")
    }

    /// Without causes.
    pub(super) fn told(&self) -> String {
        let mut parts = vec![self.error[0].clone()];
        parts.extend(self.because.first().and_then(|error| because(error)));
        parts.extend(
            self.then
                .as_ref()
                .map(|then| format!("then {}", then.told())),
        );
        parts.join("; ")
    }

    pub(super) fn and_then(mut self, second: Self) -> Self {
        self.then = Some(Box::new(match self.then.take() {
            Some(then) => then.and_then(second),
            None => second,
        }));
        self
    }
}

fn because(error: &str) -> Option<String> {
    (!error.is_empty()).then(|| format!("it was called because {error}"))
}
