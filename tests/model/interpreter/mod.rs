//! The model: what a flow does, one thing after the other.
//!
//! A call of a handler, a question and a time limit are the only things that wait. Whatever goes on
//! does so at once and completely: first the call whose gate was opened and the rest of its clause,
//! then the events that are queued, in their order. Stages that were given up go on when a clause
//! waits or no event is queued. The laws leave a part of that order open; the engine keeps to it.

mod asking;
mod attempts;
mod calls;
mod clauses;
mod clocks;
mod data;
mod delivery;
mod each;
mod entering;
mod failure;
mod flows;
mod idle;
mod numbers;
mod opening;
mod outside;
mod questions;
mod ready;
mod running;
mod split;
mod stages;
mod total;
mod turns;

use std::collections::VecDeque;
use std::future::{Future, pending, poll_fn};
use std::pin::{Pin, pin};
use std::sync::{Arc, Mutex, MutexGuard, Weak};
use std::task::Poll;

use futures::future::{Either, select};

use crate::drive::{Around, drive};
use crate::graph::{Clause, Graph, Trigger};
use crate::instants::pass;
use crate::interpreter::asking::Reply;
use crate::interpreter::clocks::{Clock, clocks_of};
use crate::interpreter::data::Data;
use crate::interpreter::delivery::{Activation, no_partners};
use crate::interpreter::entering::Entrance;
use crate::interpreter::failure::Failed;
use crate::interpreter::idle::Activity;
use crate::interpreter::opening::{Opened, Opening, Resources};
use crate::interpreter::outside::{Hands, Item, Outside};
use crate::interpreter::questions::Question;
use crate::interpreter::ready::{Ready, Waker};
use crate::interpreter::running::Places;
use crate::interpreter::split::Rest;
use crate::interpreter::turns::{Turns, turns};
use crate::script::Value;

/// How an execution came out.
struct Ended {
    /// Its value, or its error and the value that was decided before.
    result: Result<Option<Value>, (Failed, Option<Value>)>,
    /// Its `finally` has failed, or that of a stage.
    finishing_failed: bool,
}

type Boxed<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

