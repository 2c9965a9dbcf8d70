//! A clause, from its trigger to its end.

use crate::graph::{EVENTS, Last, Route, Stage, Trigger};
use crate::interpreter::asking::ASK;
use crate::interpreter::data::Data;
use crate::interpreter::delivery::Activation;
use crate::interpreter::failure::{Failed, Failure, Stop};
use crate::interpreter::questions::time;
use crate::interpreter::{Boxed, Execution, Over, lock};
use crate::script::Value;

impl Execution<'_> {
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
        let clause = &self.graph.clauses[index];
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
        let reminder = Route {
            stages: vec![Stage::Handler("n0")],
            last: Last::Ignore,
        };
        let question = match data {
            Data::Reminder(question, ..) => Some(question),
            _ => None,
        };
        let route = if question.is_some() {
            &reminder
        } else if is_otherwise {
            clause.otherwise.as_ref().unwrap()
        } else {
            &clause.route
        };
        let came_to = self.route(route, data).await;
        self.release_clock(index, question);
        let Err(Stop::Failed(failure)) = came_to else {
            return;
        };
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
        let rescue = match &clause.trigger {
            Trigger::Rescue(_) => None,
            _ => self.rescue_of(&failure.handler),
        };
        let message = match failure.late {
            None => format!("handler `{}` failed {place}", failure.handler),
            Some(after) => {
                let after = time(after);
                format!(
                    "handler `{}` timed out {place} after {after}",
                    failure.handler
                )
            }
        };
        let is_late = failure.late.is_some();
        let error = if failure.handler == ASK {
            failure.error.clone()
        } else {
            [vec![message], failure.error.clone()].concat()
        };
        if let Some(rescue) = rescue {
            let prevented = error;
            let failure = Failure {
                prevented,
                ..failure
            };
            return self.push(rescue, Data::Failed(failure), false);
        }
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

    fn route<'b>(&'b self, route: &'b Route, data: Data) -> Boxed<'b, Result<(), Stop>> {
        Box::pin(async move {
            let data = self.chain(&route.stages, data).await?;
            match (&route.last, data) {
                (Last::Match(arms), Data::Choice(arm, value)) => {
                    self.route(&arms[arm], Data::One(value)).await
                }
                (Last::End, Data::One(value)) => {
                    self.decide(value);
                    Ok(())
                }
                (Last::EndNow, Data::One(value)) => {
                    self.decide(value);
                    if !*lock(&self.finalizing) {
                        self.end(Over::Done);
                    }
                    Ok(())
                }
                (Last::Emit, data) => {
                    self.emit_returned(&data);
                    Ok(())
                }
                (Last::Ignore, _) => Ok(()),
                other => unreachable!("{other:?}"),
            }
        })
    }

    /// The first value counts, and in a `finally` none.
    fn decide(&self, value: Value) {
        if lock(&self.decided).is_none() && !self.is_over() && !*lock(&self.finalizing) {
            *lock(&self.decided) = Some(value);
        }
    }
}
