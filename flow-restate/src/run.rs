//! The object of an execution: it keeps the rows, and drives the execution while something runs.

use std::sync::Arc;
use std::time::Duration;

use flow_core::durable::backend::keys;
use flow_core::durable::{BoxFuture, Bytes, Commit, Phase, Rows};
use futures_util::future::FutureExt;
use serde::{Deserialize, Serialize};

use crate::kept::Kept;
use crate::sdk::{Ctx, HandlerSpec, Object, Stop};
use crate::session::{Before, Served, Session};
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
    let mut control: Control = ctx.get_as(CONTROL).await?.unwrap_or_default();
    let mut kept = Kept::load(ctx).await?;
    let was_blocked = ctx.get(BLOCKED).await?.is_some();
    let attach = |taken| Attach {
        invocation: ctx.invocation().to_owned(),
        taken,
    };
    let Waiting(mut inbox) = ctx
        .call(&served.desk, "attach", &attach(control.taken))
        .await?;
    let mut is_blocked = was_blocked;
    let mut session = Session::new(Arc::clone(served), ctx.key());
    let mut steps = 0;
    loop {
        let before = Before {
            ctx,
            rows: kept.rows(),
            inbox: &inbox,
            next: control.taken + inbox.len() as u64,
            steps,
        };
        let step = ctx.run("step", || session.step(before)).await?;
        let step: Step = wire::read(&step)?;
        steps += 1;
        control.taken += step.taken;
        inbox.drain(
            ..inbox
                .len()
                .min(usize::try_from(step.taken).unwrap_or(usize::MAX)),
        );
        apply(ctx, served, &mut kept, step.changes)?;
        if step.taken > 0 {
            ctx.set_as(CONTROL, &control)?;
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
            note(ctx, served, 0, Vec::new(), None)?;
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
            .call(&served.desk, "detach", &attach(control.taken))
            .await?;
        if !more.is_empty() {
            inbox = more;
            continue;
        }
        if let Some((deadline, left)) = timer {
            let now = deadline.saturating_sub(left);
            // One that is about to come may be this invocation, a moment too early.
            let is_set = |timer: u64| timer > now + EARLY && timer <= deadline;
            if !control.timer.is_some_and(is_set) {
                control.timer = Some(deadline);
                ctx.set_as(CONTROL, &control)?;
                // Deadlines are in whole milliseconds.
                let after = Duration::from_millis(left + 1);
                ctx.send(&served.name, RUN, &(), Some(after))?;
            }
        }
        return Ok(());
    }
}

fn apply(
    ctx: &Ctx,
    served: &Served,
    kept: &mut Kept,
    changes: Vec<wire::Changed>,
) -> Result<(), Stop> {
    if changes.is_empty() {
        return Ok(());
    }
    let changes: Vec<_> = changes.into_iter().map(Into::into).collect();
    let commit = Commit::from(changes);
    let phase = commit.phase();
    let (first, items) = kept.apply(ctx, &commit)?;
    if !items.is_empty() || matches!(phase, Some(Phase::Over | Phase::Purged)) {
        note(ctx, served, first, items, phase)?;
    }
    Ok(())
}

/// Tells the desk what readers wait for.
fn note(
    ctx: &Ctx,
    served: &Served,
    first: u64,
    items: Vec<Bytes>,
    phase: Option<Phase>,
) -> Result<(), Stop> {
    let note = Note {
        first,
        items,
        is_over: phase == Some(Phase::Over),
        is_purged: phase == Some(Phase::Purged),
    };
    ctx.send(&served.desk, "note", &note, None)
}

async fn view(ctx: &Ctx) -> Result<View, Stop> {
    let kept = Kept::load(ctx).await?;
    let rows: &Rows = kept.rows();
    let is_seen = |key: &str| keys::STATUS.contains(&key) || key.starts_with(keys::QUESTIONS);
    let rows = rows.iter().filter(|(key, _)| is_seen(key));
    let rows = rows.map(|(key, value)| (key.to_owned(), Bytes(value.to_vec())));
    Ok(View {
        rows: rows.collect(),
        blocked: ctx.get_as(BLOCKED).await?,
    })
}
