//! The allocations and bytes of an execution. Counts do not vary, so these are ordinary tests.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

use std::alloc::{GlobalAlloc, Layout, System};
use std::sync::atomic::{AtomicUsize, Ordering};

use flow_core::{Answered, Asked, Cx, Event, ItemsOf, Res, State, flow, handler};
use futures::StreamExt;
use futures::stream::{self, BoxStream};
use tokio::sync::watch;

/// Counts the bytes that are allocated and not freed.
struct Counting;

static BYTES: AtomicUsize = AtomicUsize::new(0);
static ALLOCATIONS: AtomicUsize = AtomicUsize::new(0);

// SAFETY: every call is forwarded to `System` unchanged. The counters access no allocated memory.
#[allow(unsafe_code, reason = "an allocator cannot be written without")]
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        BYTES.fetch_add(layout.size(), Ordering::Relaxed);
        ALLOCATIONS.fetch_add(1, Ordering::Relaxed);
        // SAFETY: the caller upholds the contract.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, at: *mut u8, layout: Layout) {
        BYTES.fetch_sub(layout.size(), Ordering::Relaxed);
        // SAFETY: the caller upholds the contract.
        unsafe { System.dealloc(at, layout) }
    }
}

#[global_allocator]
static COUNTING: Counting = Counting;

#[derive(Event)]
struct Turn(u64);

#[handler(on = "Turn", emits = "Turn")]
async fn turn(Turn(n): Turn, cx: &Cx) {
    if n.is_multiple_of(1_000) {
        cx.put(n.to_string()).await;
    }
    cx.emit(Turn(n + 1));
}

/// One test, because the counters are those of the whole process.
#[test]
fn an_execution_keeps_little_and_a_loop_nothing() {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .build()
        .unwrap();
    runtime.block_on(a_loop_of_ten_million_turns_holds_the_memory_of_one());
    runtime.block_on(an_event_allocates_nothing());
    runtime.block_on(a_chain_allocates_nothing());
    runtime.block_on(a_million_records_take_the_memory_of_a_few());
    runtime.block_on(an_idle_execution_weighs_less_than_a_kibibyte());
    runtime.block_on(an_execution_that_waits_for_an_answer_weighs_less_than_a_kibibyte());
    runtime.block_on(the_slots_of_handlers_are_given_back_once_nothing_runs());
    runtime.block_on(a_burst_leaves_little_while_one_of_its_handlers_runs());
    runtime.block_on(an_order_that_waits_with_a_deadline_weighs_less_than_a_third_more());
    runtime.block_on(a_question_with_a_reminder_weighs_little_more_than_one_with_a_deadline());
    runtime.block_on(a_stage_that_asks_weighs_little_more_than_a_clause());
    runtime.block_on(a_question_at_the_end_of_a_route_weighs_little_more_than_its_handle());
}

/// The most bytes while the records were read and written, beyond those before.
static MOST: AtomicUsize = AtomicUsize::new(0);

fn note_bytes() {
    MOST.fetch_max(counters().0, Ordering::Relaxed);
}

#[handler]
async fn read(records: u64) -> ItemsOf<BoxStream<'static, u64>> {
    let records = stream::iter(0..records);
    ItemsOf(records.inspect(|_| note_bytes()).boxed())
}

#[handler]
async fn work(record: u64) -> [u64; 8] {
    // Every other one suspends.
    if record.is_multiple_of(2) {
        tokio::task::yield_now().await;
    }
    [record; 8]
}

#[handler]
async fn write(record: [u64; 8], written: State<u64>) {
    note_bytes();
    written.with(|written| {
        assert_eq!(*written, record[0], "written in order");
        *written += 1;
    });
}

async fn a_million_records_take_the_memory_of_a_few() {
    let flow = flow! {
        state u64;
        start(u64) -> read -> each work[16] -> each write
    };
    let most = async |records| {
        let (before, _) = counters();
        MOST.store(before, Ordering::Relaxed);
        flow.run(records).await.unwrap();
        MOST.load(Ordering::Relaxed) - before
    };
    let few = most(1_000).await;
    let many = most(1_000_000).await;
    assert!(many <= few, "{many} bytes, and {few} for a thousand");
    assert!(few <= 16 * 1024, "{few} bytes");
}

