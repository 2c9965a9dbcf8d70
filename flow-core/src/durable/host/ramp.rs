//! How many executions are loaded at a time after a start.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// At first, and at most.
const SIZES: (usize, usize) = (8, 256);

/// Few at first. With each that is loaded, one more may be. Those that are loaded already do not
/// count, so one that waits for another one does not keep it from being loaded.
#[derive(Clone)]
pub(super) struct Ramp(Arc<Inner>);

struct Inner {
    free: Arc<Semaphore>,
    size: AtomicUsize,
    is_careful: bool,
}

/// An execution is being loaded, or looked at.
pub(super) struct Loading {
    #[allow(dead_code, reason = "its drop lets the next one begin")]
    permit: OwnedSemaphorePermit,
    ramp: Ramp,
    /// Looks are not enough: see [`Start`](super::starts::Start).
    pub(super) is_careful: bool,
}

impl Ramp {
    pub(super) fn new(is_careful: bool) -> Self {
        let (size, _) = SIZES;
        Self(Arc::new(Inner {
            free: Arc::new(Semaphore::new(size)),
            size: AtomicUsize::new(size),
            is_careful,
        }))
    }

    /// Waits until one more may be loaded.
    pub(super) async fn next(&self) -> Option<Loading> {
        // It is never closed.
        let permit = Arc::clone(&self.0.free).acquire_owned().await.ok()?;
        Some(Loading {
            permit,
            ramp: self.clone(),
            is_careful: self.0.is_careful,
        })
    }

    /// Waits until all that have begun are loaded.
    pub(super) async fn done(&self) {
        let mut held = Vec::new();
        // It grows as they end.
        while held.len() < self.0.size.load(Ordering::Relaxed) {
            match Arc::clone(&self.0.free).acquire_owned().await {
                Ok(permit) => held.push(permit),
                // It is never closed.
                Err(_) => return,
            }
        }
    }
}

impl Drop for Loading {
    fn drop(&mut self) {
        let Inner { free, size, .. } = &*self.ramp.0;
        let (_, most) = SIZES;
        let grow = |size| (size < most).then_some(size + 1);
        let grown = size.fetch_update(Ordering::Relaxed, Ordering::Relaxed, grow);
        if grown.is_ok() {
            free.add_permits(1);
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

    use futures_util::FutureExt;

    use super::{Loading, Ramp, SIZES};

    /// Begins as many as may be.
    fn begin(ramp: &Ramp) -> Vec<Loading> {
        std::iter::from_fn(|| ramp.next().now_or_never().flatten()).collect()
    }

    #[test]
    fn with_each_that_is_loaded_one_more_may_be() {
        let (first, most) = SIZES;
        let ramp = Ramp::new(false);
        let mut sizes = Vec::new();
        for _ in 0..8 {
            let loading = begin(&ramp);
            sizes.push(loading.len());
        }
        assert_eq!(sizes, [8, 16, 32, 64, 128, 256, 256, 256]);
        assert_eq!((sizes[0], sizes[7]), (first, most));
        let mut loading = begin(&ramp);
        assert!(ramp.next().now_or_never().is_none());
        drop(loading.pop());
        assert!(ramp.next().now_or_never().is_some());
    }
}
