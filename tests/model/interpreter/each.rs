//! `each`: over values, over a stream, and over the results of another `each` as they come.

use std::collections::VecDeque;
use std::future::poll_fn;
use std::pin::Pin;
use std::task::{Context, Poll};

use futures::Stream;

use crate::graph::Stage;
use crate::instants::Instants;
use crate::interpreter::data::Data;
use crate::interpreter::failure::Stop;
use crate::interpreter::stages::Busy;
use crate::interpreter::{Boxed, Execution};
use crate::script::Source;

type Work<'b> = Boxed<'b, Result<Data, Stop>>;

/// What an `each` takes its items from.
trait Items: Send {
    fn next(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<Data, Stop>>>;

    /// Goes on with the work on later items, when there is no room for one.
    fn go_on(&mut self, _cx: &mut Context<'_>) -> Result<(), Stop> {
        Ok(())
    }
}

impl Items for std::vec::IntoIter<Data> {
    fn next(&mut self, _cx: &mut Context<'_>) -> Poll<Option<Result<Data, Stop>>> {
        Poll::Ready(Iterator::next(self).map(Ok))
    }
}

/// A stream. While it is waited for, it runs as a handler does.
struct Streamed<'b, 'a> {
    execution: &'b Execution<'a>,
    source: Source,
    waits: Option<Busy<'b>>,
}

impl Items for Streamed<'_, '_> {
    fn next(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<Data, Stop>>> {
        let next = Pin::new(&mut self.source).poll_next(cx);
        self.waits = next.is_pending().then(|| Busy::new(self.execution));
        next.map(|value| value.map(|value| Ok(Data::One(value))))
    }
}

/// An item that is under way.
struct Item<'b> {
    number: u64,
    index: usize,
    work: Work<'b>,
}

enum Progress {
    UnderWay,
    /// One that is left out has no value.
    Done(Option<Data>),
}

/// An `each` whose results are taken one by one, in the order of the items.
struct Each<'b, 'a> {
    execution: &'b Execution<'a>,
    stages: &'b [Stage],
    /// How many items may be under way or wait to be taken.
    limit: usize,
    items: Box<dyn Items + 'b>,
    all_begun: bool,
    running: Vec<Item<'b>>,
    /// The last item that was begun waits.
    waits: bool,
    /// One that was done at once, after one that waits, counts for the limit until the next look: it
    /// is open whether the stage before goes on first.
    done_at_once: usize,
    /// From the first that was not taken.
    results: VecDeque<Progress>,
    taken: usize,
}

impl Each<'_, '_> {
    /// How many items count for the limit.
    fn used(&self, keeps: bool) -> usize {
        if keeps {
            self.running.len() + self.done_at_once
        } else {
            self.results.len()
        }
    }

    /// Begins items as far as there is room. The one that keeps all results has room for those that
    /// are done.
    fn begin(&mut self, keeps: bool, cx: &mut Context<'_>) -> Result<(), Stop> {
        while !self.all_begun {
            if self.used(keeps) >= self.limit {
                if keeps && self.running.len() < self.limit {
                    self.leave_open();
                }
                return self.items.go_on(cx);
            }
            match self.items.next(cx) {
                Poll::Pending => return Ok(()),
                Poll::Ready(None) => self.all_begun = true,
                Poll::Ready(Some(item)) => {
                    let index = self.taken + self.results.len();
                    self.results.push_back(Progress::UnderWay);
                    let mut item = Item {
                        number: self.execution.number(),
                        index,
                        work: Box::pin(self.execution.chain(self.stages, item?)),
                    };
                    match self.poll(&mut item, cx) {
                        Poll::Pending => {
                            self.waits = true;
                            self.running.push(item);
                        }
                        Poll::Ready(result) => {
                            let waited = std::mem::take(&mut self.waits);
                            self.done_at_once += usize::from(waited);
                            self.set(index, result)?;
                        }
                    }
                }
            }
        }
        Ok(())
    }

    /// Lets the items that are under way go on until one of them is done. Returns whether one is.
    fn finish_one(&mut self, cx: &mut Context<'_>) -> Result<bool, Stop> {
        // Those that can go on may be several, if nothing can answer their questions any more.
        let execution = self.execution;
        let woken_at = |item: &Item<'_>| execution.woken_at(item.number);
        self.running.sort_by_key(woken_at);
        for at in 0..self.running.len() {
            let is_woken = execution.is_woken(self.running[at].number);
            if !is_woken && self.finish(at, cx)? {
                return Ok(true);
            }
        }
        // Those that were woken meanwhile.
        loop {
            let running = |number| self.running.iter().any(|item| item.number == number);
            let Some(number) = execution.next_item(running) else {
                break;
            };
            self.leave_open();
            let mut running = self.running.iter();
            let at = running.position(|item| item.number == number);
            if self.finish(at.unwrap(), cx)? {
                return Ok(true);
            }
        }
        let counted = self.done_at_once > 0;
        self.done_at_once = self.done_at_once.saturating_sub(1);
        Ok(counted)
    }