async fn a_loop_of_ten_million_turns_holds_the_memory_of_one() {
    let flow = flow! { start(Turn) -> turn; when Turn -> turn };
    let mut items = flow.stream(Turn(0));
    let mut turns = async |thousands: u64| {
        for _ in 0..thousands {
            drop(items.next().await.unwrap().unwrap());
        }
    };
    // The first turns fill the buffers.
    turns(100).await;
    let (bytes, _) = counters();
    turns(10_000).await;
    assert_eq!(counters().0, bytes);
}

#[derive(Event)]
struct Ping(u32);

#[derive(Event)]
struct Pong(u32);

#[handler(on = "Ping", emits = "Pong")]
async fn ping(Ping(n): Ping, cx: &Cx) {
    match n {
        10 => MARKS[0].store(counters().1, Ordering::Relaxed),
        100_010 => MARKS[1].store(counters().1, Ordering::Relaxed),
        _ => {}
    }
    if n < 100_010 {
        cx.emit(Pong(n));
    }
}

#[handler(on = "Pong", emits = "Ping")]
async fn pong(Pong(n): Pong, cx: &Cx) {
    cx.emit(Ping(n + 1));
}

/// The number of allocations at the tenth event, and a hundred thousand events later.
static MARKS: [AtomicUsize; 2] = [AtomicUsize::new(0), AtomicUsize::new(0)];

async fn an_event_allocates_nothing() {
    let flow = flow! { start(Ping) -> ping; when Pong -> pong; when Ping -> ping };
    flow.run(Ping(0)).await.unwrap();
    let [tenth, last] = &MARKS;
    assert_ne!(tenth.load(Ordering::Relaxed), 0);
    assert_eq!(tenth.load(Ordering::Relaxed), last.load(Ordering::Relaxed));
}

#[handler]
async fn step(n: u64) -> u64 {
    n + 1
}

#[handler(emits = "Turn")]
async fn mark(n: u64, cx: &Cx) {
    match n {
        100 => MARKS[0].store(counters().1, Ordering::Relaxed),
        100_000 => MARKS[1].store(counters().1, Ordering::Relaxed),
        _ => {}
    }
    if n < 100_000 {
        cx.emit(Turn(n));
    }
}

#[handler]
async fn open(Turn(n): Turn) -> u64 {
    n
}

async fn a_chain_allocates_nothing() {
    let flow = flow! {
        start(Turn) -> open -> step -> step -> step -> step -> mark;
        when Turn -> open -> step -> (step, step) -> fewer -> step -> step -> mark
    };
    MARKS[1].store(0, Ordering::Relaxed);
    flow.run(Turn(96)).await.unwrap();
    let [early, last] = &MARKS;
    assert_ne!(last.load(Ordering::Relaxed), 0);
    assert_eq!(early.load(Ordering::Relaxed), last.load(Ordering::Relaxed));
}

/// One of the two handlers.
#[handler]
async fn fewer((n, _): (u64, u64)) -> u64 {
    n
}

async fn an_idle_execution_weighs_less_than_a_kibibyte() {
    const EXECUTIONS: usize = 1_000;
    static WAITING: AtomicUsize = AtomicUsize::new(0);

    #[handler]
    async fn wait(released: watch::Receiver<bool>) -> flow_core::Result<()> {
        WAITING.fetch_add(1, Ordering::Relaxed);
        let mut released = released;
        released.wait_for(|released| *released).await?;
        Ok(())
    }

    let (release, released) = watch::channel(false);
    let flow = flow! { start(watch::Receiver<bool>) -> wait };
    let mut executions = Vec::with_capacity(EXECUTIONS);
    let (before, _) = counters();
    for _ in 0..EXECUTIONS {
        executions.push(flow.spawn(released.clone()));
    }
    while WAITING.load(Ordering::Relaxed) < EXECUTIONS {
        tokio::task::yield_now().await;
    }
    let bytes = (counters().0 - before) / EXECUTIONS;
    eprintln!("{bytes} bytes an idle execution");
    assert!(bytes <= 1_024, "{bytes} bytes an idle execution");
    release.send(true).unwrap();
    for execution in executions {
        execution.output().await.unwrap();
    }
}

