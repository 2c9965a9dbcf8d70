//! The attempts of a call, and the time that each may take.

use std::pin::pin;

use futures::future::{Either, select};

use crate::handlers::{Limits, is_worth_it};
use crate::instants::pass;
use crate::interpreter::Execution;
use crate::interpreter::data::Data;
use crate::interpreter::failure::{Failure, Stop};
use crate::interpreter::questions::time;

impl Execution<'_> {
    /// Calls the handler until it returns, fails for good, or has no attempts left.
    pub(super) async fn call(&self, handler: &str, data: &Data) -> Result<Data, Stop> {
        self.goes_on().await;
        let (limits, world) = (Limits::of(handler), self.outside.around.world);
        let mut number = 1;
        for pause in limits.pauses {
            match self.in_turn(handler, data, number).await {
                Err(Stop::Failed(failure)) if is_tried_again(limits, &failure) => {}
                result => return result,
            }
            pass(world, *pause).await;
            number += 1;
        }
        self.in_turn(handler, data, number).await
    }

    /// An attempt has its time from its permit on, and gives that back with its result.
    async fn in_turn(&self, handler: &str, data: &Data, number: u32) -> Result<Data, Stop> {
        let _turn = self.turn().await;
        self.in_time(handler, data, number).await
    }

    /// An attempt that takes too long is dropped, and has failed.
    async fn in_time(&self, handler: &str, data: &Data, number: u32) -> Result<Data, Stop> {
        let world = self.outside.around.world;
        let attempt = self.attempt(handler, data, number);
        let Some(limit) = Limits::of(handler).timeout else {
            return attempt.await;
        };
        match select(pin!(attempt), pin!(pass(world, limit))).await {
            Either::Left((result, _)) => result,
            Either::Right(_) => Err(Stop::Failed(Failure {
                late: Some(limit),
                ..Failure::of(
                    handler,
                    format!("`{handler}` took longer than {}", time(limit)),
                )
            })),
        }
    }
}

fn is_tried_again(limits: Limits, failure: &Failure) -> bool {
    !failure.panicked && (!limits.chooses || is_worth_it(&failure.told))
}
