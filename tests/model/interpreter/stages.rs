//! Stages: chains, joins, `each`, `else` and `match`.

use std::future::poll_fn;
use std::task::{Context, Poll};

use crate::graph::Stage;
use crate::interpreter::failure::{Failure, Stop};
use crate::interpreter::{Boxed, Data, Execution};
use crate::script::Value;

impl Execution<'_> {
    pub(super) async fn chain(&self, stages: &[Stage], mut data: Data) -> Result<Data, Stop> {
        for stage in stages {
            data = self.stage(stage, data).await?;
        }
        Ok(data)
    }

    fn stage<'b>(&'b self, stage: &'b Stage, data: Data) -> Boxed<'b, Result<Data, Stop>> {
        Box::pin(async move {
            match stage {
                Stage::Handler(name) => self.call(name, &data).await,
                Stage::Flow(index) => self.flow(*index, &data).await,
                Stage::Join(branches) => {
                    let branches = branches
                        .iter()
                        .map(|branch| self.chain(branch, data.clone()));
                    let branches = branches.map(|branch| Some(Box::pin(branch) as Boxed<'b, _>));
                    join(branches.collect()).await
                }
                Stage::First(branches) => {
                    let branches = branches
                        .iter()
                        .map(|branch| self.chain(branch, data.clone()));
                    let branches = branches.map(|branch| Some(Box::pin(branch) as Boxed<'b, _>));
                    first(branches.collect()).await
                }
                Stage::Each(stages, limit) => {
                    let Data::Several(values) = data else {
                        unreachable!("several")
                    };
                    let work =
                        |value| Box::pin(self.chain(stages, Data::One(value))) as Boxed<'b, _>;
                    each(values, limit.unwrap_or(usize::MAX), &work).await
                }
                Stage::Else(stages, stand_in) => {
                    let cause = data.value();
                    match (self.chain(stages, data).await, stand_in) {
                        // A panic is no failure that something stands in for.
                        (Err(Stop::Failed(failure)), Some(stand_in)) if !failure.panicked => {
                            let failed = Failure {
                                cause: Some(cause),
                                ..failure
                            };
                            self.stage(stand_in, Data::Failed(failed)).await
                        }
                        (Err(Stop::Failed(failure)), None) if !failure.panicked => Err(Stop::Skip),
                        (result, _) => result,
                    }
                }
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

/// The branches go on in their order. The first failure drops the others.
fn join(mut branches: Vec<Option<Boxed<'_, Result<Data, Stop>>>>) -> Boxed<'_, Result<Data, Stop>> {
    let mut values = vec![None; branches.len()];
    Box::pin(poll_fn(move |cx| {
        for (branch, value) in branches.iter_mut().zip(&mut values) {
            let Some(running) = branch else { continue };
            if let Poll::Ready(result) = running.as_mut().poll(cx) {
                *branch = None;
                match result {
                    Ok(data) => *value = Some(data.value()),
                    Err(stop) => return Poll::Ready(Err(stop)),
                }
            }
        }
        let values: Option<Vec<_>> = values.iter().copied().collect();
        values.map_or(Poll::Pending, |values| {
            Poll::Ready(Ok(Data::Several(values)))
        })
    }))
}

/// The first success drops the others, and so does a panic. If all fail, the last failure counts.
fn first(
    mut branches: Vec<Option<Boxed<'_, Result<Data, Stop>>>>,
) -> Boxed<'_, Result<Data, Stop>> {
    Box::pin(poll_fn(move |cx| {
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

/// The results are in the order of the values, without those that are left out. No more than the
/// limit run at a time, and the first failure drops the others.
fn each<'b>(
    values: Vec<Value>,
    limit: usize,
    work: &'b (dyn Fn(Value) -> Boxed<'b, Result<Data, Stop>> + Sync),
) -> Boxed<'b, Result<Data, Stop>> {
    let mut results = vec![None; values.len()];
    let mut values = values.into_iter().enumerate();
    let mut running: Vec<(usize, Boxed<'b, Result<Data, Stop>>)> = Vec::new();
    Box::pin(poll_fn(move |cx| {
        let mut go_on =
            |index: usize, work: &mut Boxed<'b, Result<Data, Stop>>, cx: &mut Context<'_>| {
                match work.as_mut().poll(cx) {
                    Poll::Pending => Ok(false),
                    Poll::Ready(Ok(data)) => {
                        results[index] = Some(data.value());
                        Ok(true)
                    }
                    Poll::Ready(Err(Stop::Skip)) => Ok(true),
                    Poll::Ready(Err(stop)) => Err(stop),
                }
            };
        let mut nth = 0;
        while let Some((index, work)) = running.get_mut(nth) {
            match go_on(*index, work, cx) {
                Ok(true) => drop(running.remove(nth)),
                Ok(false) => nth += 1,
                Err(stop) => return Poll::Ready(Err(stop)),
            }
        }
        while running.len() < limit {
            let Some((index, value)) = values.next() else {
                break;
            };
            let mut work = work(value);
            match go_on(index, &mut work, cx) {
                Ok(true) => {}
                Ok(false) => running.push((index, work)),
                Err(stop) => return Poll::Ready(Err(stop)),
            }
        }
        if !running.is_empty() {
            return Poll::Pending;
        }
        Poll::Ready(Ok(Data::Several(
            results.iter().flatten().copied().collect(),
        )))
    }))
}
