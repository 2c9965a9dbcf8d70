//! `with Session = open_session;`: what an execution opens before `start`, and drops after
//! everything else.

use crate::graph::resource_of;
use crate::interpreter::data::Data;
use crate::interpreter::delivery::Activation;
use crate::interpreter::failure::{Failed, Stop};
use crate::interpreter::questions::time;
use crate::interpreter::stages::Busy;
use crate::interpreter::{Execution, Over, lock};
use crate::script::{Value, World};

/// How far an execution is with it.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Opening {
    /// A handler opens one, and everything else waits.
    Running,
    /// The next one is opened before anything else.
    Next,
    Done,
}

/// A resource. It is dropped after those that were opened later.
pub(super) struct Opened<'a>(&'a World, &'static str);

impl Drop for Opened<'_> {
    fn drop(&mut self) {
        self.0.note(format!("{} is closed", self.1));
    }
}

/// Those of an execution. They are dropped with the future that runs it, after its handlers.
pub(super) struct Resources<'b, 'a>(pub(super) &'b Execution<'a>);

impl Drop for Resources<'_, '_> {
    fn drop(&mut self) {
        self.0.drop_given_up();
        loop {
            let last = lock(&self.0.opened).pop();
            if last.is_none() {
                return;
            }
        }
    }
}

impl Execution<'_> {
    /// What an execution begins with.
    pub(super) fn begin(&self, start: Value) {
        let opens = !self.graph.opens.is_empty();
        *lock(&self.opening) = if opens { Opening::Next } else { Opening::Done };
        self.push_first(0, start);
    }

    /// The next resource, or `start` if all are there.
    fn push_first(&self, opened: usize, start: Value) {
        let clause = match self.graph.opens.get(opened) {
            Some(_) => self.graph.clauses.len() + opened,
            None => 0,
        };
        lock(&self.queue).push_front(Activation {
            clause,
            data: Data::One(start),
            is_left: false,
            is_emitted: false,
        });
    }

    pub(super) fn is_open(&self) -> bool {
        *lock(&self.opening) == Opening::Done
    }

    /// Opens a resource of the flow.
    pub(super) async fn open(&self, nth: usize, start: Value) {
        *lock(&self.opening) = Opening::Running;
        let handler = self.graph.opens[nth];
        let resource = resource_of(handler);
        let opened = {
            let _busy = Busy::new(self);
            self.call(handler, &Data::One(start)).await
        };
        let Err(Stop::Failed(failure)) = opened else {
            let opened = Opened(self.outside.around.world, resource);
            lock(&self.opened).push(opened);
            let is_last = nth + 1 == self.graph.opens.len();
            *lock(&self.opening) = if is_last {
                Opening::Done
            } else {
                Opening::Next
            };
            return self.push_first(nth + 1, start);
        };
        let how = match failure.late {
            _ if failure.panicked => format!("panicked in `with {resource}`"),
            None => format!("failed in `with {resource}`"),
            Some(after) => format!("timed out in `with {resource}` after {}", time(after)),
        };
        let message = format!("handler `{handler}` {how}");
        let failed = Failed {
            is_late: failure.late.is_some(),
            ..[vec![message], failure.error].concat().into()
        };
        self.end(Over::Failed(failed, failure.panicked));
    }
}
