//! Stages: chains, joins, `each`, `else` and `match`.

use std::future::poll_fn;
use std::sync::Mutex;
use std::task::Poll;

use crate::graph::Stage;
use crate::interpreter::data::Data;
use crate::interpreter::failure::{Failure, Stop};
use crate::interpreter::{Boxed, Execution, lock};

impl Execution<'_> {
    pub(super) async fn chain(&self, mut stages: &[Stage], mut data: Data) -> Result<Data, Stop> {
        while let Some(first) = stages.first() {
            let is_each = |stage: &&Stage| matches!(stage, Stage::Each(..));
            // Several in a row are one.
            let eaches = stages.iter().take_while(is_each).count();
            data = match eaches {
                0 => self.stage(first, data).await?,
                _ => self.each(&stages[..eaches], data).await?,
            };
            stages = &stages[eaches.max(1)..];
        }
        Ok(data)
    }

    pub(super) fn stage<'b>(
        &'b self,
        stage: &'b Stage,
        data: Data,
    ) -> Boxed<'b, Result<Data, Stop>> {
        Box::pin(async move {
            let _left = Left(self);
            match stage {
                Stage::Handler(name) => {
                    let _busy = Busy::new(self);
                    self.call(name, &data).await
                }
                Stage::Flow(index) => self.flow(*index, &data).await,
                Stage::Ask(within, every, lapse) => {
                    let asked = data.value();
                    let answer = self.ask_in_place(asked, (*within, *every)).await;
                    self.answered(asked, answer, lapse.as_deref()).await
                }
                Stage::Join(branches) => {
                    let branches = branches
                        .iter()
                        .map(|branch| self.chain(branch, data.clone()));
                    let branches = branches.map(|branch| Some(Box::pin(branch) as Boxed<'b, _>));
                    join(self, branches.collect()).await
                }
                Stage::First(branches) => {
                    let branches = branches
                        .iter()
                        .map(|branch| self.chain(branch, data.clone()));
                    let branches = branches.map(|branch| Some(Box::pin(branch) as Boxed<'b, _>));
                    first(self, branches.collect()).await
                }
                Stage::Each(..) => unreachable!("a chain takes it"),
                Stage::Closure(code) => Ok(closure(code, &data)),
                Stage::Else(stages, stand_in) => {
                    let cause = data.value();
                    match (self.chain(stages, data).await, stand_in) {
                        // A panic is no failure that something stands in for.
                        (Err(Stop::Failed(failure)), Some(stand_in)) if !failure.panicked => {
                            let failed = Failure {
                                cause: Some(cause),
                                ..failure
                            };
                            let mut came = self.stage(stand_in, Data::Failed(failed.clone())).await;
                            if let Err(Stop::Failed(failure)) = &mut came
                                && !failure.panicked
                            {
                                failure.taken = Some(Box::new(failed));
                            }
                            came
                        }
                        (Err(Stop::Failed(failure)), None) if !failure.panicked => Err(Stop::Skip),
                        (result, _) => result,
                    }
                }
                Stage::Emit => {
                    self.emit_returned(&data);
                    Ok(Data::Nothing)
                }
                Stage::Ignore => Ok(Data::Nothing),
                Stage::Match(arms) => {
                    let Data::Choice(arm, value) = data else {
                        unreachable!("a choice")
                    };
                    match &arms[arm][..] {
                        [] => Err(Stop::Skip),
                        stages => self.chain(stages, Data::One(value)).await,
                    }
                }
            }
        })
    }
}

/// A stage. What it leaves may be activity.
struct Left<'b, 'a>(&'b Execution<'a>);

impl Drop for Left<'_, '_> {
    fn drop(&mut self) {
        self.0.may_be_active();
    }
}

/// A handler, a flow or a stream that runs, or a flow that waits for the outside, and the clause.
pub(super) struct Busy<'b>(&'b Mutex<Vec<u64>>, u64);

impl<'b> Busy<'b> {
    pub(super) fn new(execution: &'b Execution<'_>) -> Self {
        Self::among(&execution.busy, execution)
    }

    /// For a flow that waits.
    pub(super) fn waiting(execution: &'b Execution<'_>) -> Self {
        Self::among(&execution.waiting, execution)
    }

    fn among(all: &'b Mutex<Vec<u64>>, execution: &Execution<'_>) -> Self {
        let clause = lock(&execution.polled)[0];
        lock(all).push(clause);
        Self(all, clause)
    }
}

impl Drop for Busy<'_> {
    fn drop(&mut self) {
        let mut all = lock(self.0);
        let at = all.iter().position(|clause| *clause == self.1);
        all.remove(at.unwrap());
    }
}

/// Branches that run. The last is dropped first.
struct Branches<'b>(Vec<Option<Boxed<'b, Result<Data, Stop>>>>);

impl Drop for Branches<'_> {
    fn drop(&mut self) {
        while let Some(last) = self.0.pop() {
            drop(last);
        }
    }
}

/// The branches go on in their order. The first failure drops the others.
fn join<'b>(
    execution: &'b Execution<'_>,
    branches: Vec<Option<Boxed<'b, Result<Data, Stop>>>>,
) -> Boxed<'b, Result<Data, Stop>> {
    let mut values = vec![None; branches.len()];
    let mut running = Branches(branches);
    Box::pin(poll_fn(move |cx| {
        let Branches(branches) = &mut running;
        execution.may_be_active();
        for (branch, value) in branches.iter_mut().zip(&mut values) {
            let Some(running) = branch else { continue };
            if let Poll::Ready(result) = running.as_mut().poll(cx) {
                *branch = None;
                match result {
                    Ok(data) => *value = Some(data),
                    Err(stop) => return Poll::Ready(Err(stop)),
                }
            }
        }
        let values: Option<Vec<_>> = values.iter().cloned().collect();
        values.map_or(Poll::Pending, |values| {
            Poll::Ready(Ok(Data::Several(values)))
        })
    }))
}

/// The first success drops the others, and so does a panic. If all fail, the last failure counts.
fn first<'b>(
    execution: &'b Execution<'_>,
    branches: Vec<Option<Boxed<'b, Result<Data, Stop>>>>,
) -> Boxed<'b, Result<Data, Stop>> {
    let mut running = Branches(branches);
    Box::pin(poll_fn(move |cx| {
        let Branches(branches) = &mut running;
        execution.may_be_active();
        for at in 0..branches.len() {
            let Some(running) = &mut branches[at] else {
                continue;
            };
            if let Poll::Ready(result) = running.as_mut().poll(cx) {
                branches[at] = None;
                match result {
                    Err(Stop::Failed(failure)) if !failure.panicked => {
                        if branches.iter().all(Option::is_none) {
                            return Poll::Ready(Err(Stop::Failed(failure)));
                        }
                    }
                    decided => return Poll::Ready(decided),
                }
            }
        }
        Poll::Pending
    }))
}

/// What a closure or a constructor makes of its argument.
fn closure(code: &'static str, data: &Data) -> Data {
    match (code, data) {
        ("|value| value.next()", data) => Data::One(data.value().next()),
        ("|failed: Failed<BoxError, Value>| failed.cause", data) => Data::One(data.value()),
        ("Some" | "Ok" | "Err", data) => Data::Wrapped(code, data.value()),
        other => unreachable!("{other:?}"),
    }
}
