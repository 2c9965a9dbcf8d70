//! The checkers, and what the models run on: threads that a checker schedules.

use std::future::{Future, poll_fn};
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll, Waker};
use std::time::Instant;

use futures_core::Stream;
use futures_util::task::ArcWake;

#[cfg(feature = "loom")]
use loom::sync::{Condvar, Mutex, atomic::AtomicBool};
#[cfg(feature = "loom")]
pub(crate) use loom::thread;
#[cfg(not(feature = "loom"))]
use shuttle::sync::{Condvar, Mutex, atomic::AtomicBool};
#[cfg(not(feature = "loom"))]
pub(crate) use shuttle::thread;

/// All schedules with this many preemptions, those with fewer first, as far as the time goes.
#[cfg(feature = "loom")]
fn run(model: impl Fn() + Send + Sync + Clone + 'static) {
    let (bound, seconds) = (number("BOUND", 2), number("SECONDS", 20));
    for preemptions in 1..=bound {
        let mut loom = loom::model::Builder::new();
        loom.preemption_bound = Some(preemptions);
        loom.max_branches = 20_000;
        loom.checkpoint_interval = 1_000;
        let seconds = (seconds / bound) as u64;
        loom.max_duration = Some(std::time::Duration::from_secs(seconds));
        loom.check(model.clone());
    }
}

/// Random schedules: a third with few preemptions. The same seed gives the same ones.
#[cfg(not(feature = "loom"))]
fn run(model: impl Fn() + Send + Sync + Clone + 'static) {
    use shuttle::Runner;
    use shuttle::scheduler::{PctScheduler, RandomScheduler};
    let (runs, seed) = (number("RUNS", 1_000), number("SEED", 1) as u64);
    // Without a warning that it takes each ordering for `SeqCst`.
    let mut config = shuttle::Config::new();
    config.silence_warnings = true;
    let random = RandomScheduler::new_from_seed(seed, runs);
    Runner::new(random, config.clone()).run(model.clone());
    let few = PctScheduler::new_from_seed(seed, 3, runs / 2);
    Runner::new(few, config).run(model);
}

fn number(variable: &str, default: usize) -> usize {
    match std::env::var(variable) {
        Ok(text) => text.parse().unwrap(),
        Err(_) => default,
    }
}

/// Runs the model under many schedules, and prints how many.
pub(crate) fn check(name: &str, model: fn()) {
    let runs = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&runs);
    let begun = Instant::now();
    println!("{name}");
    run(move || {
        count.fetch_add(1, Ordering::Relaxed);
        model();
    });
    let runs = runs.load(Ordering::Relaxed);
    println!("    held in {runs} schedules, {:.1?}", begun.elapsed());
}

struct Parker {
    woken: Mutex<bool>,
    bell: Condvar,
}

impl ArcWake for Parker {
    fn wake_by_ref(this: &Arc<Self>) {
        *this.woken.lock().unwrap() = true;
        this.bell.notify_one();
    }
}

pub(crate) fn block_on<F: Future>(future: F) -> F::Output {
    let mut future = pin!(future);
    let parker = Arc::new(Parker {
        woken: Mutex::new(false),
        bell: Condvar::new(),
    });
    let waker = futures_util::task::waker(Arc::clone(&parker));
    loop {
        if let Poll::Ready(output) = future.as_mut().poll(&mut Context::from_waker(&waker)) {
            return output;
        }
        let mut woken = parker.woken.lock().unwrap();
        while !*woken {
            woken = parker.bell.wait(woken).unwrap();
        }
        *woken = false;
    }
}

pub(crate) fn next<S: Stream + Unpin>(stream: &mut S) -> Option<S::Item> {
    block_on(poll_fn(|cx| Pin::new(&mut *stream).poll_next(cx)))
}

pub(crate) fn all<S: Stream + Unpin>(mut stream: S) -> Vec<S::Item> {
    std::iter::from_fn(|| next(&mut stream)).collect()
}

/// Is set without any order.
#[derive(Default)]
pub(crate) struct Flag(AtomicBool);

impl Flag {
    pub(crate) fn set(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    pub(crate) fn is_set(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

/// Something to wait for.
#[derive(Clone, Default)]
pub(crate) struct Bell(Arc<Mutex<(bool, Option<Waker>)>>);

impl Bell {
    pub(crate) fn ring(&self) {
        let waker = {
            let mut state = self.0.lock().unwrap();
            state.0 = true;
            state.1.take()
        };
        if let Some(waker) = waker {
            waker.wake();
        }
    }

    pub(crate) async fn heard(&self) {
        poll_fn(|cx| {
            let mut state = self.0.lock().unwrap();
            if state.0 {
                return Poll::Ready(());
            }
            let before = state.1.replace(cx.waker().clone());
            drop(state);
            drop(before);
            Poll::Pending
        })
        .await;
    }
}
