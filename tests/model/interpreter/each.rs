//! `each`: over values, over a stream, and over the results of another `each` as they come.

use std::collections::VecDeque;
use std::future::poll_fn;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{self, Context, Poll, Wake};

use futures::Stream;

use crate::graph::Stage;
use crate::interpreter::data::Data;
use crate::interpreter::failure::Stop;
use crate::interpreter::stages::Busy;
use crate::interpreter::{Boxed, Execution, lock};
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

/// The items of an `each` that go on next, in this order.
#[derive(Default)]
struct Queue {
    numbers: VecDeque<u64>,
    /// What the `each` is a part of.
    around: Option<task::Waker>,
}

/// Lets one item go on.
struct ItemWaker {
    number: u64,
    queue: Arc<Mutex<Queue>>,
}

impl Wake for ItemWaker {
    fn wake(self: Arc<Self>) {
        let around = {
            let mut queue = lock(&self.queue);
            if queue.numbers.contains(&self.number) {
                return;
            }
            queue.numbers.push_back(self.number);
            queue.around.clone()
        };
        if let Some(around) = around {
            around.wake();
        }
    }
}

/// An item that is under way.
struct Item<'b> {
    number: u64,
    index: usize,
    /// `None` for one that was done at once, after one that waits: it is looked at once more.
    work: Option<Work<'b>>,
    waker: task::Waker,
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
    /// It keeps all results.
    is_last: bool,
    all_begun: bool,
    /// Those that went on last come last.
    running: Vec<Item<'b>>,
    queue: Arc<Mutex<Queue>>,
    /// The last item that was begun waits.
    waits: bool,
    /// From the first that was not taken.
    results: VecDeque<Progress>,
    taken: usize,
}

/// One that goes on to another has its source dropped before its items. Of these, the ones that
/// went on last come first.
impl Drop for Each<'_, '_> {
    fn drop(&mut self) {
        if !self.is_last {
            self.items = Box::new(Vec::new().into_iter());
        }
        while let Some(last) = self.running.pop() {
            drop(last);
        }
    }
}

impl<'b> Each<'b, '_> {
    /// How many items count for the limit.
    fn used(&self, keeps: bool) -> usize {
        if keeps {
            self.running.len()
        } else {
            self.results.len()
        }
    }

    /// Begins items as far as there is room. The one that keeps all results has room for those that
    /// are done.
    fn begin(&mut self, keeps: bool, cx: &mut Context<'_>) -> Result<(), Stop> {
        while !self.all_begun {
            if self.used(keeps) >= self.limit {
                return self.items.go_on(cx);
            }
            match self.items.next(cx) {
                Poll::Pending => return Ok(()),
                Poll::Ready(None) => self.all_begun = true,
                Poll::Ready(Some(item)) => {
                    let index = self.taken + self.results.len();
                    self.results.push_back(Progress::UnderWay);
                    let work = self.execution.chain(self.stages, item?);
                    let mut item = self.item(index, Box::pin(work));
                    match self.poll(&mut item, cx) {
                        Poll::Pending => {
                            self.waits = true;
                            self.push(item);
                        }
                        Poll::Ready(result) => {
                            if std::mem::take(&mut self.waits) {
                                item.work = None;
                                self.push(item);
                            }
                            self.set(index, result)?;
                        }
                    }
                }
            }
        }
        Ok(())
    }

    fn item(&self, index: usize, work: Work<'b>) -> Item<'b> {
        let number = self.execution.number();
        let queue = Arc::clone(&self.queue);
        Item {
            number,
            index,
            work: Some(work),
            waker: Arc::new(ItemWaker { number, queue }).into(),
        }
    }

    fn push(&mut self, item: Item<'b>) {
        lock(&self.queue).numbers.push_back(item.number);
        self.running.push(item);
    }

    /// Lets the items that can go on do so until one of them is done. Returns whether one is. When
    /// all have gone on, or two that go on at once, others come first.
    fn finish_one(&mut self, cx: &mut Context<'_>) -> Result<bool, Stop> {
        lock(&self.queue).around = Some(cx.waker().clone());
        let all = self.running.len();
        let (mut polled, mut again) = (0, 0);
        loop {
            let Some(number) = lock(&self.queue).numbers.pop_front() else {
                return Ok(false);
            };
            let mut running = self.running.iter();
            let Some(at) = running.position(|item| item.number == number) else {
                continue;
            };
            polled += 1;
            let mut item = self.running.remove(at);
            if item.work.is_none() {
                return Ok(true);
            }
            let waker = item.waker.clone();
            let polled_item = self.poll(&mut item, &mut Context::from_waker(&waker));
            match polled_item {
                Poll::Pending => self.running.push(item),
                Poll::Ready(result) => {
                    self.set(item.index, result)?;
                    return Ok(true);
                }
            }
            again += usize::from(lock(&self.queue).numbers.contains(&number));
            if again >= 2 || polled == all {
                cx.waker().wake_by_ref();
                self.execution.wake_polled();
                return Ok(false);
            }
        }
    }

    fn poll(&self, item: &mut Item<'_>, cx: &mut Context<'_>) -> Poll<Result<Data, Stop>> {
        self.execution.may_be_active();
        let Some(work) = &mut item.work else {
            unreachable!("it is under way")
        };
        self.execution.poll_within(item.number, work.as_mut(), cx)
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
        last.is_last = true;
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
            is_last: false,
            all_begun: false,
            running: Vec::new(),
            queue: Arc::default(),
            waits: false,
            results: VecDeque::new(),
            taken: 0,
        }
    }
}
