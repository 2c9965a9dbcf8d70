//! The space of a stage that is a flow, among the rows of the execution around it.

use std::any::Any;
use std::pin::Pin;
use std::sync::Arc;

use crate::engine::core::Core;
use crate::engine::driver::Driver;
use crate::engine::driver::borrow::Work;
use crate::engine::driver::recorded::Recorded as _;
use crate::engine::inside::Inside;
use crate::engine::log::batches::Log;
use crate::engine::log::read::{Head, not_read};
use crate::engine::recording::hooks::not_recorded;
use crate::engine::recording::restore::first_rows;
use crate::error::FlowError;
use crate::handler::router::Router;
use crate::macro_support::durable::codec::CodecError;
use crate::macro_support::durable::path::Place;
use crate::macro_support::graph::{Graph, GraphCodec};
use crate::records::bytes::Bytes;
use crate::records::commit::Change;
use crate::records::rows::Rows;

/// Where a stage is recorded.
struct Space {
    log: Arc<Log>,
    /// What its keys begin with.
    begin: String,
    /// What was recorded before a crash.
    rows: Rows,
}

/// What the execution of a stage goes on with, or begins with; `None` without a store.
pub(crate) struct EnteredSpace<G: Graph>(Option<Entered<G>>);

struct Entered<G: Graph> {
    codec: &'static GraphCodec<G>,
    rows: Rows,
    log: Arc<Log>,
    space: String,
}

impl<G: Graph> EnteredSpace<G> {
    /// Enters the space that the router of a stage knows, with the input of the stage. `None` if
    /// the execution cannot go on with what is in its store.
    pub(crate) fn enter(router: &impl Router, input: G::Input) -> Option<(G::Input, Self)> {
        let space = router.take_space().and_then(|space| space.downcast().ok());
        let (Some(space), Some(codec)) = (space, G::CODEC) else {
            return Some((input, Self(None)));
        };
        let Space {
            log,
            begin: space,
            rows,
        } = *space;
        let begun = begin(codec, &log, &space, rows, input);
        match begun {
            Ok((input, rows)) => {
                let entered = Entered {
                    codec,
                    rows,
                    log,
                    space,
                };
                Some((input, Self(Some(entered))))
            }
            Err(error) => {
                log.refuse(error);
                None
            }
        }
    }

    /// Gives the execution, before it is polled, what was recorded. Returns whether it can go on.
    pub(crate) fn restore<W: Work<G>>(self, driver: Pin<&mut Driver<G, W>>) -> bool {
        let Some(entered) = self.0 else { return true };
        let log = Arc::clone(&entered.log);
        let within = (entered.log, entered.space);
        let restored = driver.restore(entered.codec, &entered.rows, within);
        restored.map_err(|error| log.refuse(error)).is_ok()
    }
}

/// The rows with which the stage begins or goes on, and its input.
fn begin<G: Graph>(
    codec: &'static GraphCodec<G>,
    log: &Log,
    space: &str,
    rows: Rows,
    input: G::Input,
) -> Result<(G::Input, Rows), FlowError> {
    let mut rows = rows;
    if rows.is_empty() {
        let first = first_rows::<G>(codec, input, log.clock.now()).map_err(not_read)?;
        for change in &first {
            log.write(change.clone().within(space));
        }
        rows.apply(first.into());
    }
    let Bytes(input) = Head::read(&rows)?.input;
    Ok(((codec.input.decode)(&input).map_err(not_read)?, rows))
}

impl<G: Graph> Core<G> {
    /// The space of the stage at this place of the clause in the current slot.
    pub(super) fn enter_stage(&self, place: &Place) -> Option<(Box<dyn Any + Send>, bool)> {
        let space = self.inside.with(|inside| {
            let recording = inside.recording()?;
            let stage = place.stage(recording.activation_in(inside.slot()));
            let rows = recording.take_space(&stage);
            let was_recorded = !rows.is_empty();
            let space: Box<dyn Any + Send> = Box::new(Space {
                log: Arc::clone(&recording.log),
                begin: recording.space.clone() + &stage,
                rows,
            });
            Some((space, was_recorded))
        });
        space.flatten()
    }

    /// Records the result of the stage, in place of all that was recorded in it.
    pub(super) fn leave_stage(
        &self,
        place: &Place,
        result: &dyn Fn() -> Result<Vec<u8>, CodecError>,
    ) {
        self.inside.with(|inside: &Inside<G>| {
            let recording = inside.recording()?;
            let activation = recording.activation_in(inside.slot());
            recording.note_written(inside.slot());
            match result() {
                Ok(result) => {
                    recording.write(Change::DeleteAll(place.stage(activation)));
                    recording.write(Change::Put(place.key(activation), result));
                }
                Err(error) => inside.end(not_recorded(error)),
            }
            Some(())
        });
    }
}

impl<G: Graph> Inside<G> {
    /// A question was given up with its execution.
    pub(crate) fn record_gone(&self, number: u64) {
        if let Some(recording) = self.recording() {
            let _asked = recording.log.lock().question_is_over(number);
        }
    }
}
