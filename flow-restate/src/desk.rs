//! The object at which the outside speaks with an execution.
//!
//! That of the execution itself runs handlers for as long as they take, and the server lets nothing
//! else in meanwhile. What comes for the execution is kept here, and is sent as a signal to the
//! invocation that runs; what comes from it is kept here, for its readers.

use std::sync::Arc;
use std::time::Duration;

use flow_core::durable::{BoxFuture, Bytes};
use futures_util::future::FutureExt;
use serde::{Deserialize, Serialize};

use crate::past;
use crate::run::RUN;
use crate::sdk::{Ctx, HandlerSpec, Object, Stop};
use crate::session::{Served, signal_name};
use crate::wire::{self, Ask, Attach, Envelope, Note, Page, Read, Waiting, Watch};

/// Asks something of the execution, and waits for the reply.
pub(crate) const ASK: &str = "ask";

/// Reads what the execution has done.
pub(crate) const HISTORY: &str = "history";

/// Reads items, or waits for news.
pub(crate) const READ: &str = "read";

const DESK: &str = "desk";

/// How many items are in one row of the state.
const CHUNK: u64 = 32;

/// When the invocation that runs has not replied for so long, another one is sent after it: it may
/// have been killed.
const OVERDUE: Duration = Duration::from_secs(5);

/// How long a reader waits for news, before it asks again.
const WAIT: Duration = Duration::from_secs(20);

#[derive(Default, Serialize, Deserialize)]
struct State {
    /// The invocation that runs the execution.
    runner: Option<String>,
    /// An invocation was asked for.
    is_called: bool,
    /// The number of the oldest request that is kept, and of the next one.
    first: u64,
    next: u64,
    version: u64,
    /// How many items there are.
    items: u64,
    /// The streams in which they are, if they are not here.
    stream: Option<String>,
    is_over: bool,
    watches: Vec<Watch>,
}

pub(crate) struct Desk(pub(crate) Arc<Served>);

const fn private(name: &'static str) -> HandlerSpec {
    HandlerSpec {
        name,
        is_shared: false,
        is_private: true,
    }
}

const fn shared(name: &'static str) -> HandlerSpec {
    HandlerSpec {
        name,
        is_shared: true,
        is_private: false,
    }
}

impl Object for Desk {
    fn handlers(&self) -> &'static [HandlerSpec] {
        const HANDLERS: &[HandlerSpec] = &[
            shared(ASK),
            shared(READ),
            private("put"),
            private("attach"),
            private("detach"),
            private("note"),
            private("watch"),
            shared(HISTORY),
            private("past"),
        ];
        HANDLERS
    }

    fn call(
        self: Arc<Self>,
        handler: &str,
        ctx: Ctx,
        input: Vec<u8>,
    ) -> BoxFuture<'static, Result<Vec<u8>, Stop>> {
        let handler = handler.to_owned();
        async move {
            let served = &*self.0;
            match handler.as_str() {
                ASK => ask(&ctx, served, wire::read(&input)?).await,
                READ => read(&ctx, served, wire::read(&input)?).await,
                "put" => put(&ctx, served, input).await,
                "attach" => attach(&ctx, wire::read(&input)?, false).await,
                "detach" => attach(&ctx, wire::read(&input)?, true).await,
                "note" => note(&ctx, wire::read(&input)?).await,
                "watch" => watch(&ctx, wire::read(&input)?).await,
                HISTORY => {
                    let entries = past::read(&ctx, wire::read(&input)?).await?;
                    Ok(wire::write(&entries)?)
                }
                "past" => {
                    past::add(&ctx, wire::read(&input)?).await?;
                    Ok(Vec::new())
                }
                other => Err(Stop::Retry(format!("there is no handler `{other}`"))),
            }
        }
        .boxed()
    }
}

async fn state(ctx: &Ctx) -> Result<State, Stop> {
    Ok(ctx.get_as(DESK).await?.unwrap_or_default())
}

async fn ask(ctx: &Ctx, served: &Served, ask: Ask) -> Result<Vec<u8>, Stop> {
    let put = |awakeable: &str| {
        let reply_to = awakeable.to_owned();
        ctx.send(&served.desk, "put", &Envelope { ask, reply_to }, None)
    };
    let overdue = || {
        ctx.send(&served.name, RUN, &(), None)?;
        Ok(true)
    };
    let reply = ctx.wait(put, OVERDUE, overdue).await?;
    Ok(reply.unwrap_or_default())
}

