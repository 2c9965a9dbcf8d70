//! The object of an execution: it keeps the rows, and drives the execution while something runs.

use std::sync::Arc;
use std::time::Duration;

use flow_core::durable::backend::keys;
use flow_core::durable::{BoxFuture, Bytes, Change, Commit, Phase, Rows};
use futures_util::future::FutureExt;
use serde::{Deserialize, Serialize};

use crate::kept::{Items, Kept};
use crate::outlet::{Outlet, remove};
use crate::sdk::{Ctx, HandlerSpec, Object, Stop};
use crate::session::{Before, Served, Session, no_streams};
use crate::streams::{Streams, Topic};
use crate::wire::{self, Attach, Note, Step, Then, View, Waiting};

/// Goes on with the execution until it waits, or is over.
pub(crate) const RUN: &str = "run";

/// Reads what is known of the execution.
pub(crate) const VIEW: &str = "view";

/// How much too early an invocation may come, in milliseconds, as clocks differ.
const EARLY: u64 = 2000;

/// The row of [`Control`], which each execution has.
pub(crate) const CONTROL: &str = "control";

const BLOCKED: &str = "blocked";

/// What an invocation leaves to the next one, besides the rows.
#[derive(Default, Serialize, Deserialize)]
struct Control {
    /// How many requests were taken.
    taken: u64,
    /// When an invocation will come by itself, in milliseconds since 1970.
    timer: Option<u64>,
    /// The streams to which items go, if not to the desk.
    stream: Option<String>,
    /// The time of the last entry in the history, in milliseconds since 1970.
    past: u64,
}

/// An invocation that runs an execution.
struct Run<'a> {
    ctx: &'a Ctx,
    served: &'a Served,
    kept: Kept,
    control: Control,
    /// Where items go that do not go to the desk.
    outlet: Option<Outlet>,
}

pub(crate) struct Execution(pub(crate) Arc<Served>);

impl Object for Execution {
    fn handlers(&self) -> &'static [HandlerSpec] {
        &[
            HandlerSpec {
                name: RUN,
                is_shared: false,
                is_private: true,
            },
            HandlerSpec {
                name: VIEW,
                is_shared: true,
                is_private: false,
            },
        ]
    }

    fn call(
        self: Arc<Self>,
        handler: &str,
        ctx: Ctx,
        _input: Vec<u8>,
    ) -> BoxFuture<'static, Result<Vec<u8>, Stop>> {
        if handler == VIEW {
            return async move { Ok(wire::write(&view(&ctx).await?)?) }.boxed();
        }
        async move {
            let Some(_runs) = self.0.closing.begin() else {
                // The server tries once more, at another worker of this address or at the next.
                return Err(Stop::Retry("this worker closes".to_owned()));
            };
            let done = run(&ctx, &self.0).await;
            if let Err(Stop::Cancelled(_)) = done {
                // Somebody has cancelled the invocation, which is not the execution.
                ctx.send(&self.0.name, RUN, &(), None)?;
            }
            done.map(|()| Vec::new())
        }
        .boxed()
    }
}

async fn run(ctx: &Ctx, served: &Arc<Served>) -> Result<(), Stop> {
    let mut run = Run {
        ctx,
        served,
        control: ctx.get_as(CONTROL).await?.unwrap_or_default(),
        kept: Kept::load(ctx).await?,
        outlet: None,
    };
    let done = run.drive(Session::new(Arc::clone(served), ctx.key())).await;
    if matches!(done, Ok(()) | Err(Stop::Cancelled(_))) {
        run.kept.write(ctx)?;
        // The next invocation does not put them once more.
        run.flush().await?;
    }
    done
}