struct Execution<'a> {
    this: Weak<Execution<'a>>,
    graph: &'a Graph,
    graphs: &'a [Graph],
    outside: &'a Outside<'a>,
    /// It is a stage of this one.
    outer: Option<Weak<Execution<'a>>>,
    /// The events of its handlers and from outside, once for each clause.
    emitted: Mutex<u64>,
    /// Stages whose clauses are gone, and that have a `finally` to run.
    given_up: Mutex<Vec<Boxed<'a, Option<Failed>>>>,
    queue: Mutex<VecDeque<Activation>>,
    /// The rests of clauses that were split, with the replies to their questions.
    rests: Mutex<VecDeque<(Rest<'a>, Value, Reply)>>,
    opening: Mutex<Opening>,
    opened: Mutex<Vec<Opened<'a>>>,
    /// What waits for partners, of each clause, for each of its events.
    partners: Mutex<Vec<Vec<VecDeque<Value>>>>,
    questions: Mutex<Vec<Question<'a>>>,
    entrance: Mutex<Entrance<'a>>,
    clocks: Mutex<Vec<(usize, Clock)>>,
    /// Something of it waited for the outside, and goes without because the end is decided.
    gave_up: Mutex<bool>,
    /// It waits for the outside, and for nothing else.
    waits: Mutex<bool>,
    /// The end of the outer execution was decided before its own.
    is_closed: Mutex<bool>,
    /// A stage has waited for the end to be decided.
    had_notice: Mutex<bool>,
    /// The stages that wait for the end to be decided.
    notices: Mutex<Vec<(u64, Waker<'a>)>>,
    /// The clauses with stages that are flows and wait for the outside.
    waiting: Mutex<Vec<u64>>,
    places: Mutex<Places>,
    /// How many items of an `each` have begun.
    begun: Mutex<u64>,
    /// The clause that is polled, and the items within it, by their numbers.
    polled: Mutex<Vec<u64>>,
    ready: Mutex<Ready>,
    turns: Turns<'a>,
    /// The clauses of the handlers and flows that run.
    busy: Mutex<Vec<u64>>,
    decided: Mutex<Option<Value>>,
    /// The first ending counts.
    over: Mutex<Option<Over>>,
    finalizing: Mutex<bool>,
    /// It was given up, and drops its clauses in the next poll.
    drops_clauses: Mutex<bool>,
    finishing_failed: Mutex<bool>,
    /// The stages whose `finally` has failed while its own ran.
    failed_stages: Mutex<Vec<Failed>>,
    /// It has put an item that an outer execution that is over does not take.
    is_stuck: Mutex<bool>,
    /// What it has put since.
    stuck: Mutex<Vec<Item<'a>>>,
    /// It has put something for the reader that polls it, which has not taken it yet.
    has_items: Mutex<bool>,
    activity: Mutex<Activity>,
}

#[derive(Clone)]
enum Over {
    Done,
    Stopped,
    /// With what; whether it panicked.
    Failed(Failed, bool),
}

const UNFINISHED: &str = "the execution finished without reaching `end`";

const CANCELLED: &str = "the execution was cancelled";

/// Runs the graph, and returns its items and what it ends with.
pub(crate) fn run(graphs: &[Graph], index: usize, around: Around<'_>) -> (Vec<String>, String) {
    let outside = Outside::new(around);
    let start = Value {
        number: 0,
        fuel: around.case.fuel,
    };
    let outermost = Execution::new((graphs, index), &outside, None);
    let mut hands = Hands::new(&outermost);
    let ended = drive(around, &mut hands, Arc::clone(&outermost).execute(start));
    let told = match ended.map(|ended| ended.result) {
        None => "it hangs, or was dropped".to_owned(),
        Some(Ok(Some(value))) => format!("ends with {}", value.number),
        Some(Ok(None)) => "ends with nothing".to_owned(),
        Some(Err((error, kept))) => {
            let kept = kept.map(|value| value.number);
            format!("{}; kept {kept:?}", error.text())
        }
    };
    (outside.items(), told)
}

impl<'a> Execution<'a> {
    /// An execution that has not begun: the outermost, or a stage of another.
    fn new(
        (graphs, index): (&'a [Graph], usize),
        outside: &'a Outside<'a>,
        outer: Option<Weak<Execution<'a>>>,
    ) -> Arc<Self> {
        let graph = &graphs[index];
        let turns = turns(graph.concurrency, outer.as_ref());
        Arc::new_cyclic(|this| Execution {
            this: this.clone(),
            graph,
            graphs,
            outside,
            outer,
            emitted: Mutex::default(),
            given_up: Mutex::default(),
            queue: Mutex::default(),
            rests: Mutex::default(),
            opening: Mutex::new(Opening::Done),
            opened: Mutex::default(),
            partners: Mutex::new(no_partners(graph)),
            questions: Mutex::default(),
            entrance: Mutex::default(),
            clocks: Mutex::default(),
            gave_up: Mutex::default(),
            waits: Mutex::default(),
            is_closed: Mutex::default(),
            had_notice: Mutex::default(),
            notices: Mutex::default(),
            waiting: Mutex::default(),
            places: Mutex::default(),
            begun: Mutex::default(),
            polled: Mutex::default(),
            ready: Mutex::default(),
            turns,
            busy: Mutex::default(),
            decided: Mutex::default(),
            over: Mutex::default(),
            finalizing: Mutex::default(),
            drops_clauses: Mutex::default(),
            finishing_failed: Mutex::default(),
            failed_stages: Mutex::default(),
            is_stuck: Mutex::default(),
            stuck: Mutex::default(),
            has_items: Mutex::default(),
            activity: Mutex::default(),
        })
    }

    /// From its start to its end.
    fn execute(self: Arc<Self>, start: Value) -> Boxed<'a, Ended> {
        Box::pin(async move {
            let _resources = Resources(&self);
            self.begin(start);
            *lock(&self.clocks) = clocks_of(self.graph);
            self.in_total(self.work()).await;
            let first = lock(&self.over).take().unwrap_or(Over::Done);
            let mut first = self.after(first);
            if !self.is_open() {
                // What ends it before is its end.
                return self.ended(first);
            }
            // What was left is dropped, and stages that were running are given up.
            self.clear_queue();
            *lock(&self.partners) = no_partners(self.graph);
            lock(&self.questions).clear();
            lock(&self.clocks).clear();
            self.drop_untaken();
            *lock(&self.finalizing) = true;
            self.finish_stages().await;
            let finally = |clause: &Clause| clause.trigger == Trigger::Finally;
            first = self.with_failed_stages(first);
            // A second cancel.
            let dropped = lock(&self.over).take();
            if let Some(over) = dropped {
                first = first.then(over);
            } else if let Some(finally) = self.graph.clauses.iter().position(finally) {
                let ending = match &first {
                    Over::Done => "completed",
                    Over::Stopped => "stopped",
                    Over::Failed(error, false) if error.error[0] == CANCELLED => "cancelled",
                    Over::Failed(error, false) if error.is_late => "timed out",
                    Over::Failed(_, false) => "failed",
                    Over::Failed(_, true) => "panicked",
                };
                self.push(finally, Data::Ending(ending), false);
                let late = pass(self.outside.around.world, 1_001);
                match select(pin!(self.work()), pin!(late)).await {
                    Either::Left(_) => {}
                    Either::Right(_) => {
                        let message = "`finally` took longer than 1s 1ms".to_owned();
                        self.end(Over::Failed(vec![message].into(), false));
                    }
                }
                first = self.with_failed_stages(first);
                if let Some(Over::Failed(second, panicked)) = lock(&self.over).take() {
                    *lock(&self.finishing_failed) = true;
                    first = first.then(Over::Failed(second, panicked));
                }
            }
            self.ended(first)
        })
    }

    /// The first ending counts.
    fn end(&self, over: Over) {
        lock(&self.over).get_or_insert(over);
    }

    fn is_over(&self) -> bool {
        lock(&self.over).is_some()
    }

    /// Once it is over, no handler begins: its route is dropped with the rest.
    async fn goes_on(&self) {
        if self.is_over() {
            pending::<()>().await;
        }
    }

    /// A flow with an output that comes to nothing without one has failed.
    fn after(&self, over: Over) -> Over {
        match over {
            Over::Done | Over::Stopped
                if self.graph.has_output && lock(&self.decided).is_none() =>
            {
                Over::Failed(vec![UNFINISHED.to_owned()].into(), false)
            }
            over => over,
        }
    }

    /// With the errors of the stages whose `finally` has failed since its end.
    fn with_failed_stages(&self, mut over: Over) -> Over {
        for failed in lock(&self.failed_stages).drain(..) {
            over = over.then(Over::Failed(failed, false));
        }
        over
    }

    fn ended(&self, over: Over) -> Ended {
        let result = match over {
            Over::Done | Over::Stopped => Ok(*lock(&self.decided)),
            Over::Failed(error, _) => Err((error, *lock(&self.decided))),
        };
        Ended {
            result,
            finishing_failed: *lock(&self.finishing_failed),
        }
    }

    /// Runs clauses until the execution is over: until nothing runs and nothing waits, or it was
    /// ended before.
    async fn work(&self) {
        let mut running = Vec::new();
        poll_fn(|cx| {
            // The one whose gate was opened, or whose question was answered.
            let mut outside = true;
            *lock(&self.waits) = false;
            if std::mem::take(&mut *lock(&self.drops_clauses)) {
                self.drop_all(&mut running);
                return Poll::Pending;
            }
            loop {
                self.go_on(&mut running, outside, cx);
                outside = false;
                if self.is_over() {
                    // The rest is dropped.
                    self.drop_all(&mut running);
                    self.clear_queue();
                    self.forget_woken();
                    return Poll::Ready(());
                }
                if self.is_ending() && self.take_unanswered(true, cx) {
                    continue;
                }
                if self.has_next() {
                    let place = self.free_place(&running);
                    self.take_next(&mut running, place, cx);
                    continue;
                }
                // A tick is taken before the reader goes on with what was woken.
                let items = *lock(&self.has_items);
                if self.has_woken() && items && self.take_tick(cx) {
                    continue;
                }
                *lock(&self.has_items) = false;
                if self.has_woken() || self.take_unanswered(self.runs(&running), cx) {
                    continue;
                }
                if self.take_tick(cx) {
                    continue;
                }
                if running.is_empty() {
                    *lock(&self.places) = Places::default();
                }
                let goes_on = !running.is_empty() || !lock(&self.given_up).is_empty();
                if goes_on || self.is_awaited() || self.ticks() {
                    let waits = !running.is_empty() || !lock(&self.questions).is_empty();
                    let runs = self.runs(&running);
                    self.note_waits(waits && !runs || !lock(&self.given_up).is_empty());
                    *lock(&self.waits) = (waits || self.is_reachable()) && !runs;
                    return Poll::Pending;
                } else if !self.take_left_over() && !self.fail_of_untaken() {
                    self.end(Over::Done);
                }
            }
        })
        .await;
    }

    /// Whether the end is decided, of this execution or of an outer one.
    fn is_ending(&self) -> bool {
        let outer = self.outer.as_ref().and_then(Weak::upgrade);
        lock(&self.decided).is_some()
            || *lock(&self.finalizing)
            || outer.is_some_and(|outer| outer.is_ending())
    }
}

impl Over {
    /// The first error counts.
    fn then(self, second: Self) -> Self {
        match (self, second) {
            (Self::Failed(first, panicked), Self::Failed(second, _)) => {
                Self::Failed(first.and_then(second), panicked)
            }
            (_, second @ Self::Failed(..)) => second,
            (first, _) => first,
        }
    }
}

/// Nothing else runs meanwhile.
fn lock<T>(of: &Mutex<T>) -> MutexGuard<'_, T> {
    of.lock().unwrap()
}
