//! The time that an execution may take, in all and after its end is decided.

use std::future::{Future, poll_fn};
use std::pin::pin;
use std::task::{Context, Poll};

use futures::future::OptionFuture;

use crate::instants::pass;
use crate::interpreter::failure::Failed;
use crate::interpreter::idle::Idle;
use crate::interpreter::questions::time;
use crate::interpreter::{Execution, Over, lock};

impl Execution<'_> {
    /// Ends the work when the `timeout` of the flow is over, before anything else goes on, or its
    /// `drain` or its `idle_timeout`, after everything else.
    pub(super) async fn in_total(&self, work: impl Future<Output = ()>) {
        let pass = |limit| pass(self.outside.around.world, limit);
        let late = self.graph.timeout.map(pass);
        let (mut late, mut work) = (pin!(OptionFuture::from(late)), pin!(work));
        // From the decision of the end.
        let mut drain = None;
        let mut idle = self.graph.idle.map(Idle::new);
        poll_fn(|cx: &mut Context<'_>| {
            if let Poll::Ready(Some(())) = late.as_mut().poll(cx) {
                let limit = time(self.graph.timeout.unwrap_or_default());
                self.end_late(format!("the execution took longer than {limit}"));
            }
            let polled = work.as_mut().poll(cx);
            let is_decided = lock(&self.decided).is_some();
            if let Some(limit) = self.graph.drain
                && is_decided
                && polled.is_pending()
                && drain
                    .get_or_insert_with(|| Box::pin(pass(limit)))
                    .as_mut()
                    .poll(cx)
                    .is_ready()
            {
                let limit = time(limit);
                let message =
                    format!("the execution went on for longer than {limit} after its `end`");
                self.end_late(message);
                return work.as_mut().poll(cx);
            }
            if let Some(idle) = &mut idle
                && polled.is_pending()
                && self.is_idle(idle, cx)
            {
                return work.as_mut().poll(cx);
            }
            polled
        })
        .await;
    }

    fn end_late(&self, message: String) {
        let failed = Failed {
            is_late: true,
            ..vec![message].into()
        };
        self.end(Over::Failed(failed, false));
    }
}