impl Run<'_> {
    async fn drive(&mut self, mut session: Session) -> Result<(), Stop> {
        let (ctx, served) = (self.ctx, self.served);
        let mut is_blocked = ctx.get(BLOCKED).await?.is_some();
        let attach = |taken| Attach {
            invocation: ctx.invocation().to_owned(),
            taken,
        };
        let Waiting(mut inbox) = ctx
            .call(&served.desk, "attach", &attach(self.control.taken))
            .await?;
        let mut steps = 0;
        loop {
            let before = Before {
                ctx,
                rows: self.kept.rows(),
                inbox: &inbox,
                next: self.control.taken + inbox.len() as u64,
                steps,
                stream: self.control.stream.as_deref(),
                past: self.control.past,
            };
            let step = ctx.run("step", || session.step(before)).await?;
            let step: Step = wire::read(&step)?;
            steps += 1;
            self.control.taken += step.taken;
            inbox.drain(
                ..inbox
                    .len()
                    .min(usize::try_from(step.taken).unwrap_or(usize::MAX)),
            );
            if step.stream.is_some() {
                self.control.stream.clone_from(&step.stream);
                self.note(&Note {
                    stream: step.stream.clone(),
                    ..Note::default()
                })?;
            }
            if let Some(past) = &step.history {
                self.control.past = past.at;
                ctx.send(&served.desk, "past", past, None)?;
            }
            // What is told to others is written before.
            let is_told = step.taken > 0 || step.stream.is_some() || step.history.is_some();
            let goes_on = matches!(step.then, Then::Go);
            self.apply(step.changes, is_told || !goes_on).await?;
            if is_told {
                ctx.set_as(CONTROL, &self.control)?;
            }
            for (awakeable, reply) in step.replies {
                ctx.resolve(&awakeable, wire::write(&reply)?);
            }
            session.recorded(step.of_machine);
            let blocks = match &step.then {
                Then::Block(reason) => Some(reason),
                _ => None,
            };
            if blocks.is_some() || is_blocked {
                is_blocked = blocks.is_some();
                match blocks {
                    Some(reason) => ctx.set_as(BLOCKED, reason)?,
                    None => ctx.clear(BLOCKED),
                }
                self.note(&Note::default())?;
            }
            let timer = match step.then {
                Then::Go => continue,
                Then::Renew => return ctx.send(&served.name, RUN, &(), None),
                Then::Park(timer) => timer,
                Then::Leave | Then::Block(_) => None,
            };
            if !inbox.is_empty() {
                continue;
            }
            let Waiting(more) = ctx
                .call(&served.desk, "detach", &attach(self.control.taken))
                .await?;
            if !more.is_empty() {
                inbox = more;
                continue;
            }
            if let Some((deadline, left)) = timer {
                let now = deadline.saturating_sub(left);
                // One that is about to come may be this invocation, a moment too early.
                let is_set = |timer: u64| timer > now + EARLY && timer <= deadline;
                if !self.control.timer.is_some_and(is_set) {
                    self.control.timer = Some(deadline);
                    ctx.set_as(CONTROL, &self.control)?;
                    // Deadlines are in whole milliseconds.
                    let after = Duration::from_millis(left + 1);
                    ctx.send(&served.name, RUN, &(), Some(after))?;
                }
            }
            return Ok(());
        }
    }

    /// Makes the changes of a step, and passes on its items. The rows are written if they have to
    /// be, or if others see what has changed.
    async fn apply(&mut self, changes: Vec<wire::Changed>, writes: bool) -> Result<(), Stop> {
        let changes: Vec<_> = changes.into_iter().map(Into::into).collect();
        let commit = Commit::from(changes);
        let phase = commit.phase();
        let Items { first, items } = self.kept.apply(&commit);
        if writes || !items.is_empty() || commit.changes().any(shows) {
            self.kept.write(self.ctx)?;
        }
        let is_told = matches!(phase, Some(Phase::Over | Phase::Purged));
        let mut note = Note {
            first,
            items,
            is_over: phase == Some(Phase::Over),
            is_purged: phase == Some(Phase::Purged),
            ..Note::default()
        };
        if self.control.stream.is_some() {
            let items = std::mem::take(&mut note.items);
            if !items.is_empty() {
                self.outlet()?.put(first, items).await?;
            }
            note.first = self.kept.items();
            if is_told {
                // What the desk says to be over has all its items in the streams.
                self.flush().await?;
            }
            if note.is_purged {
                let streams = self.streams()?;
                remove(&**streams, &self.topic()).await;
            }
        }
        if !note.items.is_empty() || is_told {
            self.note(&note)?;
        }
        Ok(())
    }

    fn topic(&self) -> Topic {
        Topic {
            flow: self.served.name.clone(),
            id: self.ctx.key().to_owned(),
        }
    }

    /// The streams to which the items of the steps that were recorded go.
    fn streams(&self) -> Result<&Arc<dyn Streams>, Stop> {
        self.served.streams.as_ref().ok_or_else(|| {
            let stream = self.control.stream.as_deref().unwrap_or_default();
            Stop::Retry(no_streams(stream))
        })
    }

    fn outlet(&mut self) -> Result<&Outlet, Stop> {
        let outlet = if let Some(outlet) = self.outlet.take() {
            outlet
        } else {
            let streams = Arc::clone(self.streams()?);
            Outlet::new(streams, self.topic(), self.ctx.invocation())
        };
        Ok(self.outlet.insert(outlet))
    }

    async fn flush(&self) -> Result<(), Stop> {
        match &self.outlet {
            Some(outlet) => outlet.flush().await,
            None => Ok(()),
        }
    }

    /// Tells the desk what readers wait for.
    fn note(&self, note: &Note) -> Result<(), Stop> {
        self.ctx.send(&self.served.desk, "note", note, None)
    }
}

/// The row is seen from outside.
fn is_seen(key: &str) -> bool {
    keys::STATUS.contains(&key) || key.starts_with(keys::QUESTIONS)
}

/// What is seen from outside changes.
fn shows(change: &Change) -> bool {
    match change {
        Change::Put(key, _) | Change::Delete(key) => is_seen(key),
        Change::DeleteAll(prefix) => {
            let mut seen = keys::STATUS.into_iter().chain([keys::QUESTIONS]);
            is_seen(prefix) || seen.any(|key| key.starts_with(prefix.as_str()))
        }
    }
}

async fn view(ctx: &Ctx) -> Result<View, Stop> {
    let kept = Kept::load(ctx).await?;
    let rows: &Rows = kept.rows();
    let rows = rows.iter().filter(|(key, _)| is_seen(key));
    let rows = rows.map(|(key, value)| (key.to_owned(), Bytes(value.to_vec())));
    Ok(View {
        rows: rows.collect(),
        items: kept.items(),
        blocked: ctx.get_as(BLOCKED).await?,
    })
}
