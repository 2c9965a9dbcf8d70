//! The engine in memory: one execution is one future, and its handlers run inside it.
//!
//! An event costs no task, no channel and no heap node. The clauses of a flow are the arms of one
//! generated loop ([`Graph::work`](crate::macro_support::graph::Graph::work)). A
//! [`Driver`](driver::Driver) polls copies of that loop, called *slots*: as many as handlers are
//! suspended at the same time. Slots are reused, and given back while nothing runs.
//!
//! # Access
//!
//! | part | reached by | guarded by |
//! | --- | --- | --- |
//! | [`Inside`](inside::Inside): the queue of activations, the buffer of items, the position, the resources and states, the ending | the thread that polls the execution: its handlers, and a reader that polls it | [`PollCell`](inside::poll_cell::PollCell): a thread-local names the cell that the thread has entered; no lock |
//! | [`Outside`](outside::Outside): events, items and an ending that come from elsewhere; the outbox of a spawned execution; waiting questions | tasks that hold a clone of a context, handles, the driver | the mutex `Core::outside`; made when it is first needed |
//! | [`WakeState`](wake_state::WakeState): the pending work, and whether the driver sleeps | every thread | one atomic word |
//! | [`Watch`](observe::watch::Watch): observers and spans | the thread that polls, and threads that emit from outside | its own mutexes; made when something observes |
//! | [`EventLimits`](limits::EventLimits): how many events were emitted, where those that wait come from, and the senders that wait for room | every thread | an atomic, and a mutex that is taken alone or under that of `outside`; there only if the flow has such a limit |
//!
//! No lock and no borrow is held while code of the user runs: handlers, destructors, and wakers,
//! including their `clone` and `drop`.
//!
//! Executions of stages share one more thing with the outer one: the [`Tree`](outside::tree::Tree)
//! of the numbers of their questions, under a mutex that is held for nothing else. It also has the
//! [`Stages`](outside::stages::Stages) that take events from outside, and the events that wait for
//! one of them to begin, under a mutex of their own.
//!
//! # The wake protocol
//!
//! The word of [`WakeState`](wake_state::WakeState) has four bits. All changes are
//! read-modify-write operations on this one word, so they have one order.
//!
//! | bit | set by | cleared by |
//! | --- | --- | --- |
//! | `FIRST`: the first slot is ready | its waker | the driver, before it polls the slot |
//! | `OTHERS`: a slot in the list `others` is ready | that slot's waker, after it has put the slot on the list; the driver, if its budget is spent before it has polled all | the driver, under the list's lock, as it takes the list |
//! | `NEWS`: something is in `Outside`, or the last emitter is gone | the thread that put it there, after releasing the lock | the driver, before it looks |
//! | `ASLEEP`: the driver has returned `Pending` | the driver, after it has registered its task's waker | the driver, when it is polled |
//!
//! A setter that finds exactly `ASLEEP` in the word wakes the task: the first of several does, and
//! a driver that is awake looks by itself before it sleeps. The driver sleeps only if it finds no
//! other bit as it sets `ASLEEP`. So neither side misses the other.
//!
//! Three facts have flags of their own beside the word. All of these accesses are `SeqCst`:
//!
//! - *The reader is gone* (`Core::reader_gone`). An awake driver reads the flag before it sleeps
//!   and once more after it has set `ASLEEP`; a reader that leaves sets the flag and then reads
//!   `ASLEEP`. At least one of them sees the other, and a sleeping driver is woken by `NEWS`.
//! - *There is an outside* (`Core::has_outside`). The side that creates it reads `reader_gone`
//!   afterwards, and the side that sets `reader_gone` reads `has_outside` afterwards, so that items
//!   put outside for a reader that is gone are dropped by one of them.
//! - *The end is decided* (`Core::ending`). A send counts itself in `Core::contexts`, then reads the
//!   flag, and queues its event if that is not set. The driver sets the flag and then reads the
//!   count; if it is 0 and nothing is queued, the execution is over. Both write before they read. So
//!   the send is refused, or the driver waits for it. An execution to which nothing can send sets
//!   the flag without this order.
//!
//! # The life of an item
//!
//! A handler's item goes into the buffer ([`stream::buffer`]). From there it moves, a batch at a
//! time, to the reader: into the reader's [`Batch`](stream::buffer::Batch) if the reader polls the
//! execution, or into the outbox if the execution is spawned. Unread items count as being in the
//! buffer wherever they are (`Buffer::unread`). Items put from outside wait in an
//! [`Inbox`](outside::Inbox) of the same size, and no handler overtakes them.
//!
//! A `put` that finds no room takes a ticket ([`stream::waiters`]). When half of the buffer is
//! free, its free places are granted to the oldest tickets, and only these `put`s are woken. A
//! granted place is kept for its `put`:
//!
//! - A `put` that is dropped returns its ticket, and its place goes to the next one. The ticket of
//!   a `put` that waited inside and is dropped elsewhere goes back through `Inbox::returned`.
//! - Inside, a place that is not taken by the time the execution would sleep goes to the next one
//!   (`Core::pass_on_places`), because its handler holds the `put` and does not poll it. Such a
//!   `put` is the first in the queue when it is polled again.
//! - While tickets inside wait that are older than an item in the inbox, no more items go into the
//!   inbox (`Inbox::fair_gate`).
//! - When the reader leaves, and at the end, all tickets are void, and all that wait are woken.
//!
//! # The life of an event from outside
//!
//! With `max_pending`, a sender first reserves a place, or takes a ticket and waits ([`send`]). It
//! then queues the event as a handler does, without a lock, because that may clone the event; the
//! reservation ends after that. A place becomes free when the loop takes an activation, and goes to
//! the oldest ticket. The execution is closed before the tickets are released at the end, and a
//! sender looks at that under the lock under which it takes its ticket. So none is left waiting.
//!
//! An event that a stage takes is offered to each execution of it that runs in this one
//! ([`enter`]), without a lock. If there is none, or each refuses it because its end is decided,
//! the event waits for the next to begin. A stage that begins takes what waits before it is listed,
//! so that no event overtakes another. It passes events on to its own stages in the same way.
//!
//! Each queue has a parallel list of the origins of its activations, since the events of handlers
//! have a bound of their own: they cannot wait, and do not fail because senders have filled the
//! queue.
//!
//! # The life of a question
//!
//! A question waits in the table of [`Questions`](outside::questions::Questions), with what its reply
//! makes an activation of: the clause that takes the answer, or the rest of a clause that is split
//! at the stage that asks. Such a rest is no event and does not go through the queue. It waits in
//! [`Inside`](inside::Inside) for the next slot that is free, which takes it before all events, and
//! restores the run and the span that the first part has left. A reply that comes while the first
//! part waits for room in the stream is held back until the question is in the stream
//! ([`Pause`](crate::macro_support::split::Pause)). Any other stage holds its future, which the reply
//! wakes.
//!
//! # The beginning
//!
//! The first activation is that of `start`, or of the first clause `with T = open`. Such a clause
//! carries the input, and nothing else is taken from the queue while it runs
//! ([`Inside::has_next`](inside::Inside::has_next)). The resource is kept with the states, and the
//! next activation goes before all others. An ending that comes before `start` is there is final:
//! no `finally` runs.
//!
//! # The end
//!
//! An `end` decides the output, and closes the execution to senders and answers (`Core::ending`).
//! What is under way goes on: handlers, queued events, and clones of contexts, which are counted
//! (`Core::contexts`), as is a send while it is in progress. Handles, senders and waiting questions
//! (`Core::outsiders`) keep an execution open only before that. A stage whose outer execution is
//! ending is closed in the same way, before its handlers are polled. Until then, the handles and
//! senders of the outermost execution keep a stage open that takes events from outside.
//!
//! The ending comes once ([`finish`]): by an `end now`, a `stop`, a failure, a limit, a cancel, or
//! by the driver when nothing runs and nothing can emit any more; events that then still wait for a
//! partner go to their `else`, or are an error. If the flow has a `finally`, or a stage of it has,
//! the driver drops the handlers and what is queued, and goes on: first with the stages that were
//! given up and have a `finally` to run, then with its own. The driver then closes the
//! execution to the outside, drops the handlers, then the resources, the states and all events and
//! items that nothing will take, and tells the reader last. Each of these may hold a context or a
//! waker of the execution, so what stayed would keep the execution alive for ever.

pub(crate) mod core;
pub(crate) mod driver;
mod emit;
pub(crate) mod ending;
mod enter;
mod finish;
pub(crate) mod handle;
mod in_place;
pub(crate) mod inside;
pub(crate) mod limits;
#[cfg(feature = "durable")]
pub(crate) mod log;
mod next;
mod observe;
pub(crate) mod outside;
#[cfg(feature = "durable")]
pub(crate) mod recording;
#[cfg(not(feature = "durable"))]
#[path = "unrecorded.rs"]
pub(crate) mod recording;
pub(crate) mod router;
mod send;
pub(crate) mod stream;
mod wake_state;
mod worker;
