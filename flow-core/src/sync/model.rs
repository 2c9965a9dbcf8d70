//! The same names, for a model checker.
#![allow(clippy::unwrap_used, reason = "a model fails by panicking")]

use std::future::Future;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::{Context, Poll, Waker};

use futures_util::task::ArcWake;

#[cfg(flow_model = "loom")]
pub(crate) use loom::sync::{Condvar, Mutex, MutexGuard, atomic};
#[cfg(flow_model = "loom")]
use loom::thread;
#[cfg(flow_model = "shuttle")]
pub(crate) use shuttle::sync::{Condvar, Mutex, MutexGuard, atomic};
#[cfg(flow_model = "shuttle")]
use shuttle::thread;

macro_rules! per_thread {
    ($(#[$attribute:meta])* $(lazy)? static $name:ident: $type:ty = $init:expr;) => {
        #[cfg(flow_model = "loom")]
        ::loom::thread_local! { $(#[$attribute])* static $name: $type = $init; }
        #[cfg(flow_model = "shuttle")]
        ::shuttle::thread_local! { $(#[$attribute])* static $name: $type = $init; }
    };
}
pub(crate) use per_thread;

/// As `futures_util`'s, which is not a part of the model.
#[derive(Default)]
pub(crate) struct AtomicWaker(Mutex<Option<Waker>>);

impl AtomicWaker {
    pub(crate) fn register(&self, waker: &Waker) {
        let before = self.0.lock().unwrap().replace(waker.clone());
        drop(before);
    }

    pub(crate) fn wake(&self) {
        let waker = self.0.lock().unwrap().take();
        if let Some(waker) = waker {
            waker.wake();
        }
    }
}

/// loom takes `SeqCst` for `AcqRel`. A change that changes nothing is in the order of the word's
/// changes, as the load is in C++.
pub(crate) fn load_seq_cst(word: &atomic::AtomicUsize) -> usize {
    word.fetch_or(0, atomic::Ordering::SeqCst)
}

/// As [`load_seq_cst`], of a flag that is set with [`set_seq_cst`].
pub(crate) fn is_set_seq_cst(flag: &atomic::AtomicBool) -> bool {
    flag.fetch_or(false, atomic::Ordering::SeqCst)
}

pub(crate) fn set_seq_cst(flag: &atomic::AtomicBool) {
    flag.swap(true, atomic::Ordering::SeqCst);
}

/// Shows the model each access, so that it finds two that are not ordered.
#[derive(Default)]
pub(crate) struct Watched(#[cfg(flow_model = "loom")] loom::cell::UnsafeCell<()>);

impl Watched {
    pub(crate) fn new() -> Self {
        Self::default()
    }

    pub(crate) fn access(&self) {
        #[cfg(flow_model = "loom")]
        self.0.with_mut(|_| ());
    }
}

/// A thread as a task.
pub(crate) struct JoinHandle<T>(Arc<Task<T>>);

struct Task<T> {
    result: Mutex<Option<T>>,
    waiter: AtomicWaker,
}

pub(crate) fn spawn<F>(future: F) -> JoinHandle<F::Output>
where
    F: Future<Output: Send> + Send + 'static,
{
    let task = Arc::new(Task {
        result: Mutex::new(None),
        waiter: AtomicWaker::default(),
    });
    let handle = JoinHandle(Arc::clone(&task));
    thread::spawn(move || {
        let result = block_on(future);
        *task.result.lock().unwrap() = Some(result);
        task.waiter.wake();
    });
    handle
}

impl<T> JoinHandle<T> {
    pub(crate) fn is_finished(&self) -> bool {
        self.0.result.lock().unwrap().is_some()
    }
}

/// A task is never cancelled.
impl<T> Future for JoinHandle<T> {
    type Output = Result<T, std::convert::Infallible>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        self.0.waiter.register(cx.waker());
        let result = self.0.result.lock().unwrap().take();
        result.map_or(Poll::Pending, |result| Poll::Ready(Ok(result)))
    }
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

fn block_on<F: Future>(future: F) -> F::Output {
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
