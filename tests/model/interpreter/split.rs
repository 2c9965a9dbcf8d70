//! `ask Q` at the end of a route, where its clause is split: the clause ends, and its rest begins
//! with the reply, before the queued events. Whatever runs meanwhile runs in the place of the first
//! part.

use std::future::pending;

use crate::graph::{Last, Stage};
use crate::interpreter::asking::Reply;
use crate::interpreter::clauses::{Came, Origin};
use crate::interpreter::data::Data;
use crate::interpreter::failure::Stop;
use crate::interpreter::questions::Asker;
use crate::interpreter::{Execution, lock};
use crate::script::Value;

/// The rest of a clause, which waits for a reply.
pub(super) struct Rest<'a> {
    pub(super) origin: Origin,
    lapse: Option<&'a Stage>,
    stages: &'a [Stage],
    last: &'a Last,
}

impl<'a> Execution<'a> {
    /// Asks, at the first of these stages.
    pub(super) async fn park(
        &self,
        stages: &'a [Stage],
        last: &'a Last,
        data: &Data,
        origin: &Origin,
    ) {
        let [Stage::Ask(within, every, lapse), stages @ ..] = stages else {
            unreachable!("{stages:?}")
        };
        let (asked, origin) = (data.value(), origin.clone());
        let rest = Rest {
            origin,
            lapse: lapse.as_deref(),
            stages,
            last,
        };
        let number = self.register(Asker::Rest(rest), asked, (*within, *every));
        if self.is_over() {
            // As after a `put`, it waits to be dropped.
            pending::<()>().await;
        }
        self.hand_out_question(number, asked);
    }

    /// Goes on with the rest of a clause.
    pub(super) async fn rest(&self, rest: Rest<'a>, asked: Value, reply: Reply) {
        let came = self.replied(&rest, asked, reply).await;
        self.came_to(&rest.origin, came);
    }

    async fn replied(&self, rest: &Rest<'a>, asked: Value, reply: Reply) -> Result<Came, Stop> {
        let data = self.answered(asked, reply.answer(), rest.lapse).await?;
        self.route(rest.stages, rest.last, data, &rest.origin).await
    }

    /// The rest of a clause can go on.
    pub(super) fn push_rest(&self, rest: Rest<'a>, asked: Value, reply: Reply) {
        lock(&self.rests).push_back((rest, asked, reply));
    }
}
