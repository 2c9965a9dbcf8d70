//! What comes from outside to an execution that is kept in a store.

use crate::engine::core::Core;
use crate::engine::ending::Ending;
use crate::engine::inside::Inside;
use crate::engine::limits::Origin;
use crate::error::FlowError;
use crate::macro_support::graph::{Entrance, Graph};
use crate::records::commit::Change;
use crate::records::key;
use crate::records::message::{Message, Refused};

impl<G: Graph> Core<G> {
    pub(crate) fn deliver_recorded(
        &self,
        inside: &Inside<G>,
        message: Message<'_>,
    ) -> Result<(), Refused> {
        match message {
            Message::Cancel => {
                inside.end(Ending::Failed(FlowError::cancelled()));
                Ok(())
            }
            Message::Answer { number, answer } => self.answer_recorded(inside, number, answer),
            Message::Event { name, event, key } => self.take_recorded(inside, name, event, key),
        }
    }

    /// Takes an event from outside, unless there was one with this key. It takes effect with the
    /// next commit.
    fn take_recorded(
        &self,
        inside: &Inside<G>,
        name: &str,
        event: &[u8],
        key: &str,
    ) -> Result<(), Refused> {
        let recording = inside.recording().ok_or(Refused::Ended)?;
        if recording.sent.borrow().contains(key) {
            return Ok(());
        }
        if self.is_ending() || inside.has_ended() {
            return Err(Refused::Ended);
        }
        let mut external = recording.codec().external.iter();
        let codec = external.find(|external| external.name == name);
        let codec = codec.ok_or(Refused::NoSuchEvent)?;
        let event = (codec.decode)(event);
        let event = event.map_err(|error| Refused::Unreadable(error.to_string()))?;
        let entrance = Entrance::<G>::find((*event).type_id()).ok_or(Refused::NoSuchEvent)?;
        recording.sent.borrow_mut().insert(key.to_owned());
        recording.write(Change::Put(key::sent(key), Vec::new()));
        (entrance.deliver)(event, &mut |activation| {
            // Recorded, and queued when that is durable.
            let _recorded = inside.record(Some(Origin::Elsewhere), activation);
        });
        Ok(())
    }
}
