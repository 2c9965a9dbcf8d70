//! The conversation so far, shared by an `Llm` and the replies on their way.

use std::sync::{Arc, Mutex, PoisonError};

use serde::Serialize;

/// One message of the conversation, in the protocol's shape.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(super) struct Message {
    role: &'static str,
    content: String,
}

/// The messages of all turns that were completed.
#[derive(Clone, Debug, Default)]
pub(super) struct Conversation(Arc<Mutex<Vec<Message>>>);

impl Conversation {
    /// The messages to send for a new question.
    pub(super) fn with_question(&self, question: &str) -> Vec<Message> {
        let mut messages = self.lock().clone();
        messages.push(user(question));
        messages
    }

    /// A turn that begins with `question` and is not remembered yet.
    pub(super) fn turn(&self, question: &str) -> Turn {
        Turn {
            conversation: self.clone(),
            question: question.to_owned(),
            reply: String::new(),
        }
    }

    // A thread that panicked can have left no half-made entry here.
    fn lock(&self) -> std::sync::MutexGuard<'_, Vec<Message>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn user(question: &str) -> Message {
    Message {
        role: "user",
        content: question.to_owned(),
    }
}

/// A question and as much of its reply as has arrived.
#[derive(Debug)]
pub(super) struct Turn {
    conversation: Conversation,
    question: String,
    reply: String,
}

impl Turn {
    pub(super) fn push(&mut self, text: &str) {
        self.reply.push_str(text);
    }

    /// Adds the turn to the conversation. A turn dropped without this leaves
    /// no trace.
    pub(super) fn complete(&mut self) {
        // Both under one lock, so that turns that overlap never interleave.
        self.conversation.lock().extend([
            user(&std::mem::take(&mut self.question)),
            Message {
                role: "assistant",
                content: std::mem::take(&mut self.reply),
            },
        ]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_completed_turns_are_sent_again() {
        let conversation = Conversation::default();
        let mut dropped = conversation.turn("one?");
        dropped.push("half a rep");
        drop(dropped);
        let mut completed = conversation.turn("two?");
        completed.push("a ");
        completed.push("reply");
        completed.complete();

        let texts: Vec<_> = conversation
            .with_question("three?")
            .into_iter()
            .map(|message| (message.role, message.content))
            .collect();
        assert_eq!(
            texts,
            [
                ("user", "two?".to_owned()),
                ("assistant", "a reply".to_owned()),
                ("user", "three?".to_owned()),
            ]
        );
    }
}