#[derive(Clone, Event)]
#[event(answer = bool)]
struct Confirm(u64);

#[handler(emits = Confirm)]
async fn order(n: u64, cx: &Cx) {
    cx.emit(Confirm(n));
}

#[handler]
async fn confirmed(_: Answered<Confirm>) {}

/// All that is on the heap: the task of the execution, what the execution holds, and the `Asked`.
async fn an_execution_that_waits_for_an_answer_weighs_less_than_a_kibibyte() {
    const EXECUTIONS: usize = 1_000;

    let flow = flow! {
        streams Asked<Confirm>;
        start(u64) -> order;
        ask Confirm -> confirmed
    };
    let mut waiting = Vec::with_capacity(EXECUTIONS);
    let (before, _) = counters();
    for n in 0..EXECUTIONS {
        let mut execution = flow.spawn(n as u64);
        let asked = execution.items().next().await.unwrap().unwrap();
        waiting.push((execution, asked));
    }
    // Each has read its item; the last task may not have gone back to sleep.
    tokio::task::yield_now().await;
    let bytes = (counters().0 - before) / EXECUTIONS;
    eprintln!("{bytes} bytes an execution that waits for an answer");
    assert!(
        bytes <= 1_024,
        "{bytes} bytes an execution that waits for an answer"
    );
    for (execution, asked) in waiting {
        asked.answer(true).unwrap();
        execution.output().await.unwrap();
    }
}

#[derive(Event)]
struct Held;

#[handler]
async fn begin() {}

#[handler(on = Held)]
async fn hold(_held: Held, released: Res<watch::Receiver<bool>>) -> flow_core::Result<()> {
    HELD.fetch_add(1, Ordering::Relaxed);
    let mut released = watch::Receiver::clone(&released);
    released.wait_for(|released| *released).await?;
    HELD.fetch_sub(1, Ordering::Relaxed);
    Ok(())
}

static HELD: AtomicUsize = AtomicUsize::new(0);

async fn the_slots_of_handlers_are_given_back_once_nothing_runs() {
    const HANDLERS: usize = 1_000;

    let (release, released) = watch::channel(false);
    let flow = flow! {
        with watch::Receiver<bool>;
        external Held;
        start -> begin;
        when Held -> hold
    };
    let execution = flow.with(released).spawn(());
    tokio::task::yield_now().await;
    let (parked, _) = counters();
    for _ in 0..HANDLERS {
        execution.try_emit(Held).unwrap();
    }
    while HELD.load(Ordering::Relaxed) < HANDLERS {
        tokio::task::yield_now().await;
    }
    let busy = counters().0 - parked;
    release.send(true).unwrap();
    while HELD.load(Ordering::Relaxed) > 0 {
        tokio::task::yield_now().await;
    }
    tokio::task::yield_now().await;
    let left = counters().0 - parked;
    eprintln!("{busy} bytes of handlers that run, {left} of those that have returned");
    // The queues keep their room: that of an event is a fraction of that of a slot.
    assert!(left * 4 <= busy, "{left} bytes are left of {busy}");
    execution.output().await.unwrap();
}

/// The numbers of the handlers that return.
type Released = std::ops::Range<usize>;

#[handler(on = Held)]
async fn hold_one_of_many(begun: State<usize>, released: Res<watch::Receiver<Released>>) {
    let number = begun.with(|begun| {
        *begun += 1;
        *begun - 1
    });
    HELD.fetch_add(1, Ordering::Relaxed);
    let mut released = watch::Receiver::clone(&released);
    let returns = |released: &Released| released.contains(&number);
    released.wait_for(returns).await.unwrap();
    HELD.fetch_sub(1, Ordering::Relaxed);
}

