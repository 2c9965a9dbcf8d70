//! The flow, and handlers that follow the scripts of a case.

use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::sync::atomic::Ordering;
use std::time::Duration;

use flow_core::{BoxError, Cx, Emits, Event, Failed, Handler, Res, Result, Router, flow, handler};

use crate::Planned;
use crate::plan::{Kind, Script, Step};
use crate::world::{Inside, Item, Who, World, count};

#[derive(Clone, Event)]
struct Plain(Script, Inside);
#[derive(Event)]
struct Left(Script, Inside);
#[derive(Event)]
struct Right(Script, Inside);
#[derive(Clone, Event)]
struct Chain(Script, Inside);
#[derive(Event)]
struct Many(Script, Inside);
#[derive(Event)]
pub(crate) struct Poke(Script, Inside);
#[derive(Event)]
struct Finish(Script, Inside);

pub(crate) fn poke(script: Script, world: &World) -> Poke {
    Poke(script, world.guard())
}

/// A handler that may emit every event.
trait EmitsAll:
    Handler<Item = Item>
    + Emits<Plain>
    + Emits<Left>
    + Emits<Right>
    + Emits<Chain>
    + Emits<Many>
    + Emits<Poke>
    + Emits<Finish>
{
}

impl<H> EmitsAll for H where
    H: Handler<Item = Item>
        + Emits<Plain>
        + Emits<Left>
        + Emits<Right>
        + Emits<Chain>
        + Emits<Many>
        + Emits<Poke>
        + Emits<Finish>
{
}

/// Runs the script in a handler, and records its polls.
async fn act<R: Router, H: EmitsAll>(
    script: Script,
    (who, part): (Who, usize),
    cx: &Cx<R, H>,
    world: &World,
) -> Result<()> {
    let _guard = world.guard();
    world.delivered(who, script.id);
    let mut body = run(script, (who, part), cx, world);
    poll_fn(|task| {
        world.polled();
        body.as_mut().poll(task)
    })
    .await
}

/// Boxed, because the task of a script runs a script too.
fn run<'a, R: Router, H: EmitsAll>(
    script: Script,
    source: (Who, usize),
    cx: &'a Cx<R, H>,
    world: &'a World,
) -> Pin<Box<dyn Future<Output = Result<()>> + Send + 'a>> {
    Box::pin(steps(script, source, cx, world))
}

async fn steps<R: Router, H: EmitsAll>(
    script: Script,
    (who, part): (Who, usize),
    cx: &Cx<R, H>,
    world: &World,
) -> Result<()> {
    let mut n = 0;
    let Script { id, steps } = script;
    for step in steps {
        World::step();
        match step {
            Step::Sleep(ms) if world.paused.load(Ordering::Relaxed) => {
                tokio::time::sleep(Duration::from_millis(ms.into())).await;
            }
            Step::Yield | Step::Sleep(_) => tokio::task::yield_now().await,
            Step::Put => {
                cx.put(Item { id, who, part, n }).await;
                n += 1;
                count(match who {
                    Who::Task => &world.puts_of_tasks,
                    _ => &world.puts,
                });
            }
            Step::Emit(kind, script) => emit(kind, script, cx, world),
            Step::Fail => {
                // An error in a task does not count, and one in the chain is rescued.
                if !matches!(who, Who::Task | Who::Second) {
                    count(&world.fails);
                }
                return Err("planned".into());
            }
            Step::Panic => {
                if who != Who::Task {
                    count(&world.panics);
                }
                std::panic::panic_any(Planned);
            }
            Step::Stop => {
                count(&world.stops);
                cx.stop();
            }
            Step::Spawn(script) => {
                let (cx, world, guard) = (cx.clone(), world.clone(), world.task());
                tokio::spawn(async move {
                    // An error ends the task, like a panic.
                    drop(run(script, (Who::Task, 0), &cx, &world).await);
                    drop(guard);
                });
            }
        }
    }
    Ok(())
}

fn emit<R: Router, H: EmitsAll>(kind: Kind, script: Script, cx: &Cx<R, H>, world: &World) {
    let guard = world.guard();
    world.emitted.lock().unwrap().push((kind, script.id));
    match kind {
        Kind::Plain => cx.emit(Plain(script, guard)),
        Kind::Left => cx.emit(Left(script, guard)),
        Kind::Right => cx.emit(Right(script, guard)),
        Kind::Chain => cx.emit(Chain(script, guard)),
        Kind::Many => cx.emit(Many(script, guard)),
        Kind::Poke => cx.emit(Poke(script, guard)),
        Kind::Finish => cx.emit(Finish(script, guard)),
    }
}

#[handler(emits = ["Plain", "Left", "Right", "Chain", "Many", "Poke", "Finish"], streams = "Item")]
async fn begin(script: Script, cx: &Cx, world: Res<World>) -> Result<()> {
    act(script, (Who::Begin, 0), cx, &world).await
}

