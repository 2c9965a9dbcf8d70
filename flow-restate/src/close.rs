//! Whether a worker closes, and what still runs in it.

use tokio::sync::watch;

pub(crate) struct Closing(watch::Sender<State>);

#[derive(Clone, Copy, Default)]
struct State {
    closes: bool,
    /// How many invocations run executions.
    runs: usize,
}

/// An invocation that runs an execution.
pub(crate) struct Runs<'a>(&'a Closing);

impl Closing {
    pub(crate) fn new() -> Self {
        Self(watch::Sender::new(State::default()))
    }

    /// Begins to run an execution, unless the worker closes.
    pub(crate) fn begin(&self) -> Option<Runs<'_>> {
        let begins = self.0.send_if_modified(|state| {
            state.runs += usize::from(!state.closes);
            !state.closes
        });
        // Made only then, as its drop counts.
        begins.then(|| Runs(self))
    }

    /// Executions are to leave as soon as none of their calls runs.
    pub(crate) fn close(&self) {
        self.0.send_modify(|state| state.closes = true);
    }

    /// Waits until the worker closes.
    pub(crate) async fn closes(&self) {
        self.wait(|state| state.closes).await;
    }

    /// Waits until no execution runs.
    pub(crate) async fn is_idle(&self) {
        self.wait(|state| state.runs == 0).await;
    }

    async fn wait(&self, until: impl FnMut(&State) -> bool) {
        let mut state = self.0.subscribe();
        // It fails when there is no sender any more.
        drop(state.wait_for(until).await);
    }
}

impl Drop for Runs<'_> {
    fn drop(&mut self) {
        self.0.0.send_modify(|state| state.runs -= 1);
    }
}

#[cfg(test)]
mod tests {
    use super::Closing;

    #[test]
    fn an_execution_that_does_not_begin_is_not_counted() {
        let closing = Closing::new();
        let runs = closing.begin();
        assert!(runs.is_some());
        closing.close();
        for _ in 0..2 {
            assert!(closing.begin().is_none());
            assert_eq!(closing.0.borrow().runs, 1);
        }
        drop(runs);
        assert_eq!(closing.0.borrow().runs, 0);
    }
}
