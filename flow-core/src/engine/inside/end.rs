//! The ending of an execution: what decides it, the `finally` after it, and what it comes to.

use crate::engine::ending::Ending;
use crate::engine::inside::Inside;
use crate::error::FlowError;
use crate::macro_support::drop::drop_catching;
use crate::macro_support::graph::Graph;

impl<G: Graph> Inside<G> {
    /// Sets the ending; the first one counts. Nothing begins after it.
    pub(crate) fn end(&self, ending: Ending) {
        let ending = if self.comes_to_nothing(&ending) {
            Ending::Failed(FlowError::unfinished())
        } else {
            ending
        };
        if finishes::<G>() && self.finalizing.get() && self.is_first_cancel(&ending) {
            return;
        }
        let is_new = if !finishes::<G>() || !self.is_open() {
            self.ending.set(ending)
        } else if self.finalizing.get() {
            let fails = matches!(ending, Ending::Failed(_));
            let is_new = self.ending.set(self.after_finally(ending));
            self.finishing_failed
                .update(|failed| failed || fails && is_new);
            is_new
        } else {
            self.first_ending.set(Box::new(ending.into())).is_ok()
        };
        if is_new {
            self.budget.set(0);
        }
    }

    /// Sets the ending of an execution that has run out.
    #[inline]
    pub(crate) fn run_out(&self) {
        if finishes::<G>() || self.comes_to_nothing(&Ending::Done) {
            return self.end(Ending::Done);
        }
        if self.ending.set_done() {
            self.budget.set(0);
        }
    }

    /// Whether the execution ends well, but without the output that its flow has.
    #[inline]
    fn comes_to_nothing(&self, ending: &Ending) -> bool {
        let needs_output = !self.has_output.get() && !self.finalizing.get();
        needs_output && G::run_out().is_none() && !matches!(ending, Ending::Failed(_))
    }

    /// A cancel drops a `finally` only if it is the second.
    fn is_first_cancel(&self, ending: &Ending) -> bool {
        let first = self.first_ending.get();
        let before = first.is_some_and(|first| first.borrow().is_cancel());
        ending.is_cancel() && !before && !self.cancelled.replace(true)
    }

    /// The execution is over, and its `finally` does not run, or not to its end.
    pub(crate) fn end_without_finally(&self) {
        if finishes::<G>() && !self.ending.is_set() {
            let of_finally = if self.finalizing.get() {
                Ending::Failed(FlowError::cancelled())
            } else {
                Ending::Done
            };
            let ending = self.after_finally(of_finally);
            self.ending.set(ending);
        }
    }

    /// The ending of the execution, if its `finally` ends like this.
    fn after_finally(&self, ending: Ending) -> Ending {
        let first = self.first_ending.get();
        let first = first.map_or(Ending::Done, |first| first.borrow().clone());
        first.then(ending)
    }

    /// The ending is decided, and its `finally` has to run now. Handlers may still be there to be
    /// dropped.
    pub(crate) fn awaits_finally(&self) -> bool {
        finishes::<G>() && !self.finalizing.get() && self.first_ending.get().is_some()
    }

    pub(crate) fn has_ended(&self) -> bool {
        self.ending.is_set() || self.awaits_finally()
    }

    /// A stage that was given up has failed in its `finally`.
    #[cold]
    pub(crate) fn fail_of_stage(&self, error: FlowError) {
        let ending = Ending::Failed(error);
        if !self.finalizing.get() {
            self.end(ending);
        } else if let Some(first) = self.first_ending.get() {
            // The others and the own `finally` run nevertheless.
            self.finishing_failed.set(true);
            first.replace_with(|first| first.clone().then(ending));
        }
    }

    /// The error of the execution, which may hold a context of it, so that nothing is left in here.
    #[cold]
    pub(crate) fn take_error(&self) -> Option<FlowError> {
        if finishes::<G>()
            && let Some(first) = self.first_ending.get()
        {
            drop_catching(first.replace(Ending::Done));
        }
        self.ending.take_error()
    }

    /// The error of a failed execution, with the output that was decided before. What the reader
    /// gets has it, and not the ending in here: it may hold a context of the execution.
    #[cold]
    pub(crate) fn with_output(&self, error: FlowError) -> FlowError {
        match self.output.take() {
            Some(output) => error.with_output(output),
            None => error,
        }
    }

    /// The output of an execution that has ended well.
    pub(crate) fn take_output(&self) -> Result<G::Output, FlowError> {
        let output = self.output.take().or_else(G::run_out);
        output.ok_or_else(FlowError::unfinished)
    }
}

/// Whether the flow has a `finally`, or a stage with one.
pub(in crate::engine) const fn finishes<G: Graph>() -> bool {
    G::DESC.finishes()
}