async fn a_burst_leaves_little_while_one_of_its_handlers_runs() {
    const HANDLERS: usize = 1_000;

    let until_held = async |handlers| {
        while HELD.load(Ordering::Relaxed) != handlers {
            tokio::task::yield_now().await;
        }
        tokio::task::yield_now().await;
    };
    // All but the first, and all but the last.
    for most in [1..HANDLERS, 0..HANDLERS - 1] {
        let (release, released) = watch::channel(0..0);
        let flow = flow! {
            with watch::Receiver<Released>;
            state usize;
            external Held;
            start -> begin;
            when Held -> hold_one_of_many
        };
        let execution = flow.with(released).spawn(());
        tokio::task::yield_now().await;
        let (parked, _) = counters();
        let burst = async || {
            let missing = HANDLERS - HELD.load(Ordering::Relaxed);
            for _ in 0..missing {
                execution.try_emit(Held).unwrap();
            }
            until_held(HANDLERS).await;
            counters().0 - parked
        };
        let busy = burst().await;
        release.send(most.clone()).unwrap();
        until_held(1).await;
        let left = counters().0 - parked;
        eprintln!("{busy} bytes of a burst, {left} while one of its handlers runs");
        assert!(left * 3 <= busy, "{left} bytes are left of {busy}");
        release.send(0..0).unwrap();
        // What was given back is made again.
        burst().await;
        release.send(0..2 * HANDLERS).unwrap();
        until_held(0).await;
        execution.output().await.unwrap();
    }
}

#[derive(Event)]
struct Cancel;

#[derive(Event)]
struct Shipped;

#[handler(emits = Confirm)]
async fn again(Confirm(n): Confirm, cx: &Cx) {
    cx.emit(Confirm(n));
}

#[handler(on = Cancel)]
async fn cancel(cx: &Cx) {
    cx.stop();
}

#[handler(on = Shipped)]
async fn ship() {}

/// The order of a service: a question with a deadline, and two events that may come from outside.
async fn an_order_that_waits_with_a_deadline_weighs_less_than_a_third_more() {
    const EXECUTIONS: usize = 1_000;

    let flow = flow! {
        streams Asked<Confirm>;
        external Cancel;
        external Shipped;
        start(u64) -> order;
        ask Confirm within "3d" -> confirmed else -> again;
        when Cancel -> cancel;
        when Shipped -> ship
    };
    let mut waiting = Vec::with_capacity(EXECUTIONS);
    let (before, _) = counters();
    for n in 0..EXECUTIONS {
        let mut execution = flow.spawn(n as u64);
        let asked = execution.items().next().await.unwrap().unwrap();
        waiting.push((execution, asked));
    }
    tokio::task::yield_now().await;
    let bytes = (counters().0 - before) / EXECUTIONS;
    eprintln!("{bytes} bytes an order that waits");
    assert!(bytes <= 1_344, "{bytes} bytes an order that waits");
    for (execution, _asked) in waiting {
        execution.try_emit(Cancel).unwrap();
        execution.output().await.unwrap();
    }
}

/// The bytes of each of many executions that wait for their answers.
macro_rules! weigh {
    ($flow:expr) => {{
        const EXECUTIONS: usize = 1_000;
        let flow = $flow;
        let mut waiting = Vec::with_capacity(EXECUTIONS);
        let (before, _) = counters();
        for n in 0..EXECUTIONS {
            let mut execution = flow.spawn(n as u64);
            let asked = execution.items().next().await.unwrap().unwrap();
            waiting.push((execution, asked));
        }
        tokio::task::yield_now().await;
        let bytes = (counters().0 - before) / EXECUTIONS;
        for (execution, asked) in waiting {
            asked.answer(true).unwrap();
            execution.output().await.unwrap();
        }
        bytes
    }};
}

#[handler]
async fn remind(_: Confirm) {}

#[handler]
async fn confirm(n: u64) -> Confirm {
    Confirm(n)
}