#[handler(
    on = "Plain",
    emits = ["Plain", "Left", "Right", "Chain", "Many", "Poke", "Finish"],
    streams = "Item"
)]
async fn plain_one(Plain(script, _guard): Plain, cx: &Cx, world: Res<World>) -> Result<()> {
    act(script, (Who::PlainOne, 0), cx, &world).await
}

/// Puts items only: the first listener emits the events of the script.
#[handler(on = "Plain", streams = "Item")]
async fn plain_two(Plain(script, _guard): Plain, cx: &Cx, world: Res<World>) {
    let _running = world.guard();
    let (id, who) = (script.id, Who::PlainTwo);
    world.delivered(who, id);
    for n in 0..script.steps.len() % 3 {
        let (part, item) = (0, n);
        cx.put(Item {
            id,
            who,
            part,
            n: item,
        })
        .await;
        count(&world.puts);
        world.polled();
    }
}

#[handler(emits = ["Plain", "Left", "Right", "Chain", "Many", "Poke", "Finish"], streams = "Item")]
async fn meet(
    (Left(left, _left), Right(right, _right)): (Left, Right),
    cx: &Cx,
    world: Res<World>,
) -> Result<()> {
    act(left, (Who::MeetLeft, 0), cx, &world).await?;
    act(right, (Who::MeetRight, 0), cx, &world).await
}

#[handler(on = "Chain")]
async fn first(chain: Chain, world: Res<World>) -> Chain {
    world.delivered(Who::First, chain.0.id);
    tokio::task::yield_now().await;
    chain
}

#[handler(emits = ["Plain", "Left", "Right", "Chain", "Many", "Poke", "Finish"], streams = "Item")]
async fn second(
    Chain(script, guard): Chain,
    cx: &Cx,
    world: Res<World>,
) -> Result<(usize, Inside)> {
    let id = script.id;
    act(script, (Who::Second, 0), cx, &world).await?;
    Ok((id, guard))
}

#[handler(streams = "Item")]
async fn third((id, _guard): (usize, Inside), cx: &Cx, world: Res<World>) {
    let (who, part, n) = (Who::Third, 0, 0);
    world.delivered(who, id);
    cx.put(Item { id, who, part, n }).await;
    count(&world.puts);
}

#[handler(streams = "Item")]
async fn console(failed: Failed<BoxError, Chain>, cx: &Cx, world: Res<World>) {
    let (id, who, part, n) = (failed.cause.0.id, Who::Console, 0, 0);
    world.delivered(who, id);
    tokio::task::yield_now().await;
    cx.put(Item { id, who, part, n }).await;
    count(&world.puts);
}

/// One part of a `Many`.
#[derive(Clone)]
struct Piece(
    Script,
    usize,
    #[allow(dead_code, reason = "it is held")] Inside,
);

#[handler(on = "Many")]
async fn cut(Many(script, guard): Many, world: Res<World>) -> Vec<Piece> {
    let id = script.id;
    world.delivered(Who::Parts, id);
    let pieces = script.steps.chunks(2).enumerate().map(|(part, steps)| {
        let steps = steps.to_vec();
        Piece(Script { id, steps }, part, guard.clone())
    });
    let pieces: Vec<_> = pieces.collect();
    world.pieces.lock().unwrap().insert(id, pieces.len());
    pieces
}

#[handler(emits = ["Plain", "Left", "Right", "Chain", "Many", "Poke", "Finish"], streams = "Item")]
async fn work(Piece(script, part, _guard): Piece, cx: &Cx, world: Res<World>) -> Result<()> {
    act(script, (Who::Part, part), cx, &world).await
}

#[handler(
    on = "Poke",
    emits = ["Plain", "Left", "Right", "Chain", "Many", "Poke", "Finish"],
    streams = "Item"
)]
async fn poked(Poke(script, _guard): Poke, cx: &Cx, world: Res<World>) -> Result<()> {
    act(script, (Who::Poked, 0), cx, &world).await
}

#[handler(
    on = "Finish",
    emits = ["Plain", "Left", "Right", "Chain", "Many", "Poke", "Finish"],
    streams = "Item"
)]
async fn finish(Finish(script, _guard): Finish, cx: &Cx, world: Res<World>) -> Result<usize> {
    let id = script.id;
    act(script, (Who::Finish, 0), cx, &world).await?;
    count(&world.finishes);
    Ok(id)
}

flow! {
    pub(crate) flow Faulty(Script) -> usize streams Item;
    with World;
    external Poke;
    start -> begin;
    when Plain -> plain_one;
    when Left & Right -> meet else -> ignore;
    when Chain -> first -> second -> third;
    when Plain -> plain_two;
    when Many -> cut -> each work[2] -> ignore;
    when Poke -> poked;
    when Finish -> finish -> end;
    rescue second -> console
}
