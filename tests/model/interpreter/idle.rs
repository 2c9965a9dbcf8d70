//! `idle_timeout`: how long an execution may go without activity.
//!
//! Activity is an event that goes to a clause, a value that goes to its next stage, and an item.
//! The laws leave open whether what goes on in branches shows any, and when an execution of its own
//! task sees that an item of it was read: the end of such a pause is open.

use std::future::Future;
use std::pin::Pin;
use std::task::Context;
use std::time::Duration;

use tokio::time::{Instant, Sleep, sleep};

use crate::case::Way;
use crate::graph::Trigger;
use crate::interpreter::clauses::Origin;
use crate::interpreter::failure::Failed;
use crate::interpreter::questions::time;
use crate::interpreter::{Execution, Over, lock};

/// What was done since the execution was looked at.
#[derive(Default)]
#[allow(clippy::struct_excessive_bools, reason = "each is of its own")]
pub(super) struct Activity {
    any: bool,
    /// It may count.
    open: bool,
    /// An item was put that a reader elsewhere takes.
    unread: bool,
    /// Nothing runs that would have to show activity.
    waits: bool,
}

/// The clock of an execution that may not be idle for so long.
pub(super) struct Idle {
    limit: u64,
    over: Pin<Box<Sleep>>,
    /// Since the clock was set.
    open: bool,
    waited: bool,
}

impl Idle {
    pub(super) fn new(limit: u64) -> Self {
        Self {
            limit,
            over: Box::pin(sleep(Duration::from_millis(limit))),
            open: false,
            waited: false,
        }
    }

    fn begin_again(&mut self) {
        let limit = Duration::from_millis(self.limit);
        self.over.as_mut().reset(Instant::now() + limit);
        self.open = false;
    }
}

impl Execution<'_> {
    pub(super) fn is_active(&self) {
        lock(&self.activity).any = true;
    }

    pub(super) fn may_be_active(&self) {
        lock(&self.activity).open = true;
    }

    /// Something goes to a clause. A tick is no activity.
    pub(super) fn takes(&self, clause: usize, is_reminder: bool) {
        if !is_reminder && !self.ticks_in(clause) {
            self.is_active();
        }
    }

    /// A value goes to its next stage, outside of branches.
    pub(super) fn goes_to_next(&self, origin: &Origin) {
        if origin.reminds_of.is_none() && !self.ticks_in(origin.clause) {
            self.is_active();
        }
    }

    fn ticks_in(&self, clause: usize) -> bool {
        let clause = self.graph.clauses.get(clause);
        clause.is_some_and(|clause| matches!(clause.trigger, Trigger::Every(_)))
    }

    /// An item goes out.
    pub(super) fn is_active_with_item(&self) {
        let mut activity = lock(&self.activity);
        activity.any = true;
        activity.unread |= self.outer.is_none() && self.outside.around.case.way == Way::Spawn;
    }

    /// Whether it waits for answers alone, or a stage that was given up finishes, when everything
    /// has gone on as far as it can.
    pub(super) fn note_waits(&self, waits: bool) {
        lock(&self.activity).waits = waits;
    }

    /// Looks at the clock when everything has gone on. Returns whether the time is over.
    pub(super) fn is_idle(&self, idle: &mut Idle, cx: &mut Context<'_>) -> bool {
        let activity = &mut *lock(&self.activity);
        let any = std::mem::take(&mut activity.any);
        idle.open |= std::mem::take(&mut activity.open);
        let waited = std::mem::replace(&mut idle.waited, activity.waits);
        if any || waited || activity.waits {
            idle.begin_again();
        }
        while idle.over.as_mut().poll(cx).is_ready() {
            let world = self.outside.around.world;
            let unread = std::mem::take(&mut activity.unread);
            if idle.open || unread {
                world.instants(|instants| instants.leave_open("idleness"));
            }
            if !activity.waits && !unread {
                world.instants(|instants| instants.reach(Instant::now()));
                let message = format!("the execution was idle for {}", time(idle.limit));
                let failed = Failed {
                    is_late: true,
                    ..vec![message].into()
                };
                self.end(Over::Failed(failed, false));
                return true;
            }
            idle.begin_again();
        }
        false
    }
}