async fn put(ctx: &Ctx, served: &Served, envelope: Vec<u8>) -> Result<Vec<u8>, Stop> {
    let mut state = state(ctx).await?;
    ctx.set(&request_key(state.next), envelope.clone());
    match &state.runner {
        Some(runner) => ctx.resolve_signal(runner, &signal_name(state.next), envelope),
        None if state.is_called => {}
        None => {
            state.is_called = true;
            ctx.send(&served.name, RUN, &(), None)?;
        }
    }
    state.next += 1;
    ctx.set_as(DESK, &state)?;
    Ok(Vec::new())
}

/// An invocation begins to run the execution, or wants to end. It ends only if no request waits.
async fn attach(ctx: &Ctx, by: Attach, detaches: bool) -> Result<Vec<u8>, Stop> {
    let mut state = state(ctx).await?;
    while state.first < by.taken {
        ctx.clear(&request_key(state.first));
        state.first += 1;
    }
    let mut waiting = Vec::new();
    for number in state.first..state.next {
        if let Some(request) = ctx.get_as::<Envelope>(&request_key(number)).await? {
            waiting.push(request);
        }
    }
    state.is_called = false;
    state.runner = if detaches && waiting.is_empty() {
        None
    } else {
        Some(by.invocation)
    };
    ctx.set_as(DESK, &state)?;
    Ok(wire::write(&Waiting(waiting))?)
}

async fn note(ctx: &Ctx, note: Note) -> Result<Vec<u8>, Stop> {
    let mut state = state(ctx).await?;
    let mut number = note.first;
    let mut items = note.items.into_iter().peekable();
    while items.peek().is_some() {
        let key = chunk_key(number);
        let mut chunk: Vec<Bytes> = match number % CHUNK {
            0 => Vec::new(),
            _ => ctx.get_as(&key).await?.unwrap_or_default(),
        };
        while let Some(item) = items.next_if(|_| chunk_key(number) == key) {
            chunk.push(item);
            number += 1;
        }
        ctx.set_as(&key, &chunk)?;
    }
    state.items = state.items.max(number);
    state.stream = note.stream.or(state.stream);
    if note.is_purged && state.stream.is_none() {
        for chunk in 0..state.items.div_ceil(CHUNK) {
            ctx.clear(&chunk_key(chunk * CHUNK));
        }
    }
    if note.is_purged {
        past::clear(ctx).await?;
    }
    state.is_over |= note.is_over;
    state.version += 1;
    for watch in state.watches.drain(..) {
        ctx.resolve(&watch.awakeable, Vec::new());
    }
    ctx.set_as(DESK, &state)?;
    Ok(Vec::new())
}

async fn watch(ctx: &Ctx, watch: Watch) -> Result<Vec<u8>, Stop> {
    let mut state = state(ctx).await?;
    if state.version > watch.seen {
        ctx.resolve(&watch.awakeable, Vec::new());
        return Ok(Vec::new());
    }
    let wait = u64::try_from(WAIT.as_millis()).unwrap_or(u64::MAX);
    let waits = |other: &Watch| other.now.saturating_add(2 * wait) > watch.now;
    state.watches.retain(waits);
    state.watches.push(watch);
    ctx.set_as(DESK, &state)?;
    Ok(Vec::new())
}

async fn read(ctx: &Ctx, served: &Served, read: Read) -> Result<Vec<u8>, Stop> {
    let state = state(ctx).await?;
    if read.seen == Some(state.version) {
        let seen = state.version;
        let watch = |awakeable: &str| {
            let watch = Watch {
                awakeable: awakeable.to_owned(),
                seen,
                now: read.now,
            };
            ctx.send(&served.desk, "watch", &watch, None)
        };
        ctx.wait(watch, WAIT, || Ok(false)).await?;
        // What this invocation has read is what it goes on with, so the reader asks again.
        return Ok(wire::write(&None::<Page>)?);
    }
    let mut page = Page {
        version: state.version,
        end: state.items,
        stream: state.stream,
        is_over: state.is_over,
        items: Vec::new(),
    };
    let mut number = read.from;
    let end = state.items.min(read.from.saturating_add(read.at_most));
    while number < end {
        let chunk: Vec<Bytes> = ctx.get_as(&chunk_key(number)).await?.unwrap_or_default();
        let from = usize::try_from(number % CHUNK).unwrap_or_default();
        let next = number - number % CHUNK + CHUNK;
        for (item, number) in chunk.into_iter().skip(from).zip(number..end) {
            page.items.push((number, item));
        }
        number = next;
    }
    Ok(wire::write(&Some(page))?)
}

fn request_key(number: u64) -> String {
    format!("request/{number:016x}")
}

fn chunk_key(number: u64) -> String {
    format!("items/{:016x}", number / CHUNK)
}
