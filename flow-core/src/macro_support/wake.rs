//! Wakes tasks, even if a waker panics.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::task::Waker;

use crate::macro_support::drop::drop_payload;

/// Wakes all of them. If a waker panics, the panic goes on when the others are woken: a task that
/// is not woken would wait for ever.
pub(crate) fn wake_each(wakers: impl IntoIterator<Item = Waker>) {
    let mut rest = Rest(wakers.into_iter());
    for waker in &mut rest.0 {
        waker.wake();
    }
}

/// The wakers that are left. Dropped early only by a panic.
struct Rest<I: Iterator<Item = Waker>>(I);

impl<I: Iterator<Item = Waker>> Drop for Rest<I> {
    fn drop(&mut self) {
        for waker in &mut self.0 {
            if let Err(payload) = catch_unwind(AssertUnwindSafe(|| waker.wake())) {
                // The first panic is the one that goes on.
                drop_payload(payload);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::panic::{AssertUnwindSafe, catch_unwind};
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::task::{Wake, Waker};

    use super::wake_each;

    struct Panics;

    impl Wake for Panics {
        fn wake(self: Arc<Self>) {
            panic!("a waker of a test panics");
        }
    }

    #[derive(Default)]
    struct Counts(AtomicUsize);

    impl Wake for Counts {
        fn wake(self: Arc<Self>) {
            self.0.fetch_add(1, Ordering::SeqCst);
        }
    }

    #[test]
    fn all_are_woken_however_many_panic_and_the_first_panic_goes_on() {
        let counts = Arc::new(Counts::default());
        let count = || Waker::from(Arc::clone(&counts));
        let panic = || Waker::from(Arc::new(Panics));
        wake_each([count(), count()]);
        assert_eq!(counts.0.load(Ordering::SeqCst), 2);

        let wakers = [count(), panic(), count(), panic(), panic(), count()];
        let panicked = catch_unwind(AssertUnwindSafe(|| wake_each(wakers)));
        let payload = panicked.unwrap_err();
        assert_eq!(
            payload.downcast_ref::<&str>(),
            Some(&"a waker of a test panics")
        );
        assert_eq!(counts.0.load(Ordering::SeqCst), 5);
    }
}