async fn a_question_with_a_reminder_weighs_little_more_than_one_with_a_deadline() {
    let deadline = weigh!(flow! {
        streams Asked<Confirm>;
        start(u64) -> order;
        ask Confirm within "3d" -> confirmed
    });
    let reminder = weigh!(flow! {
        streams Asked<Confirm>;
        start(u64) -> order;
        ask Confirm every "1d" remind -> confirmed
    });
    let both = weigh!(flow! {
        streams Asked<Confirm>;
        start(u64) -> order;
        ask Confirm within "3d" every "1d" remind -> confirmed
    });
    eprintln!("{deadline} bytes with a deadline, {reminder} with a reminder, {both} with both");
    assert!(
        both <= deadline + 256,
        "{both} bytes, {deadline} without the reminder"
    );
}

async fn a_stage_that_asks_weighs_little_more_than_a_clause() {
    let clause = weigh!(flow! {
        streams Asked<Confirm>;
        start(u64) -> confirm -> emit;
        ask Confirm -> confirmed
    });
    let stage = weigh!(flow! {
        streams Asked<Confirm>;
        start(u64) -> confirm -> ask Confirm -> confirmed
    });
    let with_a_reminder = weigh!(flow! {
        streams Asked<Confirm>;
        start(u64) -> confirm -> ask Confirm within "3d" every "1d" remind -> confirmed
    });
    let in_an_arm = weigh!(flow! {
        streams Asked<Confirm>;
        start(u64) -> confirm -> match {
            Confirm(n) if n < 1_000_000 => confirm_again -> ask Confirm -> confirmed,
            _ => ignore,
        }
    });
    let beside_others = weigh!(flow! {
        streams Asked<Confirm>;
        start(u64) -> confirm -> (ask Confirm -> confirmed, confirmed_beside) -> ignore
    });
    eprintln!("{clause} bytes of a clause, {stage} of a stage, {with_a_reminder} with a reminder");
    eprintln!("{in_an_arm} bytes of a stage in an arm, {beside_others} beside others");
    // What the rest of the clause needs, and not a future, when the reply comes.
    for split in [stage, in_an_arm] {
        assert!(
            split <= clause + 128,
            "{split} bytes of a stage, {clause} of a clause"
        );
    }
    // The stage keeps its route, and the handle of its execution finds it by its number.
    assert!(
        beside_others <= clause + 1_024,
        "{beside_others} bytes of a stage, {clause} of a clause"
    );
}

#[handler]
async fn confirm_again(n: u64) -> Confirm {
    Confirm(n)
}

#[handler]
async fn confirmed_beside(_: Confirm) {}

#[derive(Event)]
struct Ordered(u64);

#[handler]
async fn confirm_order(Ordered(n): Ordered) -> Confirm {
    Confirm(n)
}

/// Many questions in one execution: each is data, without a future.
async fn a_question_at_the_end_of_a_route_weighs_little_more_than_its_handle() {
    const QUESTIONS: usize = 1_000;

    let flow = flow! {
        streams Asked<Confirm>;
        external Ordered;
        start -> begin;
        when Ordered -> confirm_order -> ask Confirm -> confirmed
    };
    let mut execution = flow.spawn(());
    let mut asked = Vec::with_capacity(QUESTIONS);
    let (before, _) = counters();
    for n in 0..QUESTIONS {
        execution.try_emit(Ordered(n as u64)).unwrap();
        asked.push(execution.items().next().await.unwrap().unwrap());
    }
    tokio::task::yield_now().await;
    let bytes = (counters().0 - before) / QUESTIONS;
    eprintln!("{bytes} bytes a question of an execution that asks a thousand");
    assert!(bytes <= 256, "{bytes} bytes a question");
    for asked in asked {
        asked.answer(true).unwrap();
    }
    execution.output().await.unwrap();
}

fn counters() -> (usize, usize) {
    (
        BYTES.load(Ordering::Relaxed),
        ALLOCATIONS.load(Ordering::Relaxed),
    )
}