    /// It is open whether a queued event comes before the item that goes on now, or before the next
    /// one. With permits, it may take one that the item needs.
    fn leave_open(&self) {
        if !self.execution.turns.is_empty() {
            let world = self.execution.outside.around.world;
            world.instants(Instants::leave_open);
        }
    }

    /// Lets one of them go on. Returns whether it is done.
    fn finish(&mut self, at: usize, cx: &mut Context<'_>) -> Result<bool, Stop> {
        let mut item = self.running.remove(at);
        match self.poll(&mut item, cx) {
            Poll::Pending => {
                self.running.insert(at, item);
                Ok(false)
            }
            Poll::Ready(result) => {
                self.set(item.index, result)?;
                Ok(true)
            }
        }
    }

    fn poll(&self, item: &mut Item<'_>, cx: &mut Context<'_>) -> Poll<Result<Data, Stop>> {
        self.execution.may_be_active();
        self.execution
            .poll_within(item.number, item.work.as_mut(), cx)
    }

    fn set(&mut self, index: usize, result: Result<Data, Stop>) -> Result<(), Stop> {
        let value = match result {
            Ok(value) => Some(value),
            Err(Stop::Skip) => None,
            Err(stop) => return Err(stop),
        };
        self.results[index - self.taken] = Progress::Done(value);
        Ok(())
    }

    /// All results, when all items are done.
    fn all(&mut self, cx: &mut Context<'_>) -> Poll<Result<Data, Stop>> {
        loop {
            self.begin(true, cx)?;
            if !self.finish_one(cx)? {
                break;
            }
        }
        if !self.all_begun || !self.running.is_empty() {
            return Poll::Pending;
        }
        let results = self.results.drain(..).filter_map(|result| match result {
            Progress::Done(value) => value,
            Progress::UnderWay => unreachable!("all are done"),
        });
        Poll::Ready(Ok(Data::Several(results.collect())))
    }
}

impl Items for Each<'_, '_> {
    fn next(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<Data, Stop>>> {
        loop {
            while let Some(Progress::Done(_)) = self.results.front() {
                self.taken += 1;
                if let Some(Progress::Done(Some(value))) = self.results.pop_front() {
                    return Poll::Ready(Some(Ok(value)));
                }
            }
            if self.all_begun && self.results.is_empty() {
                return Poll::Ready(None);
            }
            self.go_on(cx)?;
            match self.results.front() {
                Some(Progress::Done(_)) => {}
                None if self.all_begun => return Poll::Ready(None),
                None | Some(Progress::UnderWay) => return Poll::Pending,
            }
        }
    }

    fn go_on(&mut self, cx: &mut Context<'_>) -> Result<(), Stop> {
        self.begin(false, cx)?;
        while self.finish_one(cx)? {}
        Ok(())
    }
}

impl<'a> Execution<'a> {
    /// One `each`, or several in a row.
    pub(super) async fn each(&self, stages: &[Stage], data: Data) -> Result<Data, Stop> {
        let mut items: Box<dyn Items + '_> = match data {
            Data::Several(values) => Box::new(values.into_iter()),
            Data::Stream(call, which) => Box::new(Streamed {
                execution: self,
                source: self.outside.around.world.source(&call, which),
                waits: None,
            }),
            other => unreachable!("{other:?}"),
        };
        let mut limit = usize::MAX;
        for stage in &stages[..stages.len() - 1] {
            items = Box::new(self.one_each(stage, items, &mut limit));
        }
        let mut last = self.one_each(&stages[stages.len() - 1], items, &mut limit);
        poll_fn(move |cx| last.all(cx)).await
    }

    /// Without a limit of its own, it has that of the one before.
    fn one_each<'b>(
        &'b self,
        stage: &'b Stage,
        items: Box<dyn Items + 'b>,
        limit: &mut usize,
    ) -> Each<'b, 'a> {
        let Stage::Each(stages, own) = stage else {
            unreachable!("{stage:?}")
        };
        *limit = own.unwrap_or(*limit);
        Each {
            execution: self,
            stages,
            limit: *limit,
            items,
            all_begun: false,
            running: Vec::new(),
            waits: false,
            done_at_once: 0,
            results: VecDeque::new(),
            taken: 0,
        }
    }
}
