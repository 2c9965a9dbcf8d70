//! The time that an execution may take.

use std::future::{Future, poll_fn};
use std::pin::pin;
use std::task::{Context, Poll};
use std::time::Duration;

use futures::future::OptionFuture;
use tokio::time::sleep;

use crate::interpreter::failure::Failed;
use crate::interpreter::questions::time;
use crate::interpreter::{Execution, Over};

impl Execution<'_> {
    /// Ends the work when the `timeout` of the flow is over, before anything else goes on.
    pub(super) async fn in_total(&self, work: impl Future<Output = ()>) {
        let late = self.graph.timeout.map(Duration::from_millis).map(sleep);
        let (mut late, mut work) = (pin!(OptionFuture::from(late)), pin!(work));
        poll_fn(|cx: &mut Context<'_>| {
            if let Poll::Ready(Some(())) = late.as_mut().poll(cx) {
                let limit = time(self.graph.timeout.unwrap_or_default());
                self.end(Over::Failed(
                    Failed {
                        is_late: true,
                        ..vec![format!("the execution took longer than {limit}")].into()
                    },
                    false,
                ));
            }
            work.as_mut().poll(cx)
        })
        .await;
    }
}
