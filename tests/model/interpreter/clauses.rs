//! A clause, from its trigger to its end.

use std::sync::LazyLock;

use crate::graph::{EVENTS, Graph, Last, Route, Stage, Trigger};
use crate::interpreter::data::Data;
use crate::interpreter::delivery::Activation;
use crate::interpreter::failure::{Failed, Failure, Stop};
use crate::interpreter::{Boxed, Execution, Over, lock};
use crate::script::Value;

/// Where a clause comes from, which its rest tells as well.
#[derive(Clone)]
pub(super) struct Origin {
    pub(super) clause: usize,
    /// As an error tells it.
    place: String,
    /// What a rescue has taken.
    because: Vec<String>,
    /// The question that a reminder is of.
    pub(super) reminds_of: Option<u64>,
}

/// What a clause has come to.
pub(super) enum Came {
    ToItsEnd,
    /// It is split there, and its rest waits.
    ToAQuestion,
}

/// The route of a reminder.
static REMINDER: LazyLock<Route> = LazyLock::new(|| Route {
    stages: vec![Stage::Handler("n0")],
    last: Last::Ignore,
});

impl<'a> Execution<'a> {
    /// Runs one clause to its end.
    pub(super) async fn clause(
        &self,
        Activation {
            clause: index,
            data,
            is_left,
            ..
        }: Activation,
    ) {
        let graph: &'a Graph = self.graph;
        if let Data::Reminder(question, ..) = data {
            let origin = Origin {
                clause: index,
                place: "on `Q`".to_owned(),
                because: Vec::new(),
                reminds_of: Some(question),
            };
            let Route { stages, last } = &*REMINDER;
            let came = self.route(stages, last, data, &origin).await;
            return self.came_to(&origin, came);
        }
        if let Some(nth) = index.checked_sub(graph.clauses.len()) {
            return self.open(nth, data.value()).await;
        }
        let clause = &graph.clauses[index];
        let place = match (&clause.trigger, &data) {
            (Trigger::Start, _) => "on start".to_owned(),
            (Trigger::Finally, _) => "in `finally`".to_owned(),
            (Trigger::Rescue(_), _) => "in a rescue".to_owned(),
            (Trigger::Every(_), _) => "in `every`".to_owned(),
            (Trigger::Ask(..), _) => "on `Q`".to_owned(),
            (_, Data::Event(event, _)) => format!("on `{}`", EVENTS[*event]),
            (Trigger::All(events, _), _) => format!("on `{}`", EVENTS[events[0].0]),
            _ => unreachable!("an event"),
        };
        if let (Trigger::Ask(within, every), Data::Event(_, value), false) =
            (&clause.trigger, &data, is_left)
        {
            return self.ask(index, *value, (*within, *every));
        }
        let because = match &data {
            Data::Failed(failed) => failed.prevented.clone(),
            _ => Vec::new(),
        };
        let is_otherwise = match (&clause.trigger, &data) {
            (Trigger::If(_), Data::Event(_, value)) => !value.is_odd(),
            _ => is_left,
        };
        let route = if is_otherwise {
            clause.otherwise.as_ref().unwrap()
        } else {
            &clause.route
        };
        let origin = Origin {
            clause: index,
            place,
            because,
            reminds_of: None,
        };
        let came = self.route(&route.stages, &route.last, data, &origin).await;
        self.came_to(&origin, came);
    }

    /// A clause, or its rest, does not go on.
    pub(super) fn came_to(&self, origin: &Origin, came: Result<Came, Stop>) {
        if let Ok(Came::ToAQuestion) = came {
            return;
        }
        self.release_clock(origin.clause, origin.reminds_of);
        let Err(Stop::Failed(failure)) = came else {
            return;
        };
        let Origin { place, because, .. } = origin;
        let because = because.clone();
        if failure.is_given_up() {
            return;
        }
        if failure.panicked {
            let message = format!("handler `{}` panicked {place}", failure.handler);
            let error = [vec![message], failure.error].concat();
            let failed = Failed {
                because,
                ..error.into()
            };
            return self.end(Over::Failed(failed, true));
        }
        // Within a rescue's own clause, nothing is rescued.
        let clause = self.graph.clauses.get(origin.clause);
        let rescue = match clause.map(|clause| &clause.trigger) {
            Some(Trigger::Rescue(_)) => None,
            _ => self.rescue_of(&failure.handler),
        };
        let is_late = failure.late.is_some();
        let error = failure.at(place);
        if let Some(rescue) = rescue {
            let prevented = error;
            let failure = Failure {
                prevented,
                ..failure
            };
            return self.push(rescue, Data::Failed(failure), false);
        }
        // Within a rescue, what that has taken is told.
        let because = match &failure.taken {
            Some(taken) if because.is_empty() => taken.at(place),
            _ => because,
        };
        let failed = Failed {
            because,
            is_late,
            ..error.into()
        };
        self.end(Over::Failed(failed, false));
    }

    /// One for the handler itself, or else one for all.
    fn rescue_of(&self, handler: &str) -> Option<usize> {
        let of = |which: &dyn Fn(&[&str]) -> bool| {
            let mut clauses = self.graph.clauses.iter();
            clauses.position(|clause| match &clause.trigger {
                Trigger::Rescue(handlers) => which(handlers),
                _ => false,
            })
        };
        of(&|handlers| handlers.contains(&handler)).or_else(|| of(&|handlers| handlers.is_empty()))
    }

    /// To its end, or to the next question of the route.
    pub(super) fn route<'b>(
        &'b self,
        stages: &'a [Stage],
        last: &'a Last,
        data: Data,
        origin: &'b Origin,
    ) -> Boxed<'b, Result<Came, Stop>> {
        Box::pin(async move {
            let asks = |stage: &Stage| matches!(stage, Stage::Ask(..));
            if let Some(at) = stages.iter().position(asks) {
                let data = self.chain_of(&stages[..at], data, origin).await?;
                self.park(&stages[at..], last, &data, origin).await;
                return Ok(Came::ToAQuestion);
            }
            match (last, self.chain_of(stages, data, origin).await?) {
                (Last::Match(arms), Data::Choice(arm, value)) => {
                    let Route { stages, last } = &arms[arm];
                    return self.route(stages, last, Data::One(value), origin).await;
                }
                (Last::End, Data::One(value)) => self.decide(value),
                (Last::EndNow, Data::One(value)) => {
                    self.decide(value);
                    if !*lock(&self.finalizing) {
                        self.end(Over::Done);
                    }
                }
                (Last::Emit, data) => self.emit_returned(&data),
                (Last::Ignore, _) => {}
                other => unreachable!("{other:?}"),
            }
            Ok(Came::ToItsEnd)
        })
    }

    /// The stages of a route, which show activity where none of them has branches.
    async fn chain_of(
        &self,
        stages: &'a [Stage],
        mut data: Data,
        origin: &Origin,
    ) -> Result<Data, Stop> {
        let mut rest = stages;
        while let [Stage::Handler(_), others @ ..] = rest {
            data = self.chain(&rest[..1], data).await?;
            if let [Stage::Handler(_), ..] = others {
                self.goes_to_next(origin);
            }
            rest = others;
        }
        self.chain(rest, data).await
    }

    /// The first value counts, and in a `finally` none.
    fn decide(&self, value: Value) {
        if lock(&self.decided).is_none() && !self.is_over() && !*lock(&self.finalizing) {
            *lock(&self.decided) = Some(value);
            for (_, waker) in std::mem::take(&mut *lock(&self.notices)) {
                waker.wake();
            }
        }
    }
}
