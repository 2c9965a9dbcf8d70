//! A timer that reports a runtime without a clock, where those of tokio panic.

use std::future::Future;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use pin_project::pin_project;
use tokio::runtime::Handle;
use tokio::time::{Instant, Sleep, sleep_until};

use crate::error::{BoxError, panic_message};
use crate::macro_support::drop::drop_payload;

/// Waits for a deadline, which can be moved.
#[pin_project]
pub(crate) struct Timer {
    deadline: Instant,
    /// Made at the first poll, in the runtime of the task that polls.
    #[pin]
    sleep: Option<Sleep>,
}

impl Timer {
    pub(crate) fn new(deadline: Instant) -> Self {
        Self {
            deadline,
            sleep: None,
        }
    }

    pub(crate) fn reset(self: Pin<&mut Self>, deadline: Instant) {
        *self.project().deadline = deadline;
    }

    /// Fails if there is no runtime with a clock. If that of the last poll is gone, another one is
    /// as good.
    pub(crate) fn poll(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Result<(), BoxError>> {
        let is_new = self.sleep.is_none();
        match ready!(self.as_mut().try_poll(cx)) {
            Err(_) if !is_new => self.try_poll(cx),
            result => Poll::Ready(result),
        }
    }

    fn try_poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        let (deadline, mut sleep) = {
            let this = self.project();
            (*this.deadline, this.sleep)
        };
        if sleep.is_none() && Handle::try_current().is_err() {
            const WHY: &str = "a `timeout`, an `idle_timeout`, a `retry`, an `every` or a \
                               question with `within` needs the clock of a tokio runtime: poll \
                               the execution inside one";
            return Poll::Ready(Err(WHY.into()));
        }
        // tokio panics without its time driver, or when its runtime is gone.
        let polled = catch_unwind(AssertUnwindSafe(|| {
            if sleep.is_none() {
                sleep.set(Some(sleep_until(deadline)));
            }
            let Some(mut sleep) = sleep.as_mut().as_pin_mut() else {
                return Poll::Pending;
            };
            if sleep.deadline() != deadline {
                sleep.as_mut().reset(deadline);
            }
            sleep.poll(cx)
        }));
        polled.map_or_else(
            |payload| {
                sleep.set(None);
                let why = panic_message(&*payload);
                drop_payload(payload);
                Poll::Ready(Err(why.into()))
            },
            |polled| polled.map(Ok),
        )
    }
}
